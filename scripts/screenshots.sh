#!/usr/bin/env bash
# Makes screenshots/*.png: every view, drawn from the demo sounds by the real session, dark and light.
# No screen is needed; a graphics driver in software (mesa-vulkan-drivers) is enough.
#   TIMBRESPACE_SIZE=960x600          another size (1280x800 otherwise)
#   TIMBRESPACE_FOLDER=FOLDER         another folder of recordings
#   TIMBRESPACE_SCREENSHOTS=FOLDER    another place for the pictures
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test --release --test window -- --ignored --exact screenshots::pictures_of_every_view
echo "pictures: ${TIMBRESPACE_SCREENSHOTS:-screenshots}"
