#!/usr/bin/env bash
# Records a small pipeline, then one that is killed in the middle, and shows what is on the tapes.
set -euo pipefail
cd "$(dirname "$0")/.."
target="${CARGO_TARGET_DIR:-target}/release"
data="$(mktemp -d)"
trap 'rm -rf "$data"' EXIT

say() { printf '\n== %s\n' "$1"; }

say "A pipeline runs to its end"
tape="$("$target/examples/pipeline" "$data")"
"$target/telensic" tape "$tape" --check

say "Its records, one a line"
"$target/telensic" tape "$tape" --records

say "The same as NDJSON log lines, with the ids of trace and span"
head -n 3 "$data"/logs/*.jsonl

say "Another one is killed with SIGKILL in the middle of a stage"
"$target/examples/pipeline" "$data" --hang >"$data/tape-of-the-killed" &
victim=$!
until [ -s "$data/tape-of-the-killed" ]; do sleep 0.1; done
sleep 0.5
kill -KILL "$victim"
wait "$victim" 2>/dev/null || true

say "Everything that had ended is there, and what was open is named"
"$target/telensic" tape "$(cat "$data/tape-of-the-killed")" --check
