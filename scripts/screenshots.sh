#!/usr/bin/env bash
# Makes screenshots/*.png: every view, drawn from the demo sounds by the real session, dark and light.
# No screen is needed; a graphics driver in software (mesa-vulkan-drivers) is enough.
#   TIMBRESPACE_SIZE=960x600          another size (1280x800 otherwise)
#   TIMBRESPACE_TEXT=1.3              larger text
#   TIMBRESPACE_LANGUAGE=zh-CN        another language
#   TIMBRESPACE_FOLDER=FOLDER         another folder of recordings
#   TIMBRESPACE_SCREENSHOTS=FOLDER    another place for the pictures
#   TIMBRESPACE_MODEL=BUNDLE          the latent view alone, with this model
set -euo pipefail
cd "$(dirname "$0")/.."
pictures=pictures_of_every_view
if [ -n "${TIMBRESPACE_MODEL:-}" ]; then pictures=pictures_of_a_model; fi
cargo test --release --test window -- --ignored --exact "screenshots::$pictures"
echo "pictures: ${TIMBRESPACE_SCREENSHOTS:-screenshots}"
