// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "calibration-bench",
  dependencies: [.package(name: "assay", path: "../..")],
  targets: [
    .executableTarget(
      name: "calibration-bench",
      dependencies: [
        .product(name: "Detection", package: "assay")
      ])
  ],
  swiftLanguageModes: [.v6]
)
