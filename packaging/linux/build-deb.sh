#!/bin/sh
# Make dist/anhoi_VERSION_ARCHITECTURE.deb of what `make package` has built.
#   build-deb.sh [FOLDER [DESTINATION]]    of another folder than dist/anhoi, elsewhere than dist
# It needs dpkg-dev, and installs on systems whose C library is as new as this one's, or newer.
set -eu
cd "$(dirname "$0")/../.."
folder=${1:-dist/anhoi}
destination=${2:-dist}
MAINTAINER=${MAINTAINER:-Ảnh Ơi <noreply@anhoi.invalid>}
HERE=packaging/linux

[ -x "$folder/anhoi" ] || { echo "There is no $folder/anhoi; 'make package' builds it." >&2; exit 1; }
command -v dpkg-shlibdeps >/dev/null ||
    { echo "Please run: sudo apt-get install -y dpkg-dev" >&2; exit 1; }

version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
sh $HERE/stage.sh "$root" "$folder"

# The packages that the program's own libraries need of the system, with their oldest versions.
# What lies inside is left out: it is found there first.
system_packages() {
    inside=$root/usr/lib/anhoi
    find "$inside" -type f \( -name '*.so*' -o -path '*/bin/*' -o -name anhoi \) \
        -exec sh -c 'head -c 4 "$1" | grep -q ELF && echo "$1"' _ {} \; >"$work/programs"
    find "$inside" -name '*.so*' -printf '%f\n' | sort -u >"$work/names"
    xargs -d '\n' objdump -p <"$work/programs" | awk '$1 == "NEEDED" { print $2 }' | sort -u |
        grep -vxF -f "$work/names" | sed 's|^|*/|' >"$work/needed"
    xargs dpkg-query --search <"$work/needed" | sed 's/:.*//' | sort -u >"$work/packages"
    mkdir -p "$work/debian"
    printf 'Source: anhoi\n\nPackage: anhoi\nArchitecture: any\n' >"$work/debian/control"
    find "$inside" -name '*.so*' -printf '-l%h\n' | sort -u >"$work/options"
    sed 's/^/-e/' "$work/programs" >>"$work/options"
    (cd "$work" && xargs -d '\n' dpkg-shlibdeps -O --ignore-missing-info <options 2>log) |
        sed -n 's/^shlibs:Depends=//p' | sed 's/, /\n/g' |
        awk 'NR == FNR { wanted[$1]; next } $1 in wanted' "$work/packages" - |
        paste -s -d , | sed 's/,/, /g'
}
depends=$(system_packages)
if [ -z "$depends" ]; then
    echo "What the program needs of the system cannot be told:" >&2
    grep error "$work/log" >&2
    exit 1
fi
case $depends in
    *"libc6 (<<"*)
        echo "A part of the C library lies inside; the program would start with this one only:" >&2
        xargs -d '\n' objdump -p <"$work/programs" |
            awk '/file format/ { sub(/:$/, "", $1); program = $1 } /GLIBC_PRIVATE/ { print program }' |
            sed "s|$root||" >&2
        exit 1 ;;
esac

documents=$root/usr/share/doc/anhoi
mkdir -p "$root/DEBIAN" "$documents" "$root/usr/share/lintian/overrides"
cp $HERE/copyright "$documents/copyright"
cp $HERE/lintian-overrides "$root/usr/share/lintian/overrides/anhoi"
when=$(date -u -R -r "$root/usr/bin")
printf 'anhoi (%s) stable; urgency=medium\n\n  * CHANGELOG.md of the sources tells what is new.\n\n -- %s  %s\n' \
    "$version" "$MAINTAINER" "$when" | gzip -9n >"$documents/changelog.gz"

installed=$(du -k -s --apparent-size "$root/usr" | cut -f1)
cat >"$root/DEBIAN/control" <<CONTROL
Package: anhoi
Version: $version
Architecture: $architecture
Maintainer: $MAINTAINER
Installed-Size: $installed
Depends: $depends
Recommends: fonts-dejavu-core | fonts-noto-core, xdg-utils
Section: graphics
Priority: optional
Description: find the photos on your own disk from a Vietnamese sentence
 Drop a folder on the window and type what a photo shows: results appear while
 you type. Ảnh Ơi looks at your photos with two models, fuses their scores and
 watches your folders from then on. Nothing leaves your machine.
 .
 The program comes with its own Python, Qt and torch.
CONTROL
# Caches of menus and icons are renewed by triggers of the packages that keep them.
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
chmod -R go-w "$root/DEBIAN" "$root/usr/share"
find "$root/DEBIAN" "$root/usr/share" -type f -exec chmod 644 {} +

package=$destination/anhoi_${version}_$architecture.deb
mkdir -p "$destination"
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
ls -l "$package" | awk '{print $9 ": " $5 " bytes"}'
dpkg-deb --field "$package" Installed-Size Depends
