#!/usr/bin/env bash
# Writes the profiles' pages from their declarations.
set -euo pipefail
for profile in wireless compute storage mobility environment; do
  "$1" profile page "$profile" >"Docs/profiles/$profile.md"
done
