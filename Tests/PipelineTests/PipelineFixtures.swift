import Bundles
import Contributions
import Foundation
import Ingestion
import Pipeline
import Profiles
import Verdicts

/// A folder that goes away with its test.
final class TemporaryFolder {
  let path: String

  init() throws {
    let unique = FileManager.default.temporaryDirectory
      .appendingPathComponent("assay-pipeline-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: unique, withIntermediateDirectories: true)
    path = unique.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func write(_ text: String, to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// SplitMix64.
struct Noise: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// About normal, mean 0, deviation 1.
  mutating func normal() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
  }
}

/// A day's log of small gateways, line by line.
struct SyntheticLog {
  static let day: Int64 = 19_676
  private(set) var lines: [String] = []

  /// `count` honest gateways named `prefix` 1000…, 24 receptions each.
  init(honest count: Int, prefix: String = "gw", seed: UInt64 = 1) {
    var random = Noise(state: seed)
    for node in 0..<count { addNode("\(prefix)\(1000 + node)", &random) }
  }

  mutating func addNode(
    _ node: String, _ random: inout Noise, receptions: Int = 24, rssi: Double? = nil,
    hold: Double = 0
  ) {
    claim(node)
    for index in 0..<receptions {
      let strength = rssi ?? (-100 + 8 * random.normal()).rounded()
      let noise = rssi == nil ? ((strength + 108) / 2 + random.normal()).rounded() : -14
      let time =
        86_000_000 * Int64(index) / Int64(receptions)
        + Int64.random(
          in: 0..<100_000, using: &random)
      let late = (hold + 200 + 40 * random.normal()).rounded()
      add(
        node, kind: "packet", time: time,
        #""device":"d\#(index % 6)","payload_hash":"\#(node)-\#(index)","rssi_dbm":\#(strength),"#
          + (rssi == nil ? "" : #""datarate":"SF7BW125","#)
          + #""snr_db":\#(noise),"size_bytes":\#(20 + index % 30),"hold_ms":\#(late)"#)
    }
  }

  mutating func claim(_ node: String) {
    add(node, kind: "claim", time: 0, #""region":"EU868","lat":48.85,"lon":2.35"#)
  }

  mutating func add(_ node: String, kind: String, time: Int64, _ fields: String) {
    let ts = Self.day * 86_400_000 + time
    lines.append(#"{"ts":\#(ts),"node":"\#(node)","kind":"\#(kind)",\#(fields)}"#)
  }

  mutating func add(line: String) { lines.append(line) }

  var text: String { lines.map { "\($0)\n" }.joined() }
}

extension SyntheticLog {
  /// Sixty honest gateways, one of each other fate, and lines that are no records.
  static var mixed: SyntheticLog {
    var log = SyntheticLog(honest: 60)
    var random = Noise(state: 77)
    log.addNode("attacker", &random, receptions: 30, rssi: -97)
    log.addNode("faulty", &random, receptions: 30, hold: 9000)
    log.addNode("tiny", &random, receptions: 3)
    log.add(line: "not a record")
    log.add(line: #"{"ts":1700006400000,"node":"gw1000","kind":"packet","rssi_dbm":9000}"#)
    log.add(line: log.lines[5])
    return log
  }
}

func settings(
  _ paths: [String], profile: Profile = .wireless, selection: EpochSelection = .single,
  model: TrainedModel? = nil, policy: Policy = .standard, tasks: Int = 2
) throws -> RunSettings {
  RunSettings(
    profile: profile, logs: try LogFile.find(paths), selection: selection, model: model,
    policy: policy, memoryLimit: 64_000_000, tasks: tasks)
}

/// The bundle of a log, written below `folder`.
func bundle(
  of log: SyntheticLog, in folder: TemporaryFolder, name: String = "log.ndjson",
  model: TrainedModel? = nil
) async throws -> (contents: BundleContents, path: String, log: String) {
  let file = try folder.write(log.text, to: name)
  let contents = try await Run(settings([file], model: model)).contents()
  let path = try BundleWriter(contents, keys: []).write(below: "\(folder.path)/out-\(name)")
  return (contents, path, file)
}

func json(_ bytes: [UInt8]?) throws -> [String: Any] {
  try JSONSerialization.jsonObject(with: Data(bytes ?? [])) as? [String: Any] ?? [:]
}
