#!/usr/bin/env bash
# Makes Sources/VerifierGRPC/Generated from Protos: messages, services, and the descriptors that
# server reflection answers with. Needs protoc (Debian: protobuf-compiler; 3.21.12 made what is
# committed).
set -euo pipefail
cd "$(dirname "$0")/.."
out=Sources/VerifierGRPC/Generated
protos=(depin/verifier/v1/verifier.proto grpc/health/v1/health.proto
  grpc/reflection/v1/reflection.proto)

swift build --product protoc-gen-swift
swift build --product protoc-gen-grpc-swift-2
bin=$(swift build --show-bin-path)
mkdir -p "$out"
rm -f "$out"/*.swift
protoc -I Protos --plugin=protoc-gen-swift="$bin/protoc-gen-swift" \
  --swift_out="$out" --swift_opt=Visibility=Internal --swift_opt=FileNaming=DropPath \
  "${protos[@]}"
# Reflection is one method that two versions of the protocol share; it is registered by hand.
protoc -I Protos --plugin=protoc-gen-grpc-swift-2="$bin/protoc-gen-grpc-swift-2" \
  --grpc-swift-2_out="$out" --grpc-swift-2_opt=Visibility=Internal,Client=False,Server=True \
  --grpc-swift-2_opt=FileNaming=DropPath \
  "${protos[@]:0:2}"

set=$(mktemp)
trap 'rm -f "$set"' EXIT
protoc -I Protos --include_imports --descriptor_set_out="$set" "${protos[@]}"
{
  echo "// DO NOT EDIT. Made by Tools/protos.sh from the files in Protos."
  echo
  echo "/// A serialised \`google.protobuf.FileDescriptorSet\` of the served protos, base64."
  echo "let descriptorSetBase64 = \"\"\""
  base64 -w 96 "$set" | sed 's/^/  /; s/$/\\/; $ s/\\$//'
  echo "  \"\"\""
} >"$out/DescriptorSet.swift"
