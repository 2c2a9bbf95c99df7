#!/usr/bin/env bash
# Compares the scorer with PyOD over a folder of labelled tables. Peers take about half an hour the
# first time; their results are kept in .build/bench-detection.
set -euo pipefail
assay=$(realpath "$1")
tables=$2
if ! ls "$tables"/*.csv.gz >/dev/null 2>&1; then
  echo "no tables in $tables: give a folder with TABLES=DIR (Benchmarks/detection/README.md)"
  exit 0
fi
work=.build/bench-detection
mkdir -p "$work"
bash Tools/python-environment.sh .build/venv-detection Benchmarks/detection/requirements.txt
python=.build/venv-detection/bin/python
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
"$python" Benchmarks/detection/peers.py --tables "$tables" --out "$work/peers.json" 2>/dev/null
"$python" Benchmarks/detection/bench.py --assay "$assay" --tables "$tables" \
  --peers "$work/peers.json"
