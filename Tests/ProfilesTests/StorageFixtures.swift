import Contributions
import TestRecords

@testable import Profiles

/// One storage node's records, written row by row.
struct StorageNode {
  typealias Fields = RecordLog.Fields

  /// Midnight UTC, the start of the tests' day.
  static let midnight: Int64 = 1_700_006_400_000

  let node: String
  private var log = RecordLog(.storage)

  init(_ node: String) {
    self.node = node
  }

  mutating func add(_ kind: String, second: Double, _ fields: Fields) {
    log.add(kind, at: Self.midnight + Int64((second * 1000).rounded()), fields)
  }

  var records: NodeRecords { log.records(of: node) }

  var profile: NodeProfile { Profile.storage.profile(records) }

  /// Codes of the findings with at least their minimum of occurrences.
  var codes: Set<String> {
    Set(profile.findings.filter(\.isEstablished).map(\.reason.code))
  }

  func feature(_ name: String) -> Double {
    Profile.storage.features.firstIndex { $0.name == name }.map { profile.features[$0] } ?? .nan
  }
}
