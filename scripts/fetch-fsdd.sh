#!/usr/bin/env bash
# Fetches the Free Spoken Digit Dataset (Zohar Jackson and others, CC BY-SA 4.0; 3,000 recordings, about 20 MB) by git or curl:
#   scripts/fetch-fsdd.sh [FOLDER]      data/fsdd, which git ignores, unless said otherwise
# FOLDER/recordings then holds its training part (numbers 5 to 49 of each digit and speaker), FOLDER/test its test part (0 to 4).
# FSDD_URL names another copy of the repository.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-$root/data/fsdd}
url=${FSDD_URL:-https://github.com/Jakobovski/free-spoken-digit-dataset}

say() { printf '==> %s\n' "$*" >&2; }

if [ -d "$folder/recordings" ]; then
  say "already there: $folder/recordings"
  exit 0
fi
if [ -e "$folder" ]; then
  say "error: $folder is there, but holds no recordings: name another folder, or remove it"
  exit 1
fi

mkdir -p "$(dirname "$folder")"
work=$(mktemp -d "$(dirname "$folder")/.fetching.XXXXXX")
trap 'rm -rf "$work"; rmdir "$(dirname "$folder")" 2>/dev/null || true' EXIT

by_git() {
  command -v git >/dev/null && GIT_TERMINAL_PROMPT=0 git clone --quiet --depth 1 "$url" "$work/copy" >&2
}

by_curl() {
  rm -rf "$work/copy" && mkdir "$work/copy" && command -v curl >/dev/null &&
    curl --fail --silent --show-error --location --connect-timeout 20 "$url/archive/HEAD.tar.gz" --output "$work/archive" &&
    tar -xzf "$work/archive" --strip-components 1 -C "$work/copy"
}

say "fetching $url"
if ! { by_git || by_curl; } || [ ! -d "$work/copy/recordings" ]; then
  say "error: the data set could not be fetched; is there a network? Nothing was changed."
  say "The demo sounds need none: timbrespace demo --out sounds (or start the window without a folder)."
  exit 1
fi

mkdir "$work/fsdd" "$work/fsdd/test"
mv "$work/copy/recordings" "$work/fsdd/recordings"
mv "$work/fsdd/recordings/"[0-9]_*_[0-4].wav "$work/fsdd/test/"
mv "$work/fsdd" "$folder"
count() { find "$1" -name '*.wav' | wc -l | tr -d ' '; }
say "$(count "$folder/recordings") recordings in $folder/recordings, $(count "$folder/test") for tests in $folder/test"
