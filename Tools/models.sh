#!/usr/bin/env bash
# Trains the models under Models/: two from the real logs under Datasets/, three from simulated nights without spoofers.
set -euo pipefail
assay=$1
out=${2:-Models}
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
train() {
  echo "== $1"
  "$assay" train --profile "$1" --out "$out/$1.safetensors" --epoch all "$2"
}
simulate() {
  "$assay" simulate "$1" --nodes 1500 --seed 1 --attacks none --out "$work/$1"
  train "$1" "$work/$1"
}
train wireless Datasets/wireless-campusiot
train compute Datasets/compute-crowdsd
simulate storage
simulate mobility
simulate environment
