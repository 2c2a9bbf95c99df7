#!/bin/sh
# Lays the C library out for other languages: Tools/embedding.sh FOLDER [CONFIGURATION]
#   FOLDER/include/assay.h  FOLDER/lib/libassay.so  FOLDER/lib/pkgconfig/assay.pc
# CONFIGURATION is debug (the default) or release. Swift's own runtime is found where this machine's
# toolchain has it; RUNTIME=copy puts it beside the library, for machines without the toolchain.
set -eu
folder=${1:?usage: Tools/embedding.sh FOLDER [debug|release]}
configuration=${2:-debug}
cd "$(dirname "$0")/.."
swift build -q -c "$configuration" --product assay-c -Xlinker -soname=libassay.so.1
built=$(swift build -c "$configuration" --product assay-c --show-bin-path)/libassay-c.so
version=$(sed -n 's/.*tool = "assay \(.*\)"/\1/p' Sources/Bundles/BundleContents.swift)
mkdir -p "$folder/include" "$folder/lib/pkgconfig"
folder=$(cd "$folder" && pwd)
cp Sources/AssayC/assay.h "$folder/include/"
cp "$built" "$folder/lib/libassay.so.1"
ln -sf libassay.so.1 "$folder/lib/libassay.so"
if [ "${RUNTIME:-}" = copy ]; then
  ldd "$built" | sed -n 's|.* => \(.*/swift/linux/.*\) (.*|\1|p' | while read -r library; do
    cp "$library" "$folder/lib/"
  done
fi
cat > "$folder/lib/pkgconfig/assay.pc" <<PC
prefix=\${pcfiledir}/../..
libdir=\${prefix}/lib

Name: assay
Description: Verdicts on the physical contributions of decentralised networks
Version: $version
Cflags: -I\${prefix}/include
Libs: -L\${libdir} -lassay
PC
echo "assay $version: $folder"
