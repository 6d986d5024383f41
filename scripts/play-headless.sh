#!/usr/bin/env bash
# Plays a demo sound through cpal on a machine without a sound card and compares what the device got,
# sample by sample, with the resampled clip. Needs ../shared/tools/headless-audio.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/setup.sh

[ -x ../shared/tools/headless-audio.sh ] || fail "../shared/tools/headless-audio.sh is absent: it makes the sound device without a card"
set_up build sound
cargo test --locked --test playback -- --ignored --exact --nocapture what_cpal_hands_to_the_device_is_the_resampled_clip
