"""What Windows shows of the program's file under Properties."""

from pathlib import Path

TEMPLATE = """\
VSVersionInfo(
    ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0, OS=0x40004,
                      fileType=0x1, subtype=0x0, date=(0, 0)),
    kids=[
        StringFileInfo([StringTable('040904B0', [
            StringStruct('CompanyName', 'Ảnh Ơi'),
            StringStruct('FileDescription', 'Ảnh Ơi'),
            StringStruct('FileVersion', '{version}'),
            StringStruct('InternalName', '{name}'),
            StringStruct('LegalCopyright', 'Apache-2.0'),
            StringStruct('OriginalFilename', '{name}.exe'),
            StringStruct('ProductName', 'Ảnh Ơi'),
            StringStruct('ProductVersion', '{version}'),
        ])]),
        VarFileInfo([VarStruct('Translation', [0x409, 1200])]),
    ],
)
"""


def made(folder: Path, name: str, version: str) -> str:
    """Write the text that PyInstaller's EXE takes as `version`; returns its path."""
    parts = [int(part) for part in version.split(".")]
    numbers = tuple([*parts, 0, 0, 0, 0][:4])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-version.txt"
    path.write_text(TEMPLATE.format(numbers=numbers, name=name, version=version), "utf-8")
    return str(path)
