#!/bin/sh
# Build the program with its own Python into dist/anhoi, try it, and tell how large it is.
# CUDA=1 takes in a torch for NVIDIA's graphics cards.
set -eu
cd "$(dirname "$0")/.."

PYTHON=.venv/bin/python
LINUX=$([ "$(uname)" = Linux ] && echo yes || true)

if [ "$LINUX" ] && ! command -v objcopy >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq binutils >/dev/null
    else
        echo "Please run: sudo apt-get install -y binutils" >&2
        exit 1
    fi
fi

# PyPI's torch for Linux brings some GB for NVIDIA's cards; PyTorch's own index has one without.
if [ "$LINUX" ] && [ -z "${CUDA:-}" ]; then
    set -- $("$PYTHON" -c '
from importlib.metadata import version
import torch
names = ("torch", "torchvision") if torch.version.cuda else ()
print(*(f"{name}=={version(name)}" for name in names))')
    [ $# = 0 ] || echo "Putting a torch without CUDA into .venv; CUDA=1 keeps the one there." >&2
    [ $# = 0 ] || "$PYTHON" -m pip install --quiet --force-reinstall --no-deps \
        --index-url https://download.pytorch.org/whl/cpu "$@"
fi

PYTHONWARNINGS=ignore nice -n 5 "$PYTHON" -m PyInstaller --noconfirm --log-level ERROR \
    --workpath build/package --distpath dist packaging/anhoi.spec
if [ "$LINUX" ]; then
    # Some builds of Python carry what only a debugger reads.
    find dist/anhoi/_internal -path '*/lib-dynload/*.so' -o -name 'libpython*.so*' |
        xargs strip --strip-debug
fi
"$PYTHON" packaging/notices.py dist/anhoi
"$PYTHON" packaging/sbom.py dist/anhoi
QT_QPA_PLATFORM=offscreen "$PYTHON" -m pytest -q tests/packaging
"$PYTHON" packaging/bundle.py dist/anhoi
