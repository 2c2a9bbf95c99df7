#!/usr/bin/env bash
# Judges two real logs, verifies the bundles and shows who was flagged and why.
set -euo pipefail
assay=$1
out=${OUT:-out}
mkdir -p "$out"
key="$out/demo-key.pem"
[ -f "$key" ] || "$assay" keys generate --out "$key" >/dev/null
for log in wireless:wireless-campusiot compute:compute-crowdsd; do
  profile=${log%%:*}
  folder=Datasets/${log#*:}
  echo
  echo "== assay run --profile $profile --epoch all $folder"
  "$assay" run --profile "$profile" --out "$out" --epoch all --key "$key" "$folder"
  bundle=$(ls -d "$out/$profile"/epoch-* | tail -n 1)
  echo
  echo "== assay verify $bundle"
  "$assay" verify "$bundle"
done
echo
echo "Open $out/compute/epoch-*/reports/report.html in a browser for the whole picture."
