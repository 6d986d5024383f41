#!/usr/bin/env bash
# Kills a real training process at random moments, 50 times or as often as told, and opens what is left each time:
#   scripts/crash.sh [KILLS]
set -euo pipefail
cd "$(dirname "$0")/.."
TIMBRESPACE_KILLS="${1:-50}" cargo test --release --test crash -- --nocapture
