#!/bin/sh
# Sign programs for Windows with the certificate in $CERTIFICATE (PKCS #12, in base64), whose
# password is in $CERTIFICATE_PASSWORD.
#   sign.sh FILE...
# Runs in the shell of Git for Windows, where the Windows SDK is installed.
set -eu
key=$(mktemp)
trap 'rm -f "$key"' EXIT
printf '%s' "$CERTIFICATE" | base64 --decode >"$key"
sdk="/c/Program Files (x86)/Windows Kits/10/bin"
tool=$(find "$sdk" -path '*/x64/signtool.exe' | sort | tail -n 1)
[ -n "$tool" ] || { echo "There is no signtool.exe below $sdk." >&2; exit 1; }
export MSYS2_ARG_CONV_EXCL="*"
"$tool" sign /f "$(cygpath -w "$key")" /p "$CERTIFICATE_PASSWORD" /fd SHA256 \
    /tr http://timestamp.digicert.com /td SHA256 "$@"
