#!/usr/bin/env bash
# NEVER RUN: no Mac has run this yet. Written from Apple's documentation, so expect a first run to need a fix.
#
# Puts target/release/timbrespace into Timbrespace.app and that into target/packages/timbrespace-VERSION-ARCH.dmg.
# SIGN=IDENTITY signs with that certificate (Developer ID Application: ...); without it the signature is ad hoc, and a person has to
# allow the program by Control-click, Open. A signed image still has to be notarised: xcrun notarytool submit FILE.dmg.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
target=${CARGO_TARGET_DIR:-target}
packages=$target/packages
app=$packages/macos/Timbrespace.app
image=$packages/timbrespace-$version-$(uname -m).dmg

cargo build --release --locked --bin timbrespace
rm -rf "$packages/macos" "$image"
mkdir -p "$app/Contents/MacOS" "$app/Contents/Resources"
cp "$target/release/timbrespace" "$app/Contents/MacOS/"
cp packaging/icons/timbrespace.icns LICENSE-MIT LICENSE-APACHE assets/notices.txt "$app/Contents/Resources/"
sed "s/@VERSION@/$version/" packaging/macos/Info.plist > "$app/Contents/Info.plist"
plutil -lint "$app/Contents/Info.plist" packaging/macos/entitlements.plist
codesign --force --options runtime --entitlements packaging/macos/entitlements.plist --sign "${SIGN:--}" "$app"
codesign --verify --strict "$app"
# The usual window of a disk image: the program beside a link to the folder where it belongs.
ln -s /Applications "$packages/macos/Applications"
hdiutil create -volname Timbrespace -srcfolder "$packages/macos" -format UDZO "$image"
echo "$image"
