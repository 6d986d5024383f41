# Shared by the other scripts: `. scripts/setup.sh`, then `set_up build run`.
#
# On Debian and Ubuntu, set_up installs the system packages that are missing, after naming them; so it does on Fedora
# (dnf) and Arch (pacman), whose names are taken from these systems' package lists and were not run. On other Linux
# systems it names what is needed; macOS and Windows need nothing but Rust.
# shellcheck shell=bash

# Alternatives are separated by `|`: newer releases have renamed some libraries for their 64-bit time.
packages_build="pkg-config|pkgconf libasound2-dev libc6-dev"
packages_run="libasound2|libasound2t64 libdbus-1-3 libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0
  libegl1 libgl1 libgl1-mesa-dri libvulkan1 mesa-vulkan-drivers"
# The window tests draw on Mesa's software Vulkan driver, which is among the packages that the window needs. Some tests check
# menu entry and metadata with these or read the window over AT-SPI, and are ignored without them.
packages_test="desktop-file-utils appstream fonts-droid-fallback xvfb xauth dbus-daemon|dbus at-spi2-core python3-gi
  gir1.2-atspi-2.0"
packages_screenshots="xvfb xauth imagemagick"
# dpkg-dev finds the libraries that a package depends on; x11-utils looks at the window of a trial.
packages_package="desktop-file-utils appstream dpkg-dev x11-utils"
# The same for building and running on Fedora and Arch.
fedora_build="gcc pkgconf-pkg-config alsa-lib-devel glibc-devel"
fedora_run="alsa-lib dbus-libs libX11 libX11-xcb libXcursor libXi libxkbcommon-x11 libglvnd-egl libglvnd-glx
  mesa-dri-drivers vulkan-loader mesa-vulkan-drivers"
fedora_test="desktop-file-utils appstream xorg-x11-server-Xvfb xorg-x11-xauth dbus-daemon at-spi2-core python3-gobject"
fedora_package="desktop-file-utils appstream dpkg-dev xwininfo"
fedora_screenshots="xorg-x11-server-Xvfb xorg-x11-xauth ImageMagick"
fedora_sound="pulseaudio-utils alsa-plugins-pulseaudio"
arch_build="base-devel alsa-lib"
arch_run="alsa-lib dbus libx11 libxcursor libxi libxkbcommon-x11 libglvnd mesa vulkan-icd-loader vulkan-swrast"
arch_test="desktop-file-utils appstream xorg-server-xvfb xorg-xauth dbus at-spi2-core python-gobject"
arch_package="desktop-file-utils appstream dpkg xorg-xwininfo"
arch_screenshots="xorg-server-xvfb xorg-xauth imagemagick"
arch_sound="pulseaudio alsa-plugins"
packages_sound="pulseaudio pulseaudio-utils libasound2-plugins"

say() { printf '==> %s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# set_up GROUP ...: makes sure of Rust and of the packages of these groups.
set_up() {
  command -v cargo >/dev/null ||
    fail "cargo was not found: install Rust from https://rustup.rs, open a new terminal and run this again"
  need_toolchain
  case "$(uname -s)" in
    Linux) set_up_linux "$@" ;;
    Darwin | MINGW* | MSYS* | CYGWIN*) say "no system packages are needed on $(uname -s)" ;;
    *) say "unknown system $(uname -s): going on without looking for system packages" ;;
  esac
}

set_up_linux() {
  if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    set_up_debian "$@"
  elif command -v dnf >/dev/null && command -v rpm >/dev/null; then
    set_up_with fedora "rpm -q --whatprovides" "dnf install -y" "$@"
  elif command -v pacman >/dev/null; then
    # A group such as base-devel is no package: pacman -Qg knows those.
    set_up_with arch "pacman_has" "pacman -S --needed --noconfirm" "$@"
  else
    name_packages "$@"
  fi
}

pacman_has() { pacman -Q "$1" || pacman -Qg "$1"; }

# set_up_with SYSTEM HAS INSTALL GROUP ...: installs what HAS does not find of the groups of SYSTEM.
set_up_with() {
  local system=$1 has=$2 install=$3 group name package missing=() as_root=()
  shift 3
  for group in "$@"; do
    name="${system}_$group"
    for package in ${!name:-}; do
      $has "$package" >/dev/null 2>&1 || missing+=("$package")
    done
  done
  if [ "${#missing[@]}" -eq 0 ]; then return; fi
  say "these system packages are missing: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "install them as root ($install ${missing[*]}) and run this again"
    as_root=(sudo)
  fi
  say "running: ${as_root[*]:+sudo }$install ${missing[*]}"
  # shellcheck disable=SC2086
  "${as_root[@]}" $install "${missing[@]}" >&2 || fail "$system could not install the packages; its messages above say why"
}

set_up_debian() {
  local wanted=() group name
  for group in "$@"; do
    name="packages_$group"
    # Word splitting makes the list.
    # shellcheck disable=SC2206
    wanted+=(${!name})
    if [ "$group" = build ] && ! command -v cc >/dev/null; then wanted+=(gcc); fi
  done
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
  local group names=() name
  for group in "$@"; do
    name="packages_$group"
    # shellcheck disable=SC2206
    names+=(${!name})
  done
  say "this system's packages are not known here: please see to it that these are installed (Debian's names):"
  say "  ${names[*]//|/ or }"
}

# The toolchain of rust-toolchain.toml. rustup fetches it; where it cannot, the default one serves if rust-version allows it.
need_toolchain() {
  local wanted least has
  if cargo --version >/dev/null 2>&1; then return; fi
  wanted=$(sed -n 's/^channel = "\(.*\)"$/\1/p' "$(dirname "${BASH_SOURCE[0]}")/../rust-toolchain.toml")
  say "running: rustup toolchain install $wanted"
  if rustup toolchain install "$wanted" --component rustfmt --component clippy >&2; then return; fi
  least=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' "$(dirname "${BASH_SOURCE[0]}")/../Cargo.toml")
  has=$(cd / && rustc --version 2>/dev/null | cut -d ' ' -f 2) || true
  if [ -z "$has" ] || [ "$(printf '%s\n' "$least" "$has" | sort -V | head -n 1)" != "$least" ]; then
    fail "Rust $least or newer is needed, this machine has ${has:-none}; rustup could not install $wanted"
  fi
  say "going on with Rust $has"
  RUSTUP_TOOLCHAIN=$(cd / && rustup show active-toolchain | cut -d ' ' -f 1)
  export RUSTUP_TOOLCHAIN
}

# need_component NAME: a part of the Rust tool chain that minimal installations leave out.
need_component() {
  if cargo "${1/rustfmt/fmt}" --version >/dev/null 2>&1; then return; fi
  command -v rustup >/dev/null || fail "cargo ${1/rustfmt/fmt} was not found: install the Rust component $1"
  say "running: rustup component add $1"
  rustup component add "$1" >&2 || fail "rustup could not install $1"
}
