import Bundles
import Contributions
import Foundation
import Ingestion
import Ledger
import Pipeline
import Profiles
import Testing
import Verdicts

/// A replay of bundles that reviewers corrected: from the logs and the decisions to the same bytes.
@Suite struct CorrectionReplayTests {
  private let folder: TemporaryFolder
  private let key: SigningKey

  init() throws {
    folder = try TemporaryFolder()
    key = try SigningKey(seed: Array(repeating: 5, count: 32))
  }

  private func decision(_ node: String, _ verdict: Outcome) throws -> ReviewDecision {
    try ReviewDecision(
      node: node, verdict: verdict, finding: .falsePositive, comment: "seen on site",
      decidedBy: "ada", approvedBy: "bo")
  }

  /// Publishes the run and corrections of it; returns the last bundle's path and the log's.
  private func corrected(
    _ rounds: [[(String, Outcome)]], revision: UInt32 = 0
  ) async throws -> (path: String, log: String) {
    let log = try folder.write(SyntheticLog.mixed.text, to: "log.ndjson")
    var run = try settings([log])
    run.revision = revision
    let contents = try await Run(run).contents()
    let publisher = BundlePublisher(output: "\(folder.path)/out", keys: [key])
    var path = try publisher.publish(
      try BundleWriter(contents, keys: [key]).files(), profile: contents.profile,
      folderName: contents.folderName)
    for round in rounds {
      let next = try CorrectedBundle(
        BundleReader(path: path), decisions: round.map { try decision($0.0, $0.1) })
      path = try publisher.publish(
        try next.files(report: next.report, keys: [key]), profile: next.profile,
        folderName: next.folderName)
      #expect(try BundleVerifier.verify(path: path).failures == [])
    }
    return (path, log)
  }

  private func replay(_ path: String, _ log: String) async throws -> Replay.Report {
    let reader = BundleReader(path: path)
    let settings = try Replay.settings(
      for: reader, logs: try LogFile.find([log]), modelPath: nil, memoryLimit: 64_000_000, tasks: 2)
    let contents = try await Run(settings).contents()
    return try Replay.compare(reader, with: try Replay.files(of: contents, correctedAs: reader))
  }

  /// Signs the root for a ledger of one signer.
  private func sign(_ path: String) throws {
    let key = try LedgerKey(secret: Array(repeating: 1, count: 32))
    let configuration = try LedgerConfiguration(
      chainID: 1, contract: try EthereumAddress("0x" + String(repeating: "c", count: 40)),
      configCount: 1, threshold: 1, signers: [key.address])
    _ = try RootSigning.sign(
      BundleReader(path: path), for: configuration, parent: .zero, by: key)
  }

