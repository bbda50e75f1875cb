#!/bin/sh
# Lay the built program out as it is installed, with all that a desktop wants of it.
#   stage.sh ROOT FOLDER    the program in FOLDER (such as dist/anhoi) below ROOT/usr
set -eu
root=$1
folder=$(cd "$2" && pwd)
cd "$(dirname "$0")/../.."
PYTHON=${PYTHON:-.venv/bin/python}
HERE=packaging/linux

version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
# Of the last commit, so that the same sources make the same package.
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
day=$(date -u -d "@$epoch" +%F)

# Put a text where it belongs, with the version and the day in it.
put() {
    mkdir -p "$(dirname "$2")"
    sed "s/@VERSION@/$version/; s/@DATE@/$day/" "$1" >"$2"
}

share=$root/usr/share
mkdir -p "$root/usr/bin" "$root/usr/lib" "$share/metainfo"
cp -a --reflink=auto "$folder" "$root/usr/lib/anhoi"
ln -s ../lib/anhoi/anhoi "$root/usr/bin/anhoi"
put $HERE/anhoi.desktop "$share/applications/anhoi.desktop"
put $HERE/vn.anhoi.anhoi.metainfo.xml "$share/metainfo/vn.anhoi.anhoi.metainfo.xml"
put $HERE/anhoi.1 "$share/man/man1/anhoi.1"
gzip -9n "$share/man/man1/anhoi.1"
"$PYTHON" packaging/icons.py "$share/icons/hicolor"

# Libraries are read, not started; what the program starts itself keeps its bit.
find "$root" -type d -exec chmod 755 {} +
find "$root/usr/lib/anhoi/_internal" -type f ! -path '*/bin/*' -exec chmod 644 {} +
find "$root" -exec touch -h -d "@$epoch" {} +
