#!/usr/bin/env bash
# Trains the models under Models/ from the logs under Datasets/.
set -euo pipefail
assay=$1
out=${2:-Models}
mkdir -p "$out"
train() {
  echo "== $1"
  "$assay" train --profile "$1" --out "$out/$1.safetensors" --epoch all "Datasets/$2"
}
train wireless wireless-campusiot
train compute compute-crowdsd
