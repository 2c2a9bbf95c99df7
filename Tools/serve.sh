#!/usr/bin/env bash
# The review desk with something to review: the demo's real logs and one simulated night with spoofers.
set -euo pipefail
assay=$1
assayd=$2
out=${OUT:-out}
bash Tools/demo.sh "$assay" >/dev/null
night="$out/simulated"
if [ ! -d "$night" ]; then
  "$assay" simulate wireless --nodes 400 --seed 1 --out "$night" >/dev/null
  "$assay" run --profile wireless --out "$out" --key "$out/demo-key.pem" "$night"/epoch-*.ndjson >/dev/null
fi
echo "Open the link below to set the first password; end the desk with Ctrl-C."
exec "$assayd" serve --store "$out/desk.db" --port "${PORT:-8080}" --bundles "$out" --import --logs "$night"
