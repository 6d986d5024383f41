#!/usr/bin/env bash
# Writes tests/snapshots/*.png anew, after an intended change of the window. Look at each picture before committing it.
set -euo pipefail
cd "$(dirname "$0")/.."
UPDATE_SNAPSHOTS=force cargo test --locked --workspace --test window snapshots::
find tests/snapshots -name '*.old.png' -delete
git status --short tests/snapshots
