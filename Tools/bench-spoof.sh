#!/usr/bin/env bash
# Simulated networks with every attack: Assay's verdicts beside outlier detectors on generic features.
set -euo pipefail
assay=$(realpath "$1")
shift
bash Tools/python-environment.sh .build/venv-spoof Benchmarks/spoof/requirements.txt
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
.build/venv-spoof/bin/python Benchmarks/spoof/bench.py --assay "$assay" "$@"
echo
.build/venv-spoof/bin/python Benchmarks/spoof/inject.py --assay "$assay"
