import Bundles
import Contributions
import Foundation
import Pipeline
import Testing
import Verdicts

@Suite struct AppealGroundsTests {
  /// A table of one reason for each class and severity that matters.
  private static func table() throws -> [BundleReader.ReasonEntry] {
    let entries = [
      ("SPOOF_HIGH", "spoof", "high"), ("SPOOF_MEDIUM", "spoof", "medium"),
      ("SPOOF_LOW", "spoof", "low"), ("FAULT_HIGH", "fault", "high"),
      ("FAULT_MEDIUM", "fault", "medium"), ("CHECK_MUTED", "verifier", "medium"),
      ("UNUSUAL", "evidence", "low"), ("TOO_FEW_RECORDS", "evidence", "low"),
      ("TOO_FEW_PEERS", "evidence", "low"),
    ]
    let text = entries.enumerated().map { bit, entry in
      #"{"code":"\#(entry.0)","bit":\#(bit),"class":"\#(entry.1)","severity":"\#(entry.2)","#
        + #""text":"","unit":""}"#
    }
    return try JSONDecoder().decode(
      [BundleReader.ReasonEntry].self, from: Data("[\(text.joined(separator: ","))]".utf8))
  }

  private static func verdict(
    _ outcome: Outcome, q: Int64 = 900_000_000, _ reasons: [Reason]
  ) -> Verdict {
    Verdict(
      node: "n", group: "all", outcome: outcome, rawMicro: 0, pPpb: 1, qPpb: q, unitsMicro: 0,
      evidence: Array(repeating: 1, count: 32), reasons: reasons)
  }

  private static func reason(
    _ code: String, observed: Int64? = nil, low: Int64? = nil, high: Int64? = nil,
    feature: String? = nil
  ) -> Reason {
    Reason(
      code: code, reasonClass: "", sharePpm: 1, feature: feature, observedMicro: observed,
      lowMicro: low, highMicro: high)
  }

  private static func told(_ verdict: Verdict, policy: Policy = .standard) throws -> [String] {
    VerdictGrounds(of: verdict, table: try table(), policy: policy).grounds.map {
      "\($0.code) \($0.brings.rawValue)"
    }
  }

  @Test(
    arguments: [
      (Outcome.reject, 900_000_000, ["SPOOF_HIGH"], ["SPOOF_HIGH reject"]),
      (.hold, 900_000_000, ["FAULT_MEDIUM"], ["FAULT_MEDIUM hold"]),
      (.hold, 900_000_000, ["FAULT_HIGH"], ["FAULT_HIGH hold"]),
      (.hold, 900_000_000, ["SPOOF_MEDIUM"], ["SPOOF_MEDIUM hold"]),
      (.hold, 900_000_000, ["CHECK_MUTED", "SPOOF_LOW"], ["CHECK_MUTED hold"]),
      (
        .reject, 900_000_000, ["SPOOF_HIGH", "FAULT_MEDIUM", "UNUSUAL"],
        ["SPOOF_HIGH reject", "FAULT_MEDIUM hold"]
      ),
      // Measurements alone.
      (.reject, 1_000_000, ["UNUSUAL"], ["MEASUREMENTS reject"]),
      (.hold, 50_000_000, ["UNUSUAL"], ["MEASUREMENTS hold"]),
      (.hold, 100_000_000, [], ["MEASUREMENTS hold"]), (.hold, 100_000_001, [], []),
      // A fault excuses them; a spoof rejects by itself.
      (.hold, 1_000_000, ["FAULT_MEDIUM"], ["FAULT_MEDIUM hold", "MEASUREMENTS hold"]),
      (.reject, 1_000_000, ["SPOOF_HIGH"], ["SPOOF_HIGH reject", "MEASUREMENTS hold"]),
      (.reject, 1_000_000, ["SPOOF_MEDIUM"], ["SPOOF_MEDIUM hold", "MEASUREMENTS reject"]),
      // Too little to judge, whatever else has the larger share.
      (.abstain, 1_000_000_000, ["TOO_FEW_RECORDS"], ["TOO_FEW_RECORDS abstain"]),
      (.abstain, 1_000_000_000, ["UNUSUAL", "TOO_FEW_PEERS"], ["TOO_FEW_PEERS abstain"]),
      (
        .abstain, 1_000_000, ["FAULT_MEDIUM", "TOO_FEW_RECORDS"],
        ["FAULT_MEDIUM hold", "TOO_FEW_RECORDS abstain"]
      ),
      // Nothing has to be otherwise for who is accepted, by the judge or by reviewers.
      (.accept, 900_000_000, ["UNUSUAL"], []), (.accept, 1, ["SPOOF_HIGH", "FAULT_MEDIUM"], []),
      // What the table does not know decided nothing.
      (.reject, 900_000_000, ["UNHEARD_OF"], []),
    ] as [(Outcome, Int64, [String], [String])])
  func whatDecidedIsTold(
    outcome: Outcome, q: Int64, codes: [String], expected: [String]
  ) throws {
    let verdict = Self.verdict(outcome, q: q, codes.map { Self.reason($0) })
    #expect(try Self.told(verdict) == expected)
  }

  @Test func thePolicyOfTheBundleDecides() throws {
    var policy = Policy.standard
    policy.holdQPpb = 1_234_567
    policy.rejectQPpb = 1000
    let verdict = Self.verdict(.hold, q: 1_234_567, [])
    let grounds = VerdictGrounds(of: verdict, table: try Self.table(), policy: policy).grounds
    try #require(grounds.map(\.code) == ["MEASUREMENTS"])
    #expect(grounds[0].feature == "q_value")
    // The next q-value in millionths that passes: 1235 × 10⁻⁶ is above 1,234,567 × 10⁻⁹.
    #expect(grounds[0].observedMicro == 1234 && grounds[0].passesAtMicro == 1235)
    #expect(try Self.told(Self.verdict(.hold, q: 1_234_568, []), policy: policy) == [])
  }

  @Test(
    arguments: [
      (5, 10, 20, 10), (25, 10, 20, 20), (15, 10, 20, 15), (5, 10, nil, 10), (5, nil, 3, 3),
      (5, nil, nil, nil), (nil, 1, 2, nil), (5, 20, 10, 10), (Int64.min, Int64.max, nil, Int64.max),
    ] as [(Int64?, Int64?, Int64?, Int64?)])
  func theNearestValueThatPasses(
    observed: Int64?, low: Int64?, high: Int64?, expected: Int64?
  ) throws {
    let reason = Self.reason("SPOOF_HIGH", observed: observed, low: low, high: high)
    let grounds = VerdictGrounds(
      of: Self.verdict(.reject, [reason]), table: try Self.table(), policy: .standard)
    let ground = try #require(grounds.grounds.first)
    #expect(ground.passesAtMicro == expected && ground.observedMicro == observed)
  }

  @Test func measurementsAreThoseOutsideWhatPeersShow() {
    let verdict = Self.verdict(
      .accept,
      [
        Self.reason("UNUSUAL", observed: 5, low: 10, high: 20, feature: "outside"),
        Self.reason("UNUSUAL", observed: 15, low: 10, high: 20, feature: "inside"),
        Self.reason("UNUSUAL", observed: 5, feature: "without limits"),
        Self.reason("SPOOF_HIGH", observed: 5, high: 1),
      ])
    let measurements = VerdictGrounds.measurements(of: verdict)
    #expect(measurements.map(\.feature) == ["outside"])
    #expect(measurements.map(\.passesAtMicro) == [10])
    #expect(measurements.map(\.brings) == [.accept])
  }
}
