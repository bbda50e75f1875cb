#!/bin/sh
# Install the .deb on a Debian as bare as it can be, use it as a plain user, and take it out again.
#   sudo try-deb.sh [PACKAGE]    another file than the newest dist/*.deb
# SUITE and MIRROR choose the Debian (bookworm, debootstrap's own mirror); KEEP=1 keeps it. Needs
# debootstrap, Xvfb and xwininfo here, 6 GB below TMPDIR (/var/tmp), and the mirror.
set -eu
cd "$(dirname "$0")/../.."
package=$(realpath "${1:-$(ls -t dist/*.deb | head -n 1)}")
SUITE=${SUITE:-bookworm}
work=$(mktemp -d "${TMPDIR:-/var/tmp}/try-deb.XXXXXX")
root=$work/root
home="/home/thu/Ảnh của tôi"
screen=

for tool in debootstrap Xvfb xwininfo xprop; do
    command -v $tool >/dev/null || { echo "Please install what has '$tool'." >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo "Please run this as root: it makes a system of its own." >&2; exit 1; }

finish() {
    [ -z "$screen" ] || kill "$screen" 2>/dev/null || true
    for mounted in tmp/.X11-unix dev/shm proc; do
        umount -l "$root/$mounted" 2>/dev/null || true
    done
    if grep -q " $root/" /proc/mounts; then  # what lies there is not ours to delete
        echo "Something is still mounted below $root; it was left there." >&2
        return
    fi
    [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

step() { echo; echo "== $*"; }
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive "$@"; }
# A plain user with an empty home and nothing of ours in the environment.
as_user() { inside setpriv --reuid thu --regid thu --init-groups \
    env HOME=/home/thu XDG_RUNTIME_DIR=/run/thu "$@"; }
# The window in the background: VARIABLE=VALUE of Qt, then what it is opened with.
open_window() {
    as_user "$1" sh -c 'echo $$ >/run/thu/pid; shift
        exec env --default-signal=INT anhoi "$@"' sh "$@" >"$work/window.log" 2>&1 &
    window=$!
}
close_window() {
    kill -INT "$(cat "$root/run/thu/pid")"
    wait "$window" || { cat "$work/window.log" >&2; exit 1; }
    cat "$work/window.log"
}
# What is there, without what changes by itself.
files() {
    (cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./tmp -o -path ./home \
        -o -path ./run -o -path './var/cache/*' -o -path './var/lib/apt/*' \
        -o -path './var/lib/dpkg/*' -o -path './var/log/*' \) -prune -o -print | sort)
}
wait_for() {  # SECONDS COMMAND...
    left=$1; shift
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ $left -gt 0 ] || { echo "This did not come true: $*" >&2; exit 1; }
        sleep 1
    done
}
indexed() { as_user anhoi search --json "một bức ảnh" 2>/dev/null | grep -q "$1"; }

step "A bare $SUITE"
debootstrap --variant=minbase "$SUITE" "$root" ${MIRROR:-} >"$work/debootstrap.log" 2>&1 ||
    { tail -n 20 "$work/debootstrap.log" >&2; exit 1; }
mount -t proc proc "$root/proc"
mkdir -p "$root/dev/shm"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
inside useradd --create-home --shell /bin/sh thu
install -d -m 700 -o 1000 -g 1000 "$root/run/thu"
as_user mkdir -p "$home"
cp resources/screenshots/*.png "$root$home/"
cp "$package" "$root/tmp/anhoi.deb"
inside apt-get update -qq
echo "$(inside dpkg-query -W | wc -l) packages, $(du -xsm "$root" | cut -f1) MB"

step "apt-get install ./anhoi.deb"
inside apt-get install -y -qq /tmp/anhoi.deb >"$work/install.log" 2>&1 ||
    { tail -n 30 "$work/install.log" >&2; exit 1; }
inside dpkg-query -W -f='${Package} ${Version} ${Status}, ${Installed-Size} KiB\n' anhoi
echo "$(inside dpkg-query -W | wc -l) packages, $(du -xsm "$root" | cut -f1) MB"
inside sh -c 'cd / && md5sum --quiet -c /var/lib/dpkg/info/anhoi.md5sums' && echo "md5sums agree"
ldd_missing=$(inside sh -c 'find /usr/lib/anhoi -name "*.so*" -type f -exec \
    env LD_LIBRARY_PATH=/usr/lib/anhoi/_internal ldd {} + 2>/dev/null' |
    awk '/not found/ { print $1 }' | sort -u | tr '\n' ' ')
echo "Not found by any library inside: ${ldd_missing:-nothing}"

step "anhoi --help, as a plain user with an empty home"
as_user anhoi --help | head -n 5
step "anhoi doctor"
as_user anhoi doctor
step "anhoi demo"
as_user anhoi demo

step "The window without a screen takes a folder and embeds its photos"
open_window QT_QPA_PLATFORM=offscreen "$home"
wait_for 120 indexed welcome.png
close_window
echo "opened, indexed, ended with 0"

step "The window under X (platform xcb)"
number=77
Xvfb ":$number" -screen 0 1280x800x24 -nolisten tcp >/dev/null 2>&1 &
screen=$!
wait_for 20 test -e "/tmp/.X11-unix/X$number"
mkdir -p "$root/tmp/.X11-unix"
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
open_window DISPLAY=":$number"
wait_for 60 sh -c "DISPLAY=:$number xwininfo -root -tree | grep -q 'Ảnh Ơi'"
DISPLAY=:$number xwininfo -root -tree | grep 'Ảnh Ơi' | sed 's/^ *//' | head -n 2
sleep 10  # for the photos to be painted
if command -v import >/dev/null; then
    DISPLAY=:$number import -window root "${SHOT:-$work/window.png}"
fi
close_window
echo "opened, ended with 0"

step "apt-get purge leaves the user's data and nothing else"
inside dpkg -L anhoi | sed 's/^/./' | sort >"$work/owned"
inside apt-get purge -y -qq anhoi >"$work/purge.log" 2>&1 || { cat "$work/purge.log"; exit 1; }
files >"$work/after"
left=$(grep -xF -f "$work/owned" "$work/after" | (cd "$root" && while read -r path; do
    [ -d "$path" ] || echo "$path"; done))
[ -z "$left" ] || { echo "Left behind: $left" >&2; exit 1; }
! grep -i anhoi "$work/after" || { echo "These are left behind." >&2; exit 1; }
echo "Nothing outside the home. In it:"
(cd "$root/home/thu" && find . -type f | sort | head -n 20)
ls "$root$home" | wc -l | sed 's/$/ photos as before/'
