#!/bin/sh
# Runs every example that this machine has the tools for and checks that their answers are the same
# bytes: Examples/embedding/run.sh [FOLDER]. The library is built into FOLDER first (a temporary one
# by default). REQUIRED names languages that must not be left out: REQUIRED="c python".
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
build=$folder/build
mkdir -p "$build"
"$root/Tools/embedding.sh" "$folder"
export PATH="$PATH:$HOME/.cargo/bin"
export PKG_CONFIG_PATH="$folder/lib/pkgconfig"
export LD_LIBRARY_PATH="$folder/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
model=$root/Models/wireless.safetensors
configuration=$build/configuration.json
request=$here/request.json
printf '{"profiles":[{"profile":"wireless","model":"%s"}]}\n' "$model" > "$configuration"
flags=$(pkg-config --cflags --libs assay 2> /dev/null || echo "-I$folder/include -L$folder/lib -lassay")

example() {
  name=$1
  tool=$2
  shift 2
  if ! command -v "$tool" > /dev/null; then
    case " ${REQUIRED:-} " in
      *" $name "*) echo "$name: $tool is missing" >&2 && exit 1 ;;
    esac
    echo "$name: left out, no $tool here"
    return
  fi
  echo "$name:"
  "$@" > "$build/$name.answer"
}

c() {
  # shellcheck disable=SC2086
  gcc -std=c11 -Wall -Wextra -Werror -O2 "$here/c/verify.c" -o "$build/verify-c" $flags -pthread
  "$build/verify-c" "$configuration" "$request"
}

c_sanitized() {
  # shellcheck disable=SC2086
  gcc -std=c11 -g -fsanitize=address,undefined -fno-omit-frame-pointer "$here/c/verify.c" \
    -o "$build/verify-asan" $flags -pthread
  ASAN_OPTIONS=detect_leaks=1 "$build/verify-asan" "$configuration" "$request"
}

python() {
  python3 "$here/python/verify.py" "$folder/lib/libassay.so" "$configuration" "$request"
}

go_example() {
  (cd "$here/go" && CGO_CFLAGS="-I$folder/include" CGO_LDFLAGS="-L$folder/lib" GOFLAGS=-mod=mod \
    GOCACHE="$build/go-cache" go build -o "$build/verify-go" .)
  "$build/verify-go" "$configuration" "$request"
}

rust() {
  rustc --edition 2021 -O -D warnings -L "$folder/lib" -o "$build/verify-rust" \
    "$here/rust/verify.rs"
  "$build/verify-rust" "$configuration" "$request"
}

swift_example() {
  swift run --package-path "$here/swift" --scratch-path "$build/swift" -q verify "$model" \
    "$request"
}

example c gcc c
example c-sanitized gcc c_sanitized
example python python3 python
example go go go_example
example rust rustc rust
# The Swift example builds the whole package anew: minutes, so only when asked for.
case " ${REQUIRED:-} " in *" swift "*) example swift swift swift_example ;; esac

for answer in "$build"/*.answer; do
  cmp "$build/c.answer" "$answer"
done
echo "$(ls "$build"/*.answer | wc -l) answers, all the same $(wc -c < "$build/c.answer") bytes"
