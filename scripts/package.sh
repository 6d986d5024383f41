#!/usr/bin/env bash
# Makes the packages for Debian (.deb) and Fedora (.rpm) in target/packages: scripts/package.sh [--try]
# --try also installs the .deb here (Debian, Ubuntu), starts the program from it, and removes it with all that came with it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/setup.sh

id=io.github.timbrespace.timbrespace
target=${CARGO_TARGET_DIR:-$PWD/target}
packages=$target/packages
# How long the window stays open in a trial, in seconds.
window_secs=10

main() {
  case "${1:-}" in
    "" | --try) ;;
    *) fail "usage: scripts/package.sh [--try]" ;;
  esac
  set_up build package
  need_tool cargo-deb
  need_tool cargo-generate-rpm
  validate packaging/linux
  say "building"
  name_commit
  cargo build --release --locked --bin timbrespace
  mkdir -p "$packages"
  rm -f "$packages"/*.deb "$packages"/*.rpm
  # The table of symbols stays, so that a crash report names functions.
  say "cargo deb"
  cargo deb --no-build --no-strip --output "$packages/"
  say "cargo generate-rpm"
  cargo generate-rpm --auto-req builtin --target-dir "$target" --output "$packages/"
  describe
  if [ "${1:-}" = --try ]; then
    . scripts/try-package.sh
    try_package "$packages"/*.deb
  fi
}

# need_tool NAME: a subcommand of cargo.
need_tool() {
  if command -v "$1" >/dev/null; then return; fi
  say "running: cargo install --locked $1"
  # Its build has nothing to do with this folder's settings.
  (cd / && env -u RUSTC_WORKSPACE_WRAPPER -u CARGO_TARGET_DIR cargo install --locked --quiet "$1") ||
    fail "cargo could not install $1"
}

# validate FOLDER: the menu entry and the metadata in it.
validate() {
  say "checking menu entry and metadata"
  desktop-file-validate "$1/$id.desktop"
  appstreamcli validate --no-net "$1/$id.metainfo.xml" >&2
}

# The commit goes into --version by itself; changes that are in no commit are named here.
name_commit() {
  if [ -n "${TIMBRESPACE_COMMIT:-}" ] || [ -z "$(git status --porcelain --untracked-files=no 2>/dev/null)" ]; then return; fi
  TIMBRESPACE_COMMIT="$(git rev-parse --short=10 HEAD), with changes"
  export TIMBRESPACE_COMMIT
  say "files differ from the last commit: this build says \"$TIMBRESPACE_COMMIT\""
}

describe() {
  local package
  for package in "$packages"/*.deb "$packages"/*.rpm; do
    say "$package, $(du -h "$package" | cut -f 1)"
    case "$package" in
      *.deb) dpkg-deb --field "$package" Version Depends Recommends Installed-Size >&2 ;;
      *.rpm) if command -v rpm >/dev/null; then rpm -qp --requires --recommends "$package" | grep -v '^rpmlib' | paste -sd ' ' >&2; fi ;;
    esac
  done
}

main "$@"
