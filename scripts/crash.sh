#!/usr/bin/env bash
# Kills a real training process at random moments, 50 times or as often as given, and opens what is left each time; then stops
# one by signals (SIGTERM, SIGINT, SIGHUP) at random moments, 20 times or as often as given:
#   scripts/crash.sh [KILLS [STOPS]]
set -euo pipefail
cd "$(dirname "$0")/.."
TIMBRESPACE_KILLS="${1:-50}" TIMBRESPACE_STOPS="${2:-20}" cargo test --release --test crash -- --nocapture
