#!/bin/sh
# Put the certificate in $CERTIFICATE (PKCS #12, in base64; password in $CERTIFICATE_PASSWORD)
# into a keychain of its own, and tell the next steps of the workflow what build-dmg.sh wants.
set -eu
folder=${RUNNER_TEMP:?this is for the workflow}
keychain=$folder/anhoi.keychain-db
password=$(uuidgen)
umask 077
printf '%s' "$CERTIFICATE" | base64 --decode >"$folder/certificate.p12"
security create-keychain -p "$password" "$keychain"
security set-keychain-settings -lut 7200 "$keychain"
security unlock-keychain -p "$password" "$keychain"
security import "$folder/certificate.p12" -k "$keychain" -P "$CERTIFICATE_PASSWORD" -T /usr/bin/codesign
security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
rm -f "$folder/certificate.p12"
identity=$(security find-identity -v -p codesigning "$keychain" | awk -F '"' 'NR == 1 { print $2 }')
[ -n "$identity" ] || { echo "The certificate is none for signing programs." >&2; exit 1; }
echo "IDENTITY=$identity" >>"$GITHUB_ENV"
if [ -n "${NOTARY_KEY_TEXT:-}" ]; then
    printf '%s' "$NOTARY_KEY_TEXT" >"$folder/notary.p8"
    echo "NOTARY_KEY=$folder/notary.p8" >>"$GITHUB_ENV"
fi
