// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "ledger-bench",
  dependencies: [
    .package(name: "assay", path: "../.."),
    .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
  ],
  targets: [
    .executableTarget(
      name: "ledger-bench",
      dependencies: [
        .product(name: "Ledger", package: "assay"),
        .product(name: "Crypto", package: "swift-crypto"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
