// swift-tools-version: 6.1
import PackageDescription

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

let package = Package(
  name: "assay",
  products: [
    .executable(name: "assay", targets: ["assay"]),
    .executable(name: "assayd", targets: ["assayd"]),
    .executable(name: "assay-verifier", targets: ["assay-verifier"]),
    .library(name: "Assay", targets: ["Assay"]),
    .library(name: "assay-c", type: .dynamic, targets: ["AssayC"]),
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
    .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-http2.git", exact: "1.46.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-metrics.git", exact: "2.13.0"),
    .package(url: "https://github.com/apple/swift-configuration.git", exact: "1.4.0"),
    .package(url: "https://github.com/vapor/jwt-kit.git", exact: "5.7.1"),
    .package(url: "https://github.com/grpc/grpc-swift-2.git", exact: "2.4.3"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport.git", exact: "2.9.2"),
    .package(url: "https://github.com/grpc/grpc-swift-protobuf.git", exact: "2.4.1"),
    .package(url: "https://github.com/apple/swift-protobuf.git", exact: "1.39.0"),
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
    .target(name: "Nightly", dependencies: ["Contributions", "Bundles"]),
    .executableTarget(
      name: "assay",
      dependencies: [
        "Pipeline", "ProfileFiles", "Simulation", "Chain", "Nightly",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "Review",
      dependencies: [
        "Contributions", "Profiles", "Detection", "Verdicts", "Ledger", "Bundles", "Ingestion",
        "Pipeline", "Relations", crypto,
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(
      name: "Service",
      dependencies: [
        "Contributions", "Verdicts", "Bundles", "Ingestion", "Profiles", "Pipeline", "Reports",
        "Relations", "Review", crypto, .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        "Metering",
      ]),
    .executableTarget(
      name: "assayd",
      dependencies: [
        "Review", "Service", "ServiceSupport", "Profiles", "ProfileFiles",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),

    .target(name: "Metering", dependencies: [.product(name: "Metrics", package: "swift-metrics")]),
    .target(
      name: "ServiceSupport",
      dependencies: [
        "Contributions", .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "Assay",
      dependencies: [
        "Contributions", "Ingestion", "Profiles", "Relations", "Verdicts", "Bundles", "Pipeline",
        "ProfileFiles", crypto,
      ]),
    .target(name: "AssayC", dependencies: ["Assay"]),
    .target(name: "Intake", dependencies: ["Contributions", "Ingestion", "Bundles", crypto]),
    .target(
      name: "VerifierService",
      dependencies: [
        "Assay", "Intake", "Metering", "Contributions", crypto,
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .target(
      name: "VerifierGRPC",
      dependencies: [
        "Assay", "VerifierService", "Contributions",
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport"),
        .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOCertificateReloading", package: "swift-nio-extras"),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .executableTarget(
      name: "assay-verifier",
      dependencies: [
        "Assay", "Contributions", "Intake", "Metering", "ServiceSupport", "VerifierService",
        "VerifierGRPC", .product(name: "NIOCore", package: "swift-nio"),
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
        "Contributions", crypto, .product(name: "Logging", package: "swift-log"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
      ]),
    .testTarget(
      name: "AssayTests",
      dependencies: [
        "Assay", "Bundles", "Contributions", "Ingestion", "Pipeline", "Profiles", "Simulation",
        "Verdicts", crypto,
      ]),
    .testTarget(
      name: "IntakeTests", dependencies: ["Intake", "Contributions", "Ingestion", "Profiles"]),
    .testTarget(name: "NightlyTests", dependencies: ["Nightly", "Contributions"]),
    .testTarget(name: "VerifierServiceTests", dependencies: ["VerifierService", "Assay"]),
    .testTarget(
      name: "MeteringTests",
      dependencies: ["Metering", .product(name: "Metrics", package: "swift-metrics")]),
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
