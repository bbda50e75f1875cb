#!/bin/sh
# Make .venv with the locked versions, the translations of the window, and see to the system
# libraries that Qt needs.
set -eu
cd "$(dirname "$0")/.."

PYTHON=${PYTHON:-python3}
QT_LIBRARIES="libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0
    libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
    libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1
    libgssapi-krb5-2 libbrotli1 libzstd1"

if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Ảnh Ơi needs Python 3.11 or newer as '$PYTHON'." >&2
    exit 1
fi

# Install Debian packages as root; otherwise say what to type, and fail.
apt_install() {
    command -v apt-get >/dev/null || return 0
    if [ "$(id -u)" = 0 ]; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
    else
        echo "Please run: sudo apt-get install -y $*" >&2
        return 1
    fi
}

if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
    apt_install python3-venv
fi
if command -v dpkg-query >/dev/null; then
    # shellcheck disable=SC2086  # a list of names
    missing=$(for name in $QT_LIBRARIES; do
        # Newer systems have some of them under a name that ends in t64.
        dpkg-query -W -f='${Status}\n' "$name" "${name}t64" 2>/dev/null |
            grep -q 'ok installed' || echo "$name"
    done)
    # shellcheck disable=SC2086
    [ -z "$missing" ] || apt_install $missing || true  # only the window needs them
fi

.venv/bin/python -m pip --version >/dev/null 2>&1 || "$PYTHON" -m venv --clear .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r packaging/requirements.lock
sh packaging/translations.sh
