"""What macOS is told of the program, beside what PyInstaller tells it by itself."""

from typing import Any

BUNDLE_IDENTIFIER = "vn.anhoi.anhoi"
PHOTO_TYPES = (
    "public.jpeg",
    "public.png",
    "public.heic",
    "public.heif",
    "public.avif",
    "public.tiff",
    "com.microsoft.bmp",
    "com.compuserve.gif",
    "org.webmproject.webp",
)
_FOLDERS = (
    "Ảnh Ơi tìm ảnh trong những thư mục bạn chọn. / "
    "Ảnh Ơi finds the photos in the folders that you choose."
)


def info_plist(version: str) -> dict[str, Any]:
    """Info.plist for a version of the program."""
    return {
        "CFBundleName": "Ảnh Ơi",
        "CFBundleDisplayName": "Ảnh Ơi",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleDevelopmentRegion": "vi",
        "CFBundleLocalizations": ["vi", "en"],
        "LSMinimumSystemVersion": "13.0",  # of the locked Qt and torch
        "LSApplicationCategoryType": "public.app-category.photography",
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,  # dark where the system is
        # macOS asks the user with these sentences before it opens such a folder.
        "NSDesktopFolderUsageDescription": _FOLDERS,
        "NSDocumentsFolderUsageDescription": _FOLDERS,
        "NSDownloadsFolderUsageDescription": _FOLDERS,
        "NSRemovableVolumesUsageDescription": _FOLDERS,
        "NSNetworkVolumesUsageDescription": _FOLDERS,
        "CFBundleDocumentTypes": [
            _opened("Ảnh", PHOTO_TYPES),
            _opened("Thư mục", ("public.folder",)),
        ],
    }


def _opened(name: str, types: tuple[str, ...]) -> dict[str, Any]:
    return {
        "CFBundleTypeName": name,
        "CFBundleTypeRole": "Viewer",
        "LSHandlerRank": "Alternate",  # offered under "Open with", never taken over
        "LSItemContentTypes": list(types),
    }
