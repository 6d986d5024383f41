#!/usr/bin/env bash
# Installs what is missing, then checks everything: format, clippy, rustdoc, all tests, doctests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/setup.sh

set_up build run
(set_up test) || say "going on without them: the tests that need them are ignored"
need_component rustfmt
need_component clippy

say "format"
cargo fmt --all --check
say "build, clippy, rustdoc ($(df -h --output=avail . | tail -1 | tr -d ' ') free on this disk, a clean build takes 5 GB)"
# Everything is built once: what rustc would keep for the next build is as large as the build itself.
export CARGO_INCREMENTAL=0
# One build of the dependencies for all of it: see the script.
export RUSTC_WORKSPACE_WRAPPER=$PWD/scripts/lint-while-building.sh
cargo test --locked --workspace --no-run
say "tests"
if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run --locked --workspace
else
  cargo test --locked --workspace --lib --bins --tests
fi
say "doctests"
cargo test --locked --workspace --doc
say "the jobs by themselves, without a window and a sound card"
if cargo tree --locked -p timbrespace-jobs --edges normal --prefix none | grep -E '^(eframe|egui|winit|cpal|midir) '; then
  fail "timbrespace-jobs depends on a window or a sound card"
fi
cargo check --locked -p timbrespace-jobs
say "all checks passed"
