#!/usr/bin/env bash
# Trains the model that is embedded in the program (assets/demo_model) from the demo sounds, with its density and its detail, and writes its weights in
# half precision. Some minutes on 2 cores; needs a Python with NumPy (PYTHON names it).
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --release
timbrespace=${CARGO_TARGET_DIR:-target}/release/timbrespace

"$timbrespace" demo --out "$work/sounds"
"$timbrespace" train "$work/sounds" --preset clear --latent-size 32 --epochs "${EPOCHS:-60}" --out "$work/model"
"${PYTHON:-python3}" scripts/halve_model.py "$work/model"
"$timbrespace" detail "$work/model" "$work/sounds" --most "${RESIDUALS:-68}"
"$timbrespace" evaluate "$work/model" "$work/sounds"

mkdir -p assets/demo_model
cp "$work/model/config.json" "$work/model/"{model,density,detail}.safetensors assets/demo_model/
ls -l assets/demo_model
