#!/usr/bin/env bash
# Something to review, below OUT: the demo's real logs and three simulated nights with spoofers, the
# last of which remembers the ones before. Done once.
set -euo pipefail
assay=$1
out=${OUT:-out}
desk="$out/desk"
[ -d "$desk/bundles" ] && exit

rm -rf "$desk/logs" "$desk/judging"
mkdir -p "$desk/logs"
bash Tools/demo.sh "$assay" >/dev/null
"$assay" simulate wireless --nodes 200 --epochs 3 --seed 1 --out "$desk/logs/simulated" >/dev/null
for night in "$desk"/logs/simulated/epoch-*.ndjson; do
  "$assay" run --profile wireless --out "$desk/judging" --state "$desk/judging/state" \
    --key "$out/demo-key.pem" "$night" >/dev/null
done
for log in wireless-campusiot compute-crowdsd; do
  mkdir -p "$desk/logs/$log"
  cp Datasets/"$log"/*.ndjson.gz "$desk/logs/$log/"
done
mv "$desk/judging" "$desk/bundles"
