#!/bin/sh
# Make dist/anhoi-VERSION-ARCHITECTURE.dmg of "dist/Ảnh Ơi.app", which `make package` has built.
# On macOS only. It signs with the certificate that IDENTITY names (ad hoc without one: the user
# then has to allow the program in System Settings), and has Apple look at the result where
# NOTARY_KEY (a file), NOTARY_KEY_ID and NOTARY_ISSUER are set.
set -eu
cd "$(dirname "$0")/../.."
APP="dist/Ảnh Ơi.app"
HERE=packaging/macos
IDENTITY=${IDENTITY:--}

[ "$(uname -s)" = Darwin ] || { echo "A disk image for macOS is made on macOS." >&2; exit 1; }
[ -d "$APP" ] || { echo "There is no $APP; 'make package' builds it." >&2; exit 1; }

# Before signing: what is added later breaks the seal.
cp dist/anhoi/THIRD-PARTY-NOTICES.txt dist/anhoi/LICENSE dist/anhoi/sbom.cdx.json \
    "$APP/Contents/Resources/"

timestamp=--timestamp
[ "$IDENTITY" != - ] || timestamp=--timestamp=none
# From the inside out: the libraries first, then the program around them.
find "$APP/Contents" -type f \( -name '*.dylib' -o -name '*.so' -o -perm -u+x \) -print0 |
    xargs -0 codesign --force $timestamp --options runtime --sign "$IDENTITY"
codesign --force $timestamp --options runtime --entitlements $HERE/entitlements.plist \
    --sign "$IDENTITY" "$APP"
codesign --verify --strict "$APP"

version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
image=dist/anhoi-$version-$(uname -m).dmg
staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
cp -R "$APP" "$staging/"
ln -s /Applications "$staging/Applications"
rm -f "$image"
hdiutil create -volname "Ảnh Ơi" -srcfolder "$staging" -format UDZO "$image"

if [ -n "${NOTARY_KEY:-}" ]; then
    codesign --force --timestamp --sign "$IDENTITY" "$image"
    xcrun notarytool submit "$image" --wait \
        --key "$NOTARY_KEY" --key-id "$NOTARY_KEY_ID" --issuer "$NOTARY_ISSUER"
    xcrun stapler staple "$image"
else
    echo "Not notarised: NOTARY_KEY is not set."
fi
