import Bundles
import Contributions
import Testing
import Verdicts

@testable import Pipeline

struct EvaluationTests {
  private func judged(
    _ node: String, _ outcome: Outcome, raw: Int64, spoofed: Bool, attack: String = "",
    strength: String = ""
  ) -> JudgedNode {
    JudgedNode(
      Verdict(
        node: node, group: "all", outcome: outcome, rawMicro: raw, pPpb: 1, qPpb: 1, unitsMicro: 0,
        evidence: [], reasons: []),
      LabelFile.Entry(
        line: 1, key: node, isSpoofed: spoofed, attack: attack, strength: strength))
  }

  private var evaluation: Evaluation {
    Evaluation(
      profile: "wireless", epoch: 1,
      judged: [
        judged("a", .reject, raw: 9, spoofed: true, attack: "W10", strength: "easy"),
        judged("b", .hold, raw: 8, spoofed: true, attack: "W2", strength: "hard"),
        judged("c", .accept, raw: 2, spoofed: true, attack: "W2", strength: "easy"),
        judged("d", .abstain, raw: 1, spoofed: true, attack: "W2", strength: "easy"),
        judged("e", .reject, raw: 7, spoofed: false),
        judged("f", .hold, raw: 5, spoofed: false, attack: "fault"),
        judged("g", .accept, raw: 3, spoofed: false),
        judged("h", .accept, raw: 0, spoofed: false),
      ], unlabelled: 0, absent: 0)
  }

  @Test func `shares are counted over what they say`() {
    #expect(evaluation.falseDiscoveryRate.value == 0.5)
    #expect(evaluation.flaggedPrecision.value == 0.5)
    #expect(evaluation.wronglyRejected == ["e"])
    #expect(evaluation.honest.map(\.kind) == ["sound", "fault"])
    #expect(evaluation.honest.map(\.held.value) == [0, 1])
    // 9 and 8 are above all honest nodes, 2 above one, 1 above one: 4 + 4 + 1 + 1 of 16.
    #expect(evaluation.auroc.value == 10.0 / 16)
  }

  @Test func `attacks are listed in the order of their numbers, by strength`() {
    let rows = evaluation.attacks
    #expect(
      rows.map { "\($0.attack) \($0.strength)" } == [
        "all all", "all easy", "all hard", "W2 all", "W2 easy", "W2 hard", "W10 all", "W10 easy",
      ])
    #expect(rows[0].nodes == 4 && rows[0].rejected.value == 0.25 && rows[0].flagged.value == 0.5)
    #expect(rows[4].abstained == 1 && rows[4].flagged.value == 0)
  }

  @Test func `a bundle is joined with labels by the bytes of the names`() async throws {
    let folder = try TemporaryFolder()
    let (_, path, _) = try await bundle(of: .mixed, in: folder)
    let labels = try folder.write(
      "node,label,attack,strength,note\ngw1000,0,,,x\ngw1001,1,W9,hard,\nelsewhere,1,W9,easy,\n",
      to: "labels.csv")
    let evaluation = try Evaluation(of: BundleReader(path: path), labels: labels)
    #expect(evaluation.nodes == 2 && evaluation.absent == 1 && evaluation.unlabelled > 0)
    #expect(evaluation.html.contains("W9"))
    let strangers = try folder.write("node,label\nnobody,1\n", to: "strangers.csv")
    #expect(throws: PipelineError.self) {
      try Evaluation(of: BundleReader(path: path), labels: strangers)
    }
  }

  @Test func `two bundles differ in who flips and why`() async throws {
    let folder = try TemporaryFolder()
    let (_, before, log) = try await bundle(of: .mixed, in: folder)
    var strict = try settings([log])
    strict.policy = try Policy(json: Array(#"{"minimum_records":1000}"#.utf8))
    let contents = try await Run(strict).contents()
    let after = try BundleWriter(contents, keys: []).write(below: folder.path + "/strict")
    let difference = try BundleDifference(BundleReader(path: before), BundleReader(path: after))
    #expect(difference.settings.map(\.name).contains("policy"))
    #expect(difference.flips.allSatisfy { $0.after == "abstain" } && !difference.flips.isEmpty)
    #expect(difference.flips.allSatisfy { $0.reasonsGained.contains("TOO_FEW_RECORDS") })
    #expect(difference.otherEvidence == 0 && difference.onlyAfter.isEmpty)
    #expect(
      difference.transitions.values.reduce(0, +) == difference.common)
    let same = try BundleDifference(BundleReader(path: before), BundleReader(path: before))
    #expect(same.flips.isEmpty && same.settings.isEmpty)
  }
}
