import Foundation

/// What the night's reports say of the whole of it.
struct NightSummary: Decodable {
  let nodes: Int
  let verdicts: [String: Int]
  let notices: [String]

  /// Checks that accused more nodes than the policy believes.
  var guards: [String] { notices.filter { $0.hasPrefix("The check ") } }

  /// Features that have moved since training.
  var drifted: [String] { notices.filter { $0.hasPrefix("The feature ") } }

  /// Nodes with a verdict for or against them.
  var judged: Int { nodes - (verdicts["abstain"] ?? 0) }

  /// Rejected among judged nodes; 0 when none is judged.
  var rejectShare: Double {
    judged == 0 ? 0 : Double(verdicts["reject"] ?? 0) / Double(judged)
  }
}

extension Night {
  /// Tells what the reports give reason for, once a night.
  ///
  /// - Returns: the events that posting may be withheld on.
  mutating func raiseAlarms(of bundle: String) throws -> [NightEvent] {
    guard let data = FileManager.default.contents(atPath: bundle + "/reports/summary.json"),
      let summary = try? JSONDecoder().decode(NightSummary.self, from: data)
    else {
      throw StepFailure(
        event: .verifyFailed, code: 3, message: "\(bundle) has no summary that can be read",
        facts: EventFacts(bundle: bundle))
    }
    var facts = EventFacts(bundle: bundle, verdicts: summary.verdicts)
    var alarms: [NightEvent] = []
    if let first = summary.guards.first {
      alarms.append(.guardAlarm)
      facts.notices = summary.guards
      try raise(.guardAlarm, first, isOnce: true, facts: facts)
    }
    if let first = summary.drifted.first, summary.drifted.count >= settings.driftFeatures {
      alarms.append(.drift)
      facts.notices = summary.drifted
      try raise(.drift, first, isOnce: true, facts: facts)
    }
    if summary.rejectShare > settings.rejectShare {
      alarms.append(.rejects)
      facts.notices = nil
      facts.share = (summary.rejectShare * 1_000_000).rounded() / 1_000_000
      let percent = String(format: "%.1f", summary.rejectShare * 100)
      try raise(
        .rejects, "\(percent) % of \(summary.judged) judged nodes are rejected", isOnce: true,
        facts: facts)
    }
    return alarms
  }
}
