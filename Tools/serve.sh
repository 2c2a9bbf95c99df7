#!/usr/bin/env bash
# The review desk with something to review: the demo's real logs and three simulated nights with
# spoofers, the last of which remembers the ones before. OUT and PORT may be set.
set -euo pipefail
assay=$1
assayd=$2
out=${OUT:-out}
desk="$out/desk"
store="$desk/desk.db"
mkdir -p "$desk/logs"

if [ ! -d "$desk/bundles" ]; then
  echo "Judging the demo's logs and three simulated nights …"
  bash Tools/demo.sh "$assay" >/dev/null
  rm -rf "$desk/logs/simulated" "$desk/judging"
  "$assay" simulate wireless --nodes 400 --epochs 3 --seed 1 --out "$desk/logs/simulated" >/dev/null
  for night in "$desk"/logs/simulated/epoch-*.ndjson; do
    "$assay" run --profile wireless --out "$desk/judging" --state "$desk/judging/state" \
      --key "$out/demo-key.pem" "$night" >/dev/null
  done
  for log in wireless-campusiot compute-crowdsd; do
    mkdir -p "$desk/logs/$log"
    cp Datasets/"$log"/*.ndjson.gz "$desk/logs/$log/"
  done
  mv "$desk/judging" "$desk/bundles"
fi

echo "The desk's own messages go to $desk/messages.ndjson; Ctrl-C ends it."
if [ -f "$store" ]; then
  echo "It has been set up before. No password yet, or forgotten? In another terminal:"
  echo "  $assayd people link admin --store $store --url http://127.0.0.1:${PORT:-8080}"
else
  echo "Open the second address in a browser: there you set the password of \"admin\"."
fi
code=0
"$assayd" serve --store "$store" --port "${PORT:-8080}" --bundles "$desk/bundles" "$out" --import \
  --logs "$desk/logs" 2>>"$desk/messages.ndjson" || code=$?
# 130 is Ctrl-C, which also reaches this script.
if [ "$code" -ne 0 ] && [ "$code" -ne 130 ]; then
  tail -n 3 "$desk/messages.ndjson" >&2
  echo "The desk ended. Is the port taken? PORT=8090 make serve takes another." >&2
  exit "$code"
fi
