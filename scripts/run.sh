#!/usr/bin/env bash
# Installs what is missing, builds Timbrespace and opens its window: scripts/run.sh [FOLDER|BUNDLE]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/scripts/setup.sh"

set_up build run
say "building (the first time takes some minutes)"
cargo build --release --locked --manifest-path "$root/Cargo.toml"
# From here, so that a relative FOLDER means what was typed.
exec cargo run --quiet --release --locked --manifest-path "$root/Cargo.toml" -- "$@"
