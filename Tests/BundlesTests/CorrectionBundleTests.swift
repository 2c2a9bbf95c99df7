import Foundation
import Ledger
import Testing
import Verdicts

@testable import Bundles

@Suite struct CorrectionBundleTests {
  @Test func everyRevisionVerifies() throws {
    let fixture = try CorrectionFixture.chain()
    for (revision, corrections) in [(0, 0), (1, 2), (2, 2), (3, 3)] as [(UInt32, Int)] {
      let report = try BundleVerifier.verify(path: fixture.path(revision))
      #expect(report.failures == [], "revision \(revision)")
      #expect(report.corrections == corrections && report.leafCount == 4)
      #expect(try fixture.reader(revision).statement().predicate.revision == revision)
    }
  }

  @Test func aCorrectionSupersedesTheLatestLeaf() throws {
    let fixture = try CorrectionFixture.chain()
    let outcomes = try (0...3).map { try fixture.record("a", $0).verdict.outcome }
    #expect(outcomes == [.reject, .accept, .hold, .reject])
    #expect(try fixture.record("a", 0).supersedes == .zero)
    for revision in 1...3 as ClosedRange<UInt32> {
      #expect(
        try fixture.record("a", revision).supersedes == fixture.leaf("a", revision - 1))
    }
    // Rejected again, and not the first leaf again, which is void.
    #expect(try fixture.leaf("a", 3) != fixture.leaf("a", 0))
  }

  @Test func whatWasNotCorrectedKeepsItsLeaf() throws {
    let fixture = try CorrectionFixture.chain()
    for revision in 1...3 as ClosedRange<UInt32> {
      #expect(try fixture.leaf("b", revision) == fixture.leaf("b", 0))
      #expect(try fixture.record("b", revision) == fixture.record("b", 0))
      #expect(try fixture.leaf("c", revision) == fixture.leaf("c", 1))
    }
    #expect(try fixture.leaf("d", 2) == fixture.leaf("d", 0))
  }

  @Test func onlyTheOutcomeChanges() throws {
    let fixture = try CorrectionFixture.chain()
    var verdict = try fixture.record("a", 1).verdict
    verdict.outcome = .reject
    #expect(try verdict == fixture.record("a", 0).verdict)
    for name in [
      "reasons.json", "inputs.json", "quarantine.ndjson.gz", "policy.json", "model.json",
    ] {
      #expect(try fixture.reader(3).bytes(name) == fixture.reader(0).bytes(name), "\(name)")
    }
    let counts = try fixture.reader(3).statement().predicate.counts
    #expect((counts.accept, counts.hold, counts.reject, counts.abstain) == (1, 2, 1, 0))
  }

  @Test func theTwoFilesTellTheSameStory() throws {
    let fixture = try CorrectionFixture.chain()
    let decisions = try (1...3).map { try fixture.lines(Documents.decisions, $0) }
    try #require(decisions.map(\.count) == [2, 3, 5])
    // What was decided before stays as it was.
    #expect(Array(decisions[2][..<3]) == decisions[1] && Array(decisions[1][..<2]) == decisions[0])
    let corrections = try fixture.reader(3).corrections()
    try #require(corrections.map(\.decision.node) == ["a", "c", "a", "a", "d"])
    #expect(corrections.map(\.revision) == [1, 1, 2, 3, 3])
    #expect(corrections.map(\.from) == [.reject, .accept, .accept, .hold, .abstain])
    #expect(try corrections[3].supersedes == fixture.leaf("a", 2))
    #expect(corrections[0].decision.comment == "looked at on site")
    let verdicts = try fixture.lines("verdicts/00000.ndjson.gz", 3)
    let listed = try fixture.lines(Documents.corrections, 3)
    #expect(listed == [verdicts[0], verdicts[2], verdicts[3]])
    let base = "0x" + Documents.sha256(try fixture.reader(2).stored("statement.json"))
    #expect(try fixture.text("reports/summary.json", 3).contains(base))
  }

  @Test func decisionsThatAreNewsToNobodyAreCounted() throws {
    let fixture = try CorrectionFixture()
    let corrected = try fixture.correct(0, [("a", .reject), ("b", .hold), ("c", .reject)])
    #expect(corrected.confirmed == 2)
    #expect(corrected.corrections.map(\.decision.node) == ["c"])
    #expect(throws: DecisionError.nothingToCorrect) {
      try fixture.correct(1, [("a", .reject), ("c", .reject)])
    }
    #expect(throws: DecisionError.nothingToCorrect) { try fixture.correct(0, []) }
  }

  @Test func aNodeThatWasNotJudgedCannotBeCorrected() throws {
    let fixture = try CorrectionFixture()
    #expect(throws: BundleError.noSuchNode("aa")) {
      try fixture.correct(0, [("b", .accept), ("zz", .hold), ("aa", .hold)])
    }
  }

  @Test func overturningARejectTakesTwo() throws {
    let fixture = try CorrectionFixture()
    func alone(_ node: String, _ verdict: Outcome) throws -> ReviewDecision {
      try ReviewDecision(
        node: node, verdict: verdict, finding: .faulty, comment: "x", decidedBy: "ada")
    }
    for verdict in [Outcome.accept, .hold, .abstain] {
      #expect(throws: DecisionError.needsApproval(node: "a")) {
        _ = try CorrectedBundle(fixture.reader(0), decisions: [alone("a", verdict)])
      }
    }
    // To confirm it, or to be stricter with others, takes one.
    let corrected = try CorrectedBundle(
      fixture.reader(0), decisions: [alone("a", .reject), alone("c", .reject)])
    #expect(corrected.confirmed == 1 && corrected.corrections.count == 1)
  }

  @Test func aNightWithoutNodesHasNothingToCorrect() throws {
    var contents = BundleContents.tiny
    contents.verdicts = []
    let fixture = try CorrectionFixture(contents)
    #expect(throws: BundleError.noSuchNode("a")) { try fixture.correct(0, [("a", .accept)]) }
    #expect(throws: DecisionError.nothingToCorrect) { try fixture.correct(0, []) }
  }

  @Test func theLastRevisionHasNoNext() throws {
    var contents = BundleContents.tiny
    contents.revision = .max
    let fixture = try CorrectionFixture(contents)
    #expect(throws: BundleError.self) {
      _ = try CorrectedBundle(fixture.reader(.max), decisions: [.sample("a", .accept)])
    }
  }

  @Test func aRunAgainIsCorrectedLikeAnyOther() throws {
    var contents = BundleContents.tiny
    contents.revision = 4
    let fixture = try CorrectionFixture(contents)
    try fixture.correct(4, [("b", .accept)])
    let report = try BundleVerifier.verify(path: fixture.path(5))
    #expect(report.failures == [] && report.corrections == 1)
  }
}
