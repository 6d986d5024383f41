# Shared by the other scripts: `. scripts/setup.sh`, then `set_up build run`.
#
# On Debian and Ubuntu, set_up installs the system packages that are missing, after naming them. On other
# Linux systems it names what is needed; macOS and Windows need nothing but Rust.
# shellcheck shell=bash

# Alternatives are separated by `|`: newer releases have renamed some libraries for their 64-bit time.
packages_build="pkg-config|pkgconf libasound2-dev libc6-dev"
packages_run="libasound2|libasound2t64 libdbus-1-3 libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0
  libegl1 libgl1 libgl1-mesa-dri libvulkan1 mesa-vulkan-drivers"
# The window tests draw on Mesa's software Vulkan driver, which is among the packages that the window needs.
packages_test=""
packages_screenshots="xvfb xauth imagemagick"
packages_sound="pulseaudio pulseaudio-utils libasound2-plugins"

say() { printf '==> %s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# set_up GROUP ...: makes sure of Rust and of the packages of these groups.
set_up() {
  command -v cargo >/dev/null ||
    fail "cargo was not found: install Rust from https://rustup.rs, open a new terminal and run this again"
  case "$(uname -s)" in
    Linux) set_up_linux "$@" ;;
    Darwin | MINGW* | MSYS* | CYGWIN*) say "no system packages are needed on $(uname -s)" ;;
    *) say "unknown system $(uname -s): going on without looking for system packages" ;;
  esac
}

set_up_linux() {
  local wanted=() group name
  for group in "$@"; do
    name="packages_$group"
    # Word splitting makes the list.
    # shellcheck disable=SC2206
    wanted+=(${!name})
    if [ "$group" = build ] && ! command -v cc >/dev/null; then wanted+=(gcc); fi
  done
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    name_packages "${wanted[@]}"
    return
  fi
  local missing=() package
  for package in "${wanted[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  if [ "${#missing[@]}" -eq 0 ]; then return; fi
  install_packages "${missing[@]}"
}

# is_installed A|B: whether dpkg has one of them.
is_installed() {
  local name
  for name in ${1//|/ }; do
    if [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" = installed ]; then return 0; fi
  done
  return 1
}

# available A|B: prints the first that this release has.
available() {
  local name
  for name in ${1//|/ }; do
    # Not piped into grep -q: under pipefail, apt-cache's broken pipe would count as a failure.
    if [[ "$(LC_ALL=C apt-cache policy "$name" 2>/dev/null)" =~ Candidate:\ [^\(] ]]; then
      printf '%s\n' "$name"
      return 0
    fi
  done
  return 1
}

install_packages() {
  local as_root=() sudo="" names=() package name
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      fail "these packages are missing: ${*//|*/}; install them as root (apt-get install ${*//|*/}) and run this again"
    as_root=(sudo)
    sudo="sudo "
  fi
  say "these system packages are missing: ${*//|/ or }"
  say "running: ${sudo}apt-get update"
  "${as_root[@]}" apt-get update -q >&2 || say "apt-get update failed; trying with the lists that are there"
  for package in "$@"; do
    name=$(available "$package") ||
      fail "this release has no package ${package//|/ or }: install what provides it and run this again"
    names+=("$name")
  done
  say "running: ${sudo}apt-get install --no-install-recommends ${names[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${names[@]}" >&2 ||
    fail "apt-get could not install the packages; its messages above say why"
}

name_packages() {
  say "this is neither Debian nor Ubuntu: please see to it that these are installed (Debian's names):"
  say "  ${*//|/ or }"
  say "  Fedora: gcc pkgconf alsa-lib-devel dbus-libs libX11-xcb libXcursor libXi libxkbcommon-x11 vulkan-loader mesa-vulkan-drivers"
  say "  Arch: base-devel alsa-lib dbus libxcursor libxi libxkbcommon-x11 vulkan-icd-loader and a Vulkan driver (vulkan-swrast for the tests)"
}

# need_component NAME: a part of the Rust tool chain that minimal installations leave out.
need_component() {
  if cargo "${1/rustfmt/fmt}" --version >/dev/null 2>&1; then return; fi
  command -v rustup >/dev/null || fail "cargo ${1/rustfmt/fmt} was not found: install the Rust component $1"
  say "running: rustup component add $1"
  rustup component add "$1" >&2 || fail "rustup could not install $1"
}
