#!/usr/bin/env bash
# Draws every icon anew from packaging/icons/icon.svg and icon-small.svg, after a change of one of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo run --locked --workspace --example draw_icons -- packaging/icons packaging/icons
cp packaging/icons/256.png assets/icon.png
