#!/usr/bin/env bash
# Trains the model that is embedded in the program (assets/demo_model) from the demo sounds. About two minutes on 2 cores. With a tenth of the
# preset's weight, vectors between and beside the recordings sound like something, at the same error.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --release
timbrespace=${CARGO_TARGET_DIR:-target}/release/timbrespace

"$timbrespace" demo --out "$work/sounds"
"$timbrespace" train "$work/sounds" --preset small --reconstruction-weight 100000 --epochs "${EPOCHS:-100}" --out "$work/model"
"$timbrespace" evaluate "$work/model" "$work/sounds"

mkdir -p assets/demo_model
cp "$work/model/config.json" "$work/model/model.safetensors" assets/demo_model/
ls -l assets/demo_model
