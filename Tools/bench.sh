#!/usr/bin/env bash
# The pipeline's benchmark: logs are generated once into .build/bench (3.4 GB).
set -euo pipefail
assay=$(realpath "$1")
python=$(realpath -s "$2")
work=.build/bench
mkdir -p "$work"
generate() {
  [ -f "$work/$1.ndjson" ] || "$python" Benchmarks/pipeline/generate_wireless.py \
    --records "$2" --nodes "$3" --seed 1 --out "$work/$1.ndjson"
}
generate 1m 1000000 5000
generate 10m 10000000 50000
"$python" Benchmarks/pipeline/bench.py --assay "$assay" --log "$work/1m.ndjson" --work "$work/tmp"
"$python" Benchmarks/pipeline/bench.py --assay "$assay" \
  --scale "$work/1m.ndjson" "$work/10m.ndjson" --memory 1GB --work "$work/tmp"
