# Sourced by package.sh: installs a .deb here, uses the program, and removes it with all that came with it.
# shellcheck shell=bash disable=SC2154

try_package() {
  local deb=$1 as_root=()
  command -v apt-get >/dev/null || fail "--try needs apt-get: it installs the .deb"
  set_up run screenshots
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  if [ -e /usr/bin/timbrespace ]; then fail "timbrespace is installed here already: remove it first"; fi
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  say "installing $deb"
  "${as_root[@]}" env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$deb" |
    tee "$scratch/apt.log" >&2
  # What this run has installed, and nobody else meanwhile. dpkg ends its lines as a terminal wants them.
  tr -d '\r' < "$scratch/apt.log" |
    sed -n 's/^Selecting previously \(un\|de\)selected package \(.*\)\.$/\2/p' > "$scratch/new"
  grep -qx 'timbrespace\(:.*\)\?' "$scratch/new" || fail "apt-get names no package that it installed"
  dpkg -L timbrespace > "$scratch/files"
  local failed
  # In a shell of its own, so that the package is removed whatever fails. (`||` would switch -e off inside.)
  set +e
  (set -e; try_commands; try_menu; try_window; try_crash)
  failed=$?
  set -e
  say "removing it and what came with it"
  # shellcheck disable=SC2046
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get purge -y -q $(cat "$scratch/new") >&2
  nothing_is_left
  if [ "$failed" != 0 ]; then fail "the trial failed; its messages above say where"; fi
  say "the package was installed, used and removed; nothing is left"
}

installed() { dpkg-query -W -f '${db:Status-Abbrev} ${Package}:${Architecture}\n' | sed -n 's/^i. *//p' | LC_ALL=C sort; }

try_commands() {
  say "commands"
  (cd / && timbrespace --version) | tee "$scratch/version" >&2
  grep -Eq '^timbrespace [0-9.]+ \(commit [0-9a-f]{10}' "$scratch/version" || fail "--version names no commit"
  timbrespace demo --out "$scratch/sounds" >&2
  timbrespace doctor "$scratch/sounds" >&2
}

try_menu() {
  say "menu entry, metadata and icons as installed"
  desktop-file-validate "/usr/share/applications/$id.desktop"
  appstreamcli validate --no-net "/usr/share/metainfo/$id.metainfo.xml" >&2
  # What the entry starts is there.
  command -v "$(sed -n 's/^Exec=\([^ ]*\).*/\1/p' "/usr/share/applications/$id.desktop")" >&2
  grep -c "/icons/hicolor/.*/$id\." "$scratch/files" | grep -qx 9 || fail "there are not nine icons"
}

# in_window NAME COMMAND ...: runs it on a screen without a monitor; its messages go to NAME.log, its exit code to NAME.code.
in_window() {
  local name=$1
  shift
  # The screen belongs to one shell, which also looks at the window while it is open.
  TIMBRESPACE_DATA_DIR="$scratch/data" RUST_LOG=timbrespace=info xvfb-run -a -s "-screen 0 1280x800x24" bash -c '
    scratch=$1 name=$2
    shift 2
    "$@" > "$scratch/$name.log" 2>&1 &
    sleep '"$((window_secs / 2))"'
    xwininfo -root -tree > "$scratch/$name.windows" 2>&1
    import -window root "$scratch/$name.png" 2>/dev/null
    wait $!
    echo $? > "$scratch/$name.code"
  ' in_window "$scratch" "$name" "$@"
  sed "s/^/    /" "$scratch/$name.log" >&2
}

try_window() {
  say "the window, for $window_secs seconds"
  in_window window timeout --preserve-status "$window_secs" timbrespace "$scratch/sounds"
  grep -q "first ui done" "$scratch/window.log" || fail "the window drew nothing"
  grep "$id" "$scratch/window.windows" >&2 || fail "no window has the class $id"
  # 143: ended by SIGTERM, as wanted.
  [ "$(cat "$scratch/window.code")" = 143 ] || fail "the window ended with $(cat "$scratch/window.code")"
  cp "$scratch/window.png" "$packages/window.png"
  say "a picture of it: $packages/window.png"
}

try_crash() {
  say "a crash: winit panics on this scale factor"
  in_window crash env WINIT_X11_SCALE_FACTOR=none timbrespace
  [ "$(cat "$scratch/crash.code")" = 101 ] || fail "no panic: code $(cat "$scratch/crash.code")"
  local report
  report=$(echo "$scratch"/data/crashes/crash-*.txt)
  grep -qF "A report is in $report" "$scratch/crash.log" || fail "nobody says where the report is"
  sed "s/^/    /" "$report" | head -n 40 >&2
  say "the next start shows it"
  in_window after timeout --preserve-status "$window_secs" timbrespace "$scratch/sounds"
  grep -qxF "$(basename "$report")" "$scratch/data/crashes/shown.txt" || fail "the window did not show the report"
  cp "$scratch/after.png" "$packages/window-after-crash.png"
}

# nothing_is_left: every file of the package is gone, the system names it nowhere, and what came with it is not installed.
nothing_is_left() {
  local path package left=()
  while read -r path; do
    if [ ! -d "$path" ] && [ -e "$path" ]; then left+=("$path"); fi
    case "$path" in *timbrespace*) if [ -e "$path" ]; then left+=("$path"); fi ;; esac
  done < "$scratch/files"
  [ "${#left[@]}" -eq 0 ] || fail "still there: ${left[*]}"
  if grep -sl timbrespace /usr/share/applications/mimeinfo.cache /var/lib/dpkg/status >&2; then fail "the system still names it"; fi
  if ls /var/lib/dpkg/info/timbrespace* >/dev/null 2>&1; then fail "dpkg still knows it"; fi
  while read -r package; do
    if installed | grep -Eqx "$package(:.*)?"; then fail "$package is still installed"; fi
  done < "$scratch/new"
}
