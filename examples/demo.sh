#!/usr/bin/env bash
# Records a small pipeline as a run, changes one cell of its input and says what differs, kills a third one and recovers it.
set -euo pipefail
cd "$(dirname "$0")/.."
target="$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/release"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export TELENSIC_DIR="$work/data" TELENSIC_KEY="$work/seal.key"
PATH="$target:$PATH"

say() { printf '\n== %s\n' "$1"; }

awk 'BEGIN { print "bar,nav"; v = 1; for (i = 0; i < 2000; i++) { v *= 1 + 0.012 * sin(i / 7) + 0.002; printf "%d,%.6f\n", i, v } }' >"$work/nav.csv"
cd "$work"

say "A pipeline runs to its end, and is sealed"
"$target/examples/pipeline" nav.csv

say "telensic trace: where its time went"
telensic trace

say "telensic verify: the record is complete and unaltered"
telensic verify

say "One cell of its input is changed, and it runs again: what differs, and why?"
sed -i '1502s/,.*/,9.999999/' nav.csv
"$target/examples/pipeline" nav.csv
telensic diff latest~1 latest || test $? = 1

say "A third one is killed with SIGKILL in the middle of a stage"
"$target/examples/pipeline" nav.csv --hang &
victim=$!
until telensic logs "$(telensic ls -n 1 | cut -d' ' -f1)" 2>/dev/null | grep -q 'never answers'; do sleep 0.1; done
kill -KILL "$victim"
wait "$victim" 2>/dev/null || true
telensic ls

say "telensic recover: everything that had ended is there, and what was open is named"
telensic recover --all
telensic trace "$(telensic ls -n 1 | cut -d' ' -f1)"

say "An unaltered record that anyone can open in a browser and verify: telensic pack"
telensic pack latest -o "$work/evidence.html" && ls -l "$work/evidence.html"
