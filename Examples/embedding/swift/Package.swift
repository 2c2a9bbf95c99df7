// swift-tools-version: 6.1
import PackageDescription

// Inside the repository the package is found three folders up; elsewhere name its address instead:
// .package(url: "https://…/assay.git", from: "…").
let package = Package(
  name: "verify",
  dependencies: [.package(name: "assay", path: "../../..")],
  targets: [
    .executableTarget(
      name: "verify", dependencies: [.product(name: "Assay", package: "assay")])
  ],
  swiftLanguageModes: [.v6]
)
