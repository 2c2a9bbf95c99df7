import Contributions
import TestRecords

@testable import Profiles

/// One node's records of any profile, written row by row.
struct LogNode {
  typealias Fields = RecordLog.Fields

  /// Midnight UTC, the start of the tests' day.
  static let midnight: Int64 = 1_700_006_400_000

  let network: Profile
  private var log: RecordLog

  init(_ network: Profile) {
    self.network = network
    log = RecordLog(network.schema)
  }

  mutating func add(_ kind: String, second: Double, _ fields: RecordLog.Fields) {
    log.add(kind, at: Self.midnight + Int64((second * 1000).rounded()), fields)
  }

  var records: NodeRecords { log.records(of: "node") }

  mutating func shuffle(seed: UInt64) {
    var random = ComputeRandom(state: seed)
    log.shuffle(using: &random)
  }

  var profile: NodeProfile { network.profile(records) }

  /// Codes of the findings with at least their minimum of occurrences.
  var codes: Set<String> {
    Set(profile.findings.filter(\.isEstablished).map(\.reason.code))
  }

  /// Those among them that reject or hold.
  var serious: Set<String> {
    let findings = profile.findings.filter { $0.isEstablished && $0.reason.severity >= .medium }
    return Set(findings.map(\.reason.code))
  }

  func finding(_ code: String) -> RuleFinding? {
    profile.findings.first { $0.reason.code == code }
  }

  func feature(_ name: String) -> Double {
    network.features.firstIndex { $0.name == name }.map { profile.features[$0] } ?? .nan
  }
}
