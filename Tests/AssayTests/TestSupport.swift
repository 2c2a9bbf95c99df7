import Assay
import Bundles
import Contributions
import Foundation
import Ingestion
import Pipeline
import Simulation
import Testing

/// SplitMix64 (Steele, Lea and Flood 2014): a seeded generator for reproducible property loops.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A temporary folder, gone with its last reference.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "assay-verifier-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// The model that comes with Assay.
func modelPath(_ profile: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Models/\(profile).safetensors").path
}

/// A simulated night of a network, with attackers.
struct Night: Sendable {
  static let epoch = Simulation.firstDay

  let profile: String
  /// In the order of the log.
  let lines: [String]

  init(_ profile: String, nodes: Int, seed: UInt64) async throws {
    self.profile = profile
    let network = try #require(Simulation.network(named: profile))
    let simulation = try Simulation(
      network, nodes: nodes, epochs: 1, seed: seed,
      attacks: Simulation.attackCodes(of: network), contamination: 0.1)
    let folder = try Folder()
    _ = try await simulation.write(to: folder.path + "/log", tasks: 1)
    let number = String(format: "%06lld", Self.epoch)
    let text = try String(
      contentsOfFile: "\(folder.path)/log/epoch-\(number).ndjson", encoding: .utf8)
    lines = text.split(separator: "\n").map { String($0) }
  }

  init(_ profile: String, lines: [String]) {
    self.profile = profile
    self.lines = lines
  }

  /// What stands between `"node":"` and the next quote.
  static func node(of line: String) -> String {
    line.components(separatedBy: #""node":""#).dropFirst().first?
      .components(separatedBy: "\"").first ?? ""
  }

  /// One item per node, by node.
  var itemsByNode: [VerifyItem] {
    Dictionary(grouping: lines, by: Self.node).sorted { $0.key < $1.key }.map {
      VerifyItem(itemID: "item of \($0.key)", profile: profile, records: RecordLines($0.value))
    }
  }

  var wholeItem: VerifyItem {
    VerifyItem(itemID: "night", profile: profile, records: RecordLines(lines))
  }

  /// The nightly run of the same records.
  func run(
    model: TrainedModel? = nil, policy: Policy = .standard
  ) async throws -> BundleContents {
    let folder = try Folder()
    let file = folder.path + "/log.ndjson"
    try lines.map { $0 + "\n" }.joined().write(toFile: file, atomically: true, encoding: .utf8)
    let own = try #require(Profile.named(profile))
    return try await Run(
      RunSettings(
        profile: own, logs: try LogFile.find([file]), selection: .day(Epoch(day: Self.epoch)),
        model: model, policy: policy, memoryLimit: 64_000_000, tasks: 2)
    ).contents()
  }
}

func verifier(
  _ profiles: [String], models: Bool = true, tasks: Int = 1, maxItems: Int = 20_000,
  maxRecords: Int = 10_000_000
) throws -> Verifier {
  var limits = VerifierLimits()
  limits.maxItems = maxItems
  limits.maxRecords = maxRecords
  limits.maxBytes = 1 << 30
  limits.maxDeadlineMs = 3_600_000
  return try Verifier(
    VerifierConfiguration(
      profiles: profiles.map {
        try .init(named: $0, modelPath: models ? modelPath($0) : nil)
      }, limits: limits, tasks: tasks))
}

func request(
  _ items: [VerifyItem], epoch: Int64 = Night.epoch, asOf: Int64? = nil,
  deadlineMs: Int? = nil, limits: VerifierLimits? = nil
) throws -> VerifyRequest {
  var wide = VerifierLimits()
  wide.maxItems = 20_000
  wide.maxRecords = 10_000_000
  return try VerifyRequest(
    requestID: "r", epoch: epoch, asOf: asOf, deadlineMs: deadlineMs, items: items,
    limits: limits ?? wide)
}

/// A record of the profile `environment` on the night's day.
func reading(_ node: String, at millisecond: Int64, temperature: Double = 12.5) -> String {
  let ts = Night.epoch * 86_400_000 + millisecond
  return #"{"ts":\#(ts),"node":"\#(node)","kind":"reading","temp_c":\#(temperature)}"#
}

/// Thirty readings of a node, a minute apart.
func readings(_ node: String, count: Int64 = 30) -> [String] {
  (0..<count).map { reading(node, at: $0 * 60_000, temperature: Double($0 % 7) + 0.25) }
}

func item(_ id: String, _ records: [String], profile: String = "environment") -> VerifyItem {
  VerifyItem(itemID: id, profile: profile, records: RecordLines(records))
}
