#!/usr/bin/env bash
# Tries a GPU in at most ten minutes and writes what came of it to FILE: scripts/try-gpu.sh [--build | --no-build] FILE
#
# Builds the program for CUDA (for Metal on macOS) into target/gpu, compares the model on the GPU with Keras's reference
# vectors, trains a small model there, and times a training step of `reference`, `small` and `clear` on GPU and CPU.
#   --build      only builds, without a time limit: do this first where a clean build takes minutes. Needs no GPU if
#                CUDA_COMPUTE_CAP says which one it will be (90 for an H200); takes no FILE.
#   --no-build   runs what --build left in target/gpu/try, also where there is no Rust and no CUDA compiler
# TRY_GPU_SECS is the limit in seconds (600); TIMBRESPACE_BENCH_THREADS the threads on the CPU (all cores).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/scripts/setup.sh"

binaries=$root/target/gpu/try
limit=${TRY_GPU_SECS:-600}
presets="reference small clear"
failures=0

usage() { sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }

# Sets `device`, which is also the name of the feature.
choose_device() {
  case "$(uname -s)" in
    Darwin) device=metal ;;
    Linux) device=cuda ;;
    *) fail "this script knows CUDA on Linux and Metal on macOS, not $(uname -s)" ;;
  esac
}

need_compiler() {
  if [ "$device" = metal ]; then return; fi
  local home
  for home in "${CUDA_HOME:-}" "${CUDA_PATH:-}" /usr/local/cuda /opt/cuda; do
    if [ -n "$home" ] && [ -x "$home/bin/nvcc" ] && ! command -v nvcc >/dev/null; then PATH=$PATH:$home/bin; fi
  done
  command -v nvcc >/dev/null ||
    fail "nvcc was not found: install the CUDA toolkit (https://developer.nvidia.com/cuda-downloads) or set CUDA_HOME to it"
  command -v c++ >/dev/null || fail "c++ was not found: nvcc needs a C++ compiler (Debian: g++, Fedora: gcc-c++, Arch: gcc)"
  if [ -z "${CUDA_COMPUTE_CAP:-}" ] && ! nvidia-smi >/dev/null 2>&1; then
    fail "no NVIDIA GPU was found to build for: set CUDA_COMPUTE_CAP, for example 80 (A100), 89 (RTX 40) or 90 (H100, H200)"
  fi
}

# Prints the GPU, or ends with what is missing.
need_gpu() {
  if [ "$device" = metal ]; then
    system_profiler SPDisplaysDataType 2>/dev/null | grep -q Metal || fail "this Mac has no GPU with Metal"
    system_profiler SPDisplaysDataType | sed -n 's/^ *Chipset Model: //p' | head -n 1
    return
  fi
  command -v nvidia-smi >/dev/null || fail "nvidia-smi was not found: install NVIDIA's driver"
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null | grep . ||
    fail "nvidia-smi finds no GPU: $(nvidia-smi 2>&1 | head -n 1)"
}

# limited LOG COMMAND ...: runs it for as long as the limit allows, 124 or 142 if that was too short. Its output goes to LOG.
limited() {
  local log=$1 left=$((limit - SECONDS)) with=()
  shift
  if [ "$left" -le 0 ]; then echo "no time was left of $limit s" > "$log"; return 124; fi
  if command -v timeout >/dev/null; then
    with=(timeout "$left")
  else
    # macOS has no timeout.
    with=(perl -e 'alarm shift; exec @ARGV or die' "$left")
  fi
  "${with[@]}" "$@" > "$log" 2>&1
}

