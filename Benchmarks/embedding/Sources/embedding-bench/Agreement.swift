import Assay
import Contributions
import Foundation
import Ingestion
import Pipeline

/// One request with a whole night, an item per node, against the nightly run of the same log.
struct Agreement {
  private let night: Night

  init(_ night: Night) {
    self.night = night
  }

  /// The number of nodes whose answer differs in anything.
  func differences() async throws -> Int {
    let source = try VerifierConfiguration.ProfileSource(
      named: night.profile, modelPath: night.modelPath)
    var start = ContinuousClock.now
    let contents = try await Run(
      RunSettings(
        profile: source.profile, logs: try LogFile.find([night.path]),
        selection: .day(Epoch(day: night.epoch)), model: source.model, policy: source.policy,
        memoryLimit: 1 << 30, tasks: 2)
    ).contents()
    print("nightly run: \(contents.verdicts.count) nodes, \(start.duration(to: .now))")
    let items = night.nodes.map {
      VerifyItem(itemID: $0.name, profile: night.profile, records: RecordLines(texts: $0.lines))
    }
    let verifier = try night.verifier(tasks: 2)
    let request = try VerifyRequest(
      requestID: "night", epoch: night.epoch, items: items, limits: verifier.description.limits)
    start = .now
    let response = await verifier.verify(request)
    print("verifier: \(response.results.count) items, \(start.duration(to: .now))")
    let answers = Dictionary(
      response.results.flatMap(\.nodes).map { (Array($0.node.utf8), $0) },
      uniquingKeysWith: { first, _ in first })
    var different = abs(answers.count - contents.verdicts.count)
    for verdict in contents.verdicts {
      guard let node = answers[Array(verdict.node.utf8)] else { continue }
      let isEqual =
        node.outcome.verdict == verdict.outcome.rawValue && node.group == verdict.group
        && node.rawMicro == verdict.rawMicro && node.pPpb == verdict.pPpb
        && node.qPpb == verdict.qPpb && node.scorePpm == verdict.scorePpm
        && node.unitsMicro == verdict.unitsMicro && node.evidence == verdict.evidence
        && node.reasons == verdict.reasons
      if !isEqual { different += 1 }
    }
    print("\(contents.verdicts.count) nodes compared, \(different) differ")
    return different
  }
}
