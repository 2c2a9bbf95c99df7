#!/usr/bin/env bash
# Makes a Python environment with the packages of a requirements file, once per content of that file.
set -euo pipefail
environment=$1
requirements=$2
stamp="$environment/.requirements"
cmp -s "$requirements" "$stamp" 2>/dev/null && exit 0
rm -rf "$environment"
python3 -m venv "$environment"
"$environment/bin/pip" install -q --disable-pip-version-check -r "$requirements"
cp "$requirements" "$stamp"
