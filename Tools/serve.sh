#!/usr/bin/env bash
# The review desk over what Tools/desk-nights.sh judged. OUT and PORT may be set.
set -euo pipefail
assayd=$1
out=${OUT:-out}
desk="$out/desk"
store="$desk/desk.db"

echo "The desk's own messages go to $desk/messages.ndjson; Ctrl-C ends it."
if [ -f "$store" ]; then
  echo "It has been set up before. No password yet, or forgotten? In another terminal:"
  echo "  $assayd people link admin --store $store --url http://127.0.0.1:${PORT:-8080}"
else
  echo "Open the second address in a browser: there you set the password of \"admin\"."
fi
code=0
"$assayd" serve --store "$store" --port "${PORT:-8080}" --bundles "$desk/bundles" "$out" --import \
  --logs "$desk/logs" 2>>"$desk/messages.ndjson" || code=$?
# 130 is Ctrl-C, which also reaches this script.
if [ "$code" -ne 0 ] && [ "$code" -ne 130 ]; then
  tail -n 3 "$desk/messages.ndjson" >&2
  echo "The desk ended. Is the port taken? PORT=8090 make serve takes another." >&2
  exit "$code"
fi
