// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "embedding-bench",
  dependencies: [.package(name: "assay", path: "../..")],
  targets: [
    .executableTarget(
      name: "embedding-bench",
      dependencies: [
        .product(name: "Assay", package: "assay"),
        .product(name: "Contributions", package: "assay"),
        .product(name: "Ingestion", package: "assay"),
        .product(name: "Pipeline", package: "assay"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