  private func edit(_ name: String, of path: String, _ old: String, _ new: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    let text = try String(contentsOf: url, encoding: .utf8)
    #expect(text.contains(old))
    try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: url)
  }

  @Test func aCorrectionIsMadeAgainFromTheLogs() async throws {
    let (path, log) = try await corrected([[("attacker", .accept), ("gw1003", .hold)]])
    let report = try await replay(path, log)
    #expect(report.isEqual && report.verdictsAgree, "\(report.different)")
    // Statement, verdicts, reasons, inputs, quarantine, policy, model, two of corrections, three
    // reports and the root.
    #expect(report.compared == 13)
  }

  @Test func correctionsOfCorrectionsAreMadeAgainInOrder() async throws {
    let (path, log) = try await corrected([
      [("attacker", .accept)], [("attacker", .hold), ("gw1003", .reject)], [("attacker", .reject)],
    ])
    #expect(path.hasSuffix("-r3"))
    #expect(try await replay(path, log).isEqual)
  }

  @Test func aRunAgainAndItsCorrectionAreMadeAgain() async throws {
    let (path, log) = try await corrected([[("faulty", .accept)]], revision: 2)
    #expect(path.hasSuffix("-r3"))
    #expect(try await replay(path, log).isEqual)
  }

  @Test func signaturesTransactionsAndTheLogAreNotOfTheLogs() async throws {
    let (path, log) = try await corrected([[("attacker", .accept)]])
    let reader = BundleReader(path: path)
    let before = try await replay(path, log)
    try sign(path)
    try reader.writeLedgerFile([1], named: "ledger/tx.json")
    let names = try reader.fileNames()
    #expect(names.contains("log/checkpoint") && names.contains("ledger/config.json"))
    #expect(try await replay(path, log) == before && before.isEqual)
    // What is signed does count: another root is another root.
    let root = try reader.rootFile().root.hex
    let other = "0x" + String(repeating: "0", count: 64)
    let text = try reader.rootFile().unsigned.json.text.replacingOccurrences(of: root, with: other)
    try reader.writeLedgerFile(Array(text.utf8), named: RootFile.name)
    let report = try await replay(path, log)
    #expect(report.different == [RootFile.name] && !report.verdictsAgree)
  }

  @Test func aChangedDecisionIsFound() async throws {
    let (path, log) = try await corrected([[("attacker", .accept)]])
    try edit("decisions.ndjson", of: path, "seen on site", "never seen")
    let comment = try await replay(path, log)
    #expect(comment.different.contains("statement.json") && comment.verdictsAgree)
    try edit("decisions.ndjson", of: path, "never seen", "seen on site")
    try edit("decisions.ndjson", of: path, #""to":"accept""#, #""to":"hold""#)
    let verdict = try await replay(path, log)
    #expect(!verdict.isEqual && !verdict.verdictsAgree)
    #expect(verdict.different.contains("verdicts/00000.ndjson.gz"))
  }

  @Test func aDecisionThatWasTakenOutIsFound() async throws {
    let (path, log) = try await corrected([[("attacker", .accept), ("gw1003", .hold)]])
    let lines = try String(contentsOfFile: "\(path)/decisions.ndjson", encoding: .utf8)
      .split(separator: "\n")
    try Data("\(lines[0])\n".utf8).write(to: URL(fileURLWithPath: "\(path)/decisions.ndjson"))
    #expect(try await !replay(path, log).verdictsAgree)
    // Without any it would be a run that says what no run said.
    try FileManager.default.removeItem(atPath: "\(path)/decisions.ndjson")
    #expect(try await !replay(path, log).verdictsAgree)
  }

  @Test func decisionsThatNoOneCouldHaveMadeAreErrors() async throws {
    let (path, log) = try await corrected([[("attacker", .accept)]])
    try edit("decisions.ndjson", of: path, #""node":"attacker""#, #""node":"nobody""#)
    await #expect(throws: BundleError.noSuchNode("nobody")) { _ = try await replay(path, log) }
    try edit("decisions.ndjson", of: path, #""node":"nobody""#, #""node":"attacker""#)
    try edit("decisions.ndjson", of: path, #""revision":1"#, #""revision":0"#)
    await #expect(throws: BundleError.self) { _ = try await replay(path, log) }
    try edit("decisions.ndjson", of: path, #""revision":0"#, #""revision":1"#)
    try edit("decisions.ndjson", of: path, #""approved_by":"bo""#, #""approved_by":null"#)
    await #expect(throws: DecisionError.needsApproval(node: "attacker")) {
      _ = try await replay(path, log)
    }
  }

  @Test func thePageTellsWhoDecidedAndEscapesWhatTheyWrote() async throws {
    let log = try folder.write(SyntheticLog.mixed.text, to: "log.ndjson")
    let contents = try await Run(settings([log])).contents()
    let path = try BundleWriter(contents, keys: []).write(below: folder.path)
    let next = try CorrectedBundle(
      BundleReader(path: path),
      decisions: [
        ReviewDecision(
          node: "attacker", verdict: .hold, finding: .needsEvidence,
          comment: "<script>alert(1)</script>", decidedBy: "ada", approvedBy: "bo",
          reference: "case 9")
      ])
    let page = String(decoding: next.report, as: UTF8.self)
    for text in ["attacker", "needs evidence", "ada", "case 9", "&lt;script&gt;"] {
      #expect(page.contains(text), "\(text)")
    }
    #expect(!page.contains("<script>alert"))
  }
}
