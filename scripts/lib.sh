# Shared by the entry points beside it; sourced, never run. Goes to the repository's root.
# shellcheck shell=bash

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# run_logged LOG COMMAND…: the output goes to the file LOG and is shown only if COMMAND fails.
run_logged() {
  local log=$1 status=0
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    show_log "$log" >&2
    printf '\nfailed with exit code %d: %s\n' "$status" "$*" >&2
  fi
  return "$status"
}

# The end of a log: what went wrong is there, and a log of megabytes would bury it.
show_log() {
  local log=$1 max_lines=400 num_lines
  num_lines=$(wc -l <"$log")
  if [ "$num_lines" -gt "$max_lines" ]; then
    printf '… (the last %d of %d lines; all of it is in %s)\n' "$max_lines" "$num_lines" "$log"
  fi
  tail -n "$max_lines" "$log"
}

# cmake_preset PRESET [TARGET…]: configures and builds. Configuring again costs a second, and sees a
# changed preset, which ninja alone does not.
cmake_preset() {
  local preset=$1
  shift
  cmake --preset "$preset" && cmake --build --preset "$preset" ${1+--target "$@"}
}
