// swift-tools-version: 6.1
import PackageDescription

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

let package = Package(
  name: "assay",
  products: [
    .executable(name: "assay", targets: ["assay"]),
    .executable(name: "assayd", targets: ["assayd"]),
    .library(name: "CBLAS", targets: ["CBLAS"]),
    .library(name: "Contributions", targets: ["Contributions"]),
    .library(name: "ExactMath", targets: ["ExactMath"]),
    .library(name: "Ingestion", targets: ["Ingestion"]),
    .library(name: "Profiles", targets: ["Profiles"]),
    .library(name: "Detection", targets: ["Detection"]),
    .library(name: "Ledger", targets: ["Ledger"]),
    .library(name: "Bundles", targets: ["Bundles"]),
    .library(name: "Pipeline", targets: ["Pipeline"]),
  ],
  dependencies: [
    .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
    .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
    .package(
      url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
  ],
  targets: [
    .systemLibrary(name: "CBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CIsal", providers: [.apt(["libisal-dev"])]),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CSecp256k1", providers: [.apt(["libsecp256k1-dev"])]),
    .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),

    .target(name: "Contributions"),
    .target(name: "ExactMath", dependencies: ["CBLAS"]),
    .target(
      name: "Ingestion", dependencies: ["Contributions", "CSimdjson", "CIsal", "CZstd", crypto]),
    .target(
      name: "Profiles", dependencies: ["Contributions", "ExactMath"],
      resources: [.embedInCode("Resources/gpus.csv")]),
    .target(name: "Relations", dependencies: ["Contributions", "ExactMath", "Profiles"]),
    .target(name: "Detection", dependencies: ["Contributions", "ExactMath"]),
    .target(
      name: "Verdicts", dependencies: ["Contributions", "ExactMath", "Profiles", "Detection"]),
    .target(name: "Ledger", dependencies: ["Contributions", "CSecp256k1", crypto]),
    .target(
      name: "Bundles",
      dependencies: [
        "Contributions", "Profiles", "Detection", "Verdicts", "Ledger", "CZlib", crypto,
      ]),
    .target(name: "Chain", dependencies: ["Contributions", "Ledger", "Bundles"]),
    .target(
      name: "ProfileFiles",
      dependencies: ["Contributions", "Profiles", .product(name: "Yams", package: "Yams")]),
    .target(name: "Reports"),
    .target(name: "Simulation", dependencies: ["ExactMath"]),
    .target(
      name: "Pipeline",
      dependencies: [
        "Contributions", "Ingestion", "Profiles", "Relations", "Detection", "Verdicts", "Ledger",
        "Bundles", "Reports", crypto,
      ]),
    .executableTarget(
      name: "assay",
      dependencies: [
        "Pipeline", "ProfileFiles", "Simulation", "Chain",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "Review",
      dependencies: [
        "Contributions", "Profiles", "Detection", "Verdicts", "Ledger", "Bundles", "Ingestion",
        "Pipeline", crypto, .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(
      name: "Service",
      dependencies: [
        "Contributions", "Verdicts", "Bundles", "Ingestion", "Profiles", "Pipeline", "Reports",
        "Review", crypto, .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .executableTarget(
      name: "assayd",
      dependencies: [
        "Review", "Service", "Bundles", .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),

    .testTarget(name: "ContributionsTests", dependencies: ["Contributions"]),
    .testTarget(name: "ExactMathTests", dependencies: ["ExactMath"]),
    .testTarget(
      name: "IngestionTests", dependencies: ["Ingestion", "Contributions", "CSimdjson", crypto]),
    .target(name: "TestRecords", dependencies: ["Contributions"], path: "Tests/TestRecords"),
    .testTarget(
      name: "ProfilesTests",
      dependencies: ["Profiles", "Contributions", "ExactMath", "TestRecords"]
    ),
    .testTarget(
      name: "ProfileFilesTests",
      dependencies: ["ProfileFiles", "Profiles", "Contributions", "Relations"]),
    .testTarget(
      name: "RelationsTests",
      dependencies: ["Relations", "Profiles", "Contributions", "TestRecords"]),
    .testTarget(name: "DetectionTests", dependencies: ["Detection", "ExactMath"]),
    .testTarget(
      name: "VerdictsTests", dependencies: ["Verdicts", "Detection", "Profiles", "Contributions"]),
    .testTarget(
      name: "LedgerTests", dependencies: ["Ledger", "Contributions", crypto],
      exclude: ["Golden"]),
    .testTarget(
      name: "BundlesTests",
      dependencies: ["Bundles", "Contributions", "Detection", "Ledger", "Profiles", "Verdicts"]),
    .testTarget(
      name: "ChainTests",
      dependencies: ["Chain", "Bundles", "Contributions", "Ledger", "Profiles", "Verdicts"]),
    .testTarget(name: "SimulationTests", dependencies: ["Simulation", "Contributions"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports"], exclude: ["Golden"]),
    .testTarget(
      name: "ReviewTests",
      dependencies: [
        "Review", "Bundles", "Contributions", "Detection", "Ingestion", "Ledger", "Pipeline",
        "Profiles", "Verdicts", crypto, .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "ServiceTests",
      dependencies: [
        "Service", "Review", "Bundles", "Verdicts", "Detection", "Profiles", "Ledger",
        "Contributions", .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
      ]),
    .testTarget(
      name: "PipelineTests",
      dependencies: [
        "Pipeline", "Bundles", "Contributions", "Detection", "Ingestion", "Ledger", "Profiles",
        "Relations", "Verdicts",
      ]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
