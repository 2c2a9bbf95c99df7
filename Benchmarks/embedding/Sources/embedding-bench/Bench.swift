import Assay
import Foundation

/// What the verifier costs in process, and whether it agrees with the nightly run.
///
///     embedding-bench speed PROFILE LOG [MODEL]      one-node requests of ten records
///     embedding-bench agree PROFILE LOG [MODEL]      the whole log against `Run`, node by node
@main
struct Bench {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 4 else {
      print("usage: embedding-bench speed|agree PROFILE LOG [MODEL]")
      exit(2)
    }
    let night = try Night(
      profile: arguments[2], log: arguments[3], model: arguments.count > 4 ? arguments[4] : nil)
    switch arguments[1] {
    case "speed": try await Speed(night).report()
    case "agree":
      let differences = try await Agreement(night).differences()
      if differences > 0 { exit(1) }
    default:
      print("speed or agree")
      exit(2)
    }
  }
}

/// A log of one day in memory.
struct Night {
  let profile: String
  let path: String
  let modelPath: String?
  let epoch: Int64
  /// Records by node, in the order of the log.
  let nodes: [(name: String, lines: [[UInt8]])]

  init(profile: String, log: String, model: String?) throws {
    self.profile = profile
    path = log
    modelPath = model
    let text = [UInt8](try Data(contentsOf: URL(fileURLWithPath: log)))
    var byNode: [String: [[UInt8]]] = [:]
    var day: Int64?
    for line in text.split(separator: 10) {
      guard let record = try? JSONDecoder().decode(Head.self, from: Data(line)) else { continue }
      byNode[record.node, default: []].append(Array(line))
      day = day ?? record.ts / 86_400_000
    }
    nodes = byNode.map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
    epoch = day ?? 0
  }

  private struct Head: Decodable {
    let ts: Int64
    let node: String
  }

  func verifier(tasks: Int) throws -> Verifier {
    var limits = VerifierLimits()
    limits.maxItems = 1 << 20
    limits.maxRecords = 1 << 26
    limits.maxDeadlineMs = 3_600_000
    return try Verifier(
      VerifierConfiguration(
        profiles: [.init(named: profile, modelPath: modelPath)], limits: limits, tasks: tasks))
  }
}
