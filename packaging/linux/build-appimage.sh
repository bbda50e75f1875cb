#!/bin/sh
# Make dist/anhoi-VERSION-ARCHITECTURE.AppImage of what `make package` has built.
#   build-appimage.sh [FOLDER [APPDIR]]    of another folder than dist/anhoi
# APPDIR (build/AppDir) is what goes into it; the AppRun there starts it as it is. appimagetool makes the
# file out of it, from a runtime that it fetches, or that RUNTIME names.
set -eu
cd "$(dirname "$0")/../.."
folder=${1:-dist/anhoi}
appdir=${2:-build/AppDir}
HERE=packaging/linux

[ -x "$folder/anhoi" ] || { echo "There is no $folder/anhoi; 'make package' builds it." >&2; exit 1; }
rm -rf "$appdir"
sh $HERE/stage.sh "$appdir" "$folder"
cp $HERE/AppRun "$appdir/AppRun"
chmod 755 "$appdir/AppRun"
cp "$appdir/usr/share/applications/anhoi.desktop" "$appdir/anhoi.desktop"
cp "$appdir/usr/share/icons/hicolor/256x256/apps/anhoi.png" "$appdir/anhoi.png"
ln -sf anhoi.png "$appdir/.DirIcon"
# This name is what the tools for AppImages look for.
ln -sf vn.anhoi.anhoi.metainfo.xml "$appdir/usr/share/metainfo/anhoi.appdata.xml"

if ! command -v appimagetool >/dev/null; then
    echo "$appdir is ready: $appdir/AppRun starts the program." >&2
    echo "For the single file, put 'appimagetool' on the PATH; it is published by the project" >&2
    echo "AppImage on GitHub (AppImage/appimagetool), for each architecture one program." >&2
    exit 1
fi
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
ARCH=$(uname -m)
export ARCH
appimagetool ${RUNTIME:+--runtime-file "$RUNTIME"} "$appdir" "dist/anhoi-$version-$ARCH.AppImage"
