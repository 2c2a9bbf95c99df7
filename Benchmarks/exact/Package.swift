// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "exact-bench",
  dependencies: [.package(name: "assay", path: "../..")],
  targets: [
    .executableTarget(
      name: "exact-bench",
      dependencies: [
        .product(name: "ExactMath", package: "assay"),
        .product(name: "CBLAS", package: "assay"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
