import Profiles
import Testing

@testable import Detection
@testable import Verdicts

struct JudgeTests {
  @Test(arguments: [
    // q exactly at the policy's values, and a step beyond.
    ((1, 1000), Outcome.reject), ((1, 100), .reject), ((1, 99), .hold), ((1, 10), .hold),
    ((1, 9), .accept), ((1, 1), .accept),
  ])
  func `q decides at the policy's borders`(p: (Int, Int), expected: Outcome) {
    #expect(outcome(testCase(p: p)) == expected)
  }

  @Test func `the policy moves the borders`() throws {
    let policy = try Policy(json: Array(#"{"reject_q_ppb":0,"hold_q_ppb":500000000}"#.utf8))
    #expect(outcome(testCase(p: (1, 1_000_000)), policy: policy) == .hold)
    #expect(outcome(testCase(p: (1, 2)), policy: policy) == .hold)
    #expect(outcome(testCase(p: (2, 3)), policy: policy) == .accept)
  }

  /// The decision table: findings × p-value, with records enough.
  @Test func `findings and q-value together give the verdict`() {
    let tiny = (1, 1000)
    let fair = (1, 20)
    let ordinary = (1, 2)
    let table: [([RuleFinding], [Outcome])] = [
      // Outcomes at q of 0.001, 0.05 and 0.5, and without a p-value.
      ([], [.reject, .hold, .accept, .abstain]),
      ([finding(.spoof, .high)], [.reject, .reject, .reject, .reject]),
      ([finding(.spoof, .medium)], [.reject, .hold, .hold, .hold]),
      ([finding(.spoof, .low)], [.reject, .hold, .accept, .abstain]),
      ([finding(.fault, .high)], [.hold, .hold, .hold, .hold]),
      ([finding(.fault, .medium)], [.hold, .hold, .hold, .hold]),
      ([finding(.fault, .low)], [.hold, .hold, .accept, .abstain]),
      ([finding(.verifier, .medium)], [.hold, .hold, .hold, .hold]),
      ([finding(.evidence, .medium)], [.reject, .hold, .hold, .hold]),
      ([finding(.evidence, .low)], [.reject, .hold, .accept, .abstain]),
      // A fault excuses strangeness, not a broken rule.
      ([finding(.fault, .medium), finding(.spoof, .high)], [.reject, .reject, .reject, .reject]),
      ([finding(.fault, .medium), finding(.spoof, .medium)], [.hold, .hold, .hold, .hold]),
      // Not broken often enough to count, for or against.
      ([finding(.spoof, .high, occurrences: 2)], [.reject, .hold, .accept, .abstain]),
      ([finding(.fault, .high, occurrences: 2)], [.reject, .hold, .accept, .abstain]),
    ]
    for (findings, outcomes) in table {
      let found = [tiny, fair, ordinary, nil].map { outcome(testCase(p: $0, findings: findings)) }
      #expect(found == outcomes, "\(findings.map(\.reason.code))")
    }
  }

  @Test func `on a drifted night a small q holds, a broken rule still rejects`() {
    func outcome(_ one: Judge.Case, driftHolds: Bool) -> Outcome {
      var policy = Policy.standard
      policy.driftHolds = driftHolds
      return Judge(policy: policy, features: [], minimumRecords: 10, hasDrifted: true)
        .verdicts([one])[0].outcome
    }
    #expect(outcome(testCase(p: (1, 1000)), driftHolds: true) == .hold)
    #expect(outcome(testCase(p: (1, 1000)), driftHolds: false) == .reject)
    let broken = testCase(p: (1, 1000), findings: [finding(.spoof, .high)])
    #expect(outcome(broken, driftHolds: true) == .reject)
  }

  @Test func `without independence decisions take larger q-values, and state the usual ones`() {
    var careful = Policy.standard
    careful.assumesNoIndependence = true
    // Two nodes: q is 2 p, and 1 + 1/2 times that where nothing is assumed.
    let cases = [testCase(p: (1, 250)), testCase(p: (1, 2))]
    #expect(judge(cases)[0].outcome == .reject)
    let verdict = judge(cases, policy: careful)[0]
    #expect(verdict.outcome == .hold && verdict.qPpb == 8_000_000)
  }

  @Test func `too few records abstain before anything else`() {
    for p: (Int, Int)? in [(1, 1_000_000), (1, 2), nil] {
      for findings in [[], [finding(.spoof, .high)], [finding(.fault, .medium)]] {
        let few = judge([testCase(p: p, findings: findings, records: 9)])[0]
        #expect(few.outcome == .abstain)
        let reason = few.reasons.first { $0.code == "TOO_FEW_RECORDS" }
        #expect(reason?.observedMicro == 9_000_000 && reason?.lowMicro == 10_000_000)
        #expect(!few.reasons.contains { $0.code == "TOO_FEW_PEERS" })
      }
    }
    #expect(outcome(testCase(p: (1, 2), records: 10)) == .accept)
    var policy = Policy()
    policy.minimumRecords = 101
    #expect(outcome(testCase(p: (1, 2)), policy: policy) == .abstain)
    policy.minimumRecords = 0
    #expect(outcome(testCase(p: (1, 2), records: 0), policy: policy) == .accept)
  }

  @Test func `without peers the verdict says so`() {
    let verdict = judge([testCase(p: nil)])[0]
    #expect(verdict.reasons.map(\.code) == ["TOO_FEW_PEERS"])
    #expect(verdict.pPpb == 1_000_000_000 && verdict.qPpb == 1_000_000_000)
    #expect(verdict.scorePpm == 0 && verdict.group == "all")
  }

  @Test func `q-values are over every case, those that abstain included`() {
    let strange = testCase(p: (1, 100))
    let silent = testCase(p: nil, records: 1)
    let verdicts = judge([strange] + Array(repeating: silent, count: 9))
    #expect(verdicts[0].qPpb == 100_000_000 && verdicts[0].outcome == .hold)
    #expect(verdicts[0].pPpb == 10_000_000 && verdicts[0].scorePpm == 990_000)
    #expect(verdicts[1...].allSatisfy { $0.outcome == .abstain && $0.qPpb == 1_000_000_000 })
    #expect(judge([]).isEmpty)
  }

  @Test func `strange nodes of few records do not make it easier to reject others`() {
    let strange = testCase(p: (1, 100))
    let junk = testCase(p: (1, 1000), records: 1)
    let verdicts = judge([strange] + Array(repeating: junk, count: 99))
    #expect(verdicts[0].qPpb == 1_000_000_000 && verdicts[0].outcome == .accept)
    #expect(verdicts[1...].allSatisfy { $0.outcome == .abstain && $0.pPpb == 1_000_000_000 })
  }

  @Test func `a verdict carries its node's particulars`() {
    let verdict = judge([testCase(p: (1, 2), ensemble: 1.25)])[0]
    #expect(verdict.node == "n" && verdict.group == "all" && verdict.unitsMicro == 7)
    #expect(verdict.evidence == [1, 2] && verdict.rawMicro == 1_250_000)
  }
}

struct ReasonTests {
  private let features = [
    FeatureSpec(
      "speed", unit: "m/s", resolution: 0.1, side: .both, attacks: [], text: "For tests."),
    FeatureSpec("ratio", resolution: 0.1, side: .both, attacks: [], text: "For tests."),
  ]

  private func reasons(
    findings: [RuleFinding], ensemble: Double = 2, values: [Double] = [3, 4],
    parts: [Explanation.Part]
  ) -> [Reason] {
    judge(
      [testCase(p: (1, 2), findings: findings, ensemble: ensemble, values: values, parts: parts)],
      features: features)[0].reasons
  }

  private func part(_ column: Int, _ amount: Double) -> Explanation.Part {
    Explanation.Part(column: column, amount: amount, low: 1, high: .nan)
  }

  @Test func `reasons come by their share in the strangeness`() {
    let found = reasons(
      findings: [finding(.fault, .medium), finding(.spoof, .medium)],
      parts: [part(0, 1.5), part(1, 0.5)])
    // 12 + 1.5 + 1 + 0.5 of 15.
    #expect(found.map(\.sharePpm) == [800_000, 100_000, 66_666, 33_333])
    #expect(found.map(\.code) == ["T_spoof_medium", "UNUSUAL", "T_fault_medium", "UNUSUAL"])
    #expect(found.map(\.reasonClass) == ["spoof", "evidence", "fault", "evidence"])
    #expect(found.map(\.feature) == [nil, "speed", nil, "ratio"])
    #expect(found[1].unit == "m/s" && found[3].unit == nil)
    #expect(found[1].observedMicro == 3_000_000 && found[1].lowMicro == 1_000_000)
    #expect(found[1].highMicro == nil && found[0].highMicro == 4_000_000)
  }

  @Test func `shares never add up to more than the whole`() {
    for seed in 1..<200 {
      let amounts = (0..<2).map { Double(seed * (31 + 17 * $0) % 97) / 13 }
      let found = reasons(
        findings: [
          finding(.spoof, .high, occurrences: 3 + seed), finding(.fault, .medium),
          finding(.spoof, .medium, occurrences: seed % 5),
        ], ensemble: amounts.reduce(0, +), parts: [part(0, amounts[0]), part(1, amounts[1])])
      #expect(found.reduce(0) { $0 + $1.sharePpm } <= 1_000_000)
      #expect(found.map(\.sharePpm) == found.map(\.sharePpm).sorted(by: >))
    }
  }

  @Test func `every established finding is reported, and no other`() {
    let established = ReasonClass.allCases.flatMap { reasonClass in
      Severity.allCases.map { finding(reasonClass, $0) }
    }
    let weak = finding(.spoof, .high, occurrences: 2)
    let codes = reasons(findings: established + [weak], parts: []).map(\.code)
    #expect(codes.count == established.count)
    #expect(Set(codes) == Set(established.map(\.reason.code)))
    #expect(reasons(findings: [weak], parts: []).isEmpty)
  }

  @Test func `what was not measured is no reason, nor what hardly counts`() {
    #expect(reasons(findings: [], values: [.nan, 4], parts: [part(0, 1), part(1, 1)]).count == 1)
    #expect(reasons(findings: [], parts: [part(0, 1.99), part(1, 0.01)]).count == 1)
  }

  @Test func `equal shares keep findings before measurements, in their order`() {
    let found = reasons(
      findings: [finding(.fault, .low), finding(.evidence, .low)], ensemble: 2,
      parts: [part(1, 1), part(0, 1)])
    #expect(found.map(\.code) == ["T_fault_low", "T_evidence_low", "UNUSUAL", "UNUSUAL"])
    #expect(found.map(\.feature) == [nil, nil, "ratio", "speed"])
  }

  @Test func `infinite strangeness is reported, not a crash`() {
    let found = judge([
      testCase(p: (1, 2), findings: [finding(.spoof, .high)], ensemble: .infinity)
    ])[0]
    #expect(found.rawMicro == 9_007_199_254_740_991)
    #expect(found.reasons.map(\.sharePpm) == [0])
  }

  @Test func `what may only hold does not reject through its own weight`() {
    let tiny = (1, 1_000_000)
    #expect(outcome(testCase(p: tiny, measuredP: (1, 2))) == .hold)
    #expect(outcome(testCase(p: tiny, measuredP: tiny)) == .reject)
  }

  @Test func `a node compared with a wider group than its own is held, not rejected`() {
    #expect(outcome(testCase(p: (1, 1_000_000), group: "wider")) == .hold)
  }
}
