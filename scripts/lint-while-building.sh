#!/usr/bin/env bash
# Stands in for rustc when cargo builds the crates of this workspace (RUSTC_WORKSPACE_WRAPPER in test.sh): clippy compiles
# them, and rustdoc reads each library against the same dependencies, both with warnings denied. So the dependencies are built once, where
# `cargo clippy` and `cargo doc` would each want them checked a second time.
set -euo pipefail

clippy-driver "$@" --deny warnings

# What rustdoc needs of the compiler's arguments, and whether they are those of the library itself.
library=false
documented=()
while [ $# -gt 0 ]; do
  case "$1" in
    src/lib.rs | crates/*/src/lib.rs) library=true; documented+=("$1") ;;
    --test) exit 0 ;;
    --crate-name | --extern | -L | --cfg | --check-cfg) documented+=("$1" "$2"); shift ;;
    --edition=* | --warn=* | --allow=* | --deny=*) documented+=("$1") ;;
    --out-dir) out=$2/../../doc; shift ;;
  esac
  shift
done
if [ "$library" = true ]; then
  rustdoc "${documented[@]}" --deny warnings --out-dir "$out"
fi
