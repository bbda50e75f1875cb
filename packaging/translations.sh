#!/bin/sh
# The translations of the window.
#   translations.sh                    compile them
#   translations.sh update             take in first what the sources of the window say now
#   translations.sh COMMAND [FOLDER]   "compile" or "update" in another folder than our own
# Both tools come with PySide6; they need what the window needs of the system, and no screen.
set -eu
here=$PWD
cd "$(dirname "$0")/.."

TRANSLATIONS=resources/translations
case ${2:-} in
    '') folder=$TRANSLATIONS ;;
    /*) folder=$2 ;;
    *) folder=$here/$2 ;;
esac

update() {
    # English is the language of the sources; there, only what a number decides is to be said.
    sources=$(find gui -name '*.py' | LC_ALL=C sort)
    # shellcheck disable=SC2086  # a list of names
    .venv/bin/pyside6-lupdate -silent -locations none -no-obsolete $sources \
        -source-language en -target-language vi -ts "$folder/anhoi_vi.ts"
    # shellcheck disable=SC2086
    .venv/bin/pyside6-lupdate -silent -locations none -no-obsolete -pluralonly $sources \
        -source-language en -target-language en -ts "$folder/anhoi_en.ts"
}

compile() {
    # Qt comes without Vietnamese: qtbase_vi.ts has its words for buttons and menus.
    .venv/bin/pyside6-lrelease -silent "$TRANSLATIONS/anhoi_vi.ts" "$TRANSLATIONS/qtbase_vi.ts" \
        -qm "$folder/anhoi_vi.qm"
    .venv/bin/pyside6-lrelease -silent "$TRANSLATIONS/anhoi_en.ts" -qm "$folder/anhoi_en.qm"
}

case ${1:-compile} in
    update) update ;;
    compile) compile ;;
    *) echo "No such command: $1" >&2; exit 2 ;;
esac
