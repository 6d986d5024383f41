#!/usr/bin/env bash
# Runs the release build on N damaged files of every format that it reads, each with its fixed number:
#   scripts/fuzz.sh [N] [FIRST]       2,000 inputs from number 0 unless said otherwise
# Fails where one of them brings about a panic, an abort (4 GB of address space), a hang (20 s) or a NaN; the files, and the
# command line that shows it, are then below target/fuzz-failures. TIMBRESPACE_BIN names another binary.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${TIMBRESPACE_BIN:-}" ]; then
  cargo build --locked --release --bin timbrespace
  TIMBRESPACE_BIN=$PWD/target/release/timbrespace
fi
TIMBRESPACE_BIN=$(realpath "$TIMBRESPACE_BIN")
TIMBRESPACE_FUZZ_INPUTS=${1:-2000}
TIMBRESPACE_FUZZ_FIRST=${2:-0}
TIMBRESPACE_FUZZ_FAILURES=${TIMBRESPACE_FUZZ_FAILURES:-$PWD/target/fuzz-failures}
export TIMBRESPACE_BIN TIMBRESPACE_FUZZ_INPUTS TIMBRESPACE_FUZZ_FIRST TIMBRESPACE_FUZZ_FAILURES
cargo test --locked --test fuzz -- --ignored --nocapture --exact damaged_files_by_the_number_are_read_or_refused