# build COMMAND ...: builds with COMMAND before cargo, such as `limited LOG`; copies the three programs to target/gpu/try.
build() {
  local kind_and_name kind name path
  say "building with --features $device (a clean build takes minutes)"
  mkdir -p "$binaries"
  "$@" cargo build --release --locked --manifest-path "$root/Cargo.toml" --target-dir "$root/target/gpu" \
    --features "$device" --bin timbrespace --bench model --test vae_reference \
    --message-format json-render-diagnostics || return 1
  for kind_and_name in bin:timbrespace bench:model test:vae_reference; do
    kind=${kind_and_name%:*} name=${kind_and_name#*:}
    path=$(sed -n "s/.*\"target\":{\"kind\":\\[\"$kind\"\\][^}]*\"name\":\"$name\".*\"executable\":\"\\([^\"]*\\)\".*/\\1/p" \
      "$scratch/build" | tail -n 1)
    [ -n "$path" ] || fail "cargo named no program $name"
    cp "$path" "$binaries/$name"
  done
}

to_log() { local log=$1; shift; "$@" > "$log"; }

build_in_time() {
  if build limited "$scratch/build"; then return; fi
  grep -v '^{' "$scratch/build" | tail -n 40 >&2 || true
  if [ "$SECONDS" -ge "$limit" ]; then fail "the build took all of the $limit s: run scripts/try-gpu.sh --build first"; fi
  fail "the build failed; its messages above say why"
}

need_binaries() {
  local name
  for name in timbrespace model vae_reference; do
    [ -x "$binaries/$name" ] || fail "$binaries/$name is absent: run scripts/try-gpu.sh --build first"
    if command -v ldd >/dev/null && ldd "$binaries/$name" 2>/dev/null | grep "not found" >&2; then
      fail "these libraries are missing (libcuda comes with the driver, libcublas and others with the CUDA toolkit): is LD_LIBRARY_PATH set?"
    fi
  done
}

write() { printf '%s\n' "$*" | tee -a "$file"; }

# part TITLE LOG EXPECTED COMMAND ...: runs a part; it is good if it ends well and its output has EXPECTED (if not empty).
part() {
  local title=$1 log=$scratch/$2 expected=$3 code=0 start=$SECONDS
  shift 3
  say "$title"
  limited "$log" "$@" || code=$?
  if [ "$code" -eq 0 ] && { [ -z "$expected" ] || grep -q -- "$expected" "$log"; }; then
    write "- $title: good, $((SECONDS - start)) s"
    return
  fi
  failures=$((failures + 1))
  write "- $title: FAILED after $((SECONDS - start)) s (exit code $code). End of its output:"
  write ""
  tail -n 30 "$log" | sed 's/^/      /' | tee -a "$file"
  write ""
}

# median DEVICE PRESET NAME: the time as criterion saved it, in milliseconds, or a dash.
median() {
  local saved="$scratch/$1/$2/$3/new/estimates.json" ns=""
  if [ -e "$saved" ]; then
    ns=$(sed -n 's/.*"median":{"confidence_interval":{[^}]*},"point_estimate":\([0-9.eE+-]*\).*/\1/p' "$saved")
  fi
  if [ -n "$ns" ]; then awk -v ns="$ns" 'BEGIN { printf "%.2f ms", ns / 1e6 }'; else printf -- '–'; fi
}

write_table() {
  local preset name gpu cpu times
  write ""
  write "| median | $device | CPU | CPU / $device |"
  write "|---|---|---|---|"
  for preset in $presets; do
    for name in "step of 16" "decode one vector"; do
      gpu=$(median "$device" "$preset" "$name") cpu=$(median cpu "$preset" "$name")
      times=$(awk -v gpu="$gpu" -v cpu="$cpu" 'BEGIN { if (gpu + 0 > 0 && cpu + 0 > 0) printf "%.2f", cpu / gpu; else printf "–" }')
      write "| \`$preset\`, $name | $gpu | $cpu | $times |"
    done
  done
}

try_all() {
  local on bench=("$binaries/model" --bench --noplot)
  part "reference vectors on the GPU" vectors "1 passed" \
    "$binaries/vae_reference" --exact --nocapture the_model_gives_what_keras_gives_on_the_gpu
  { grep "differs by" "$scratch/vectors" || true; } | sed -e 's/^test .* \.\.\. //' -e 's/^/  - /' | tee -a "$file"
  part "demo sounds" demo "" "$binaries/timbrespace" demo --out "$scratch/sounds"
  part "training \`small\` for two epochs on the GPU" train "" "$binaries/timbrespace" train "$scratch/sounds" \
    --preset small --epochs 2 --device "$device" --out "$scratch/model"
  part "the trained model on its sounds" evaluate "" "$binaries/timbrespace" evaluate "$scratch/model" "$scratch/sounds"
  # The GPU first: what the CPU takes is known better, should the time run out.
  for on in "$device" cpu; do
    part "benchmark on $on" "bench-$on" "" \
      env CRITERION_HOME="$scratch/$on" TIMBRESPACE_BENCH_DEVICE="$on" "${bench[@]}"
  done
  write_table
}

mode=all
case "${1:-}" in --build) mode=build; shift ;; --no-build) mode=run; shift ;; esac
choose_device
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ "$mode" = build ]; then
  [ "$#" -eq 0 ] || usage
  need_compiler
  set_up build
  build to_log "$scratch/build" || fail "the build failed; its messages above say why"
  say "built: $binaries; now run scripts/try-gpu.sh --no-build FILE where the GPU is"
  exit
fi
if [ "$#" -ne 1 ] || [[ "$1" = -* ]]; then usage; fi
# Taken from where the person stands, and written to only when there is something to say.
[ -d "$(dirname "$1")" ] || fail "$(dirname "$1") is no folder: $1 cannot be written"
file=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
[ ! -e "$file" ] && [ ! -L "$file" ] || fail "$file is there already and is not replaced: name a new file"
cd "$root"
gpu=$(need_gpu)
if [ "$mode" = all ]; then
  need_compiler
  set_up build
  build_in_time
fi
need_binaries
# Not among the runs of whoever tries this.
export TIMBRESPACE_DATA_DIR=$scratch/data

: > "$file" || fail "$file cannot be written"
write "# GPU trial, $(date -u +%Y-%m-%d)"
write ""
write "$("$binaries/timbrespace" --version), \`--features $device\`, $(uname -srm)"
write "GPU: $gpu"
if command -v nvcc >/dev/null; then write "CUDA toolkit: $(nvcc --version | sed -n 's/^.*release //p')"; fi
write ""
try_all
write ""
write "$failures parts failed; $SECONDS s in all"
say "written to $file"
[ "$failures" -eq 0 ]
