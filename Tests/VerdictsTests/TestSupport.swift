@testable import Detection
@testable import Profiles
@testable import Verdicts

func reason(_ reasonClass: ReasonClass, _ severity: Severity) -> ReasonCode {
  ReasonCode("T_\(reasonClass)_\(severity)", bit: 60, reasonClass, severity, text: "For tests.")
}

func finding(
  _ reasonClass: ReasonClass, _ severity: Severity, occurrences: Int = 3, minimum: Int = 3
) -> RuleFinding {
  RuleFinding(
    reason(reasonClass, severity), observed: 5, high: 4, occurrences: occurrences,
    minimumOccurrences: minimum)
}

func node(_ name: String = "n", records: Int = 100, groups: [String] = ["all"]) -> NodeProfile {
  NodeProfile(
    node: name, recordCount: records, evidence: [1, 2], features: [], findings: [],
    groups: groups, unitsMicro: 7, identities: [], comparables: [])
}

/// A case whose p-value is `p`, and `measuredP` without its findings; with no other case beside it,
/// its q-value too.
func testCase(
  p: (Int, Int)?, measuredP: (Int, Int)? = nil, group: String = "all", findings: [RuleFinding] = [],
  records: Int = 100, ensemble: Double = 1,
  values: [Double] = [], parts: [Explanation.Part] = []
) -> Judge.Case {
  let extra = findings.reduce(0) { $0 + $1.strangeness }
  return Judge.Case(
    profile: node(records: records), findings: findings, values: values,
    result: RowResult(
      strangeness: ensemble + extra, ensemble: ensemble,
      pValue: p.map { Calibration.PValue(numerator: $0.0, denominator: $0.1, group: group) },
      ensemblePValue: (measuredP ?? p).map {
        Calibration.PValue(numerator: $0.0, denominator: $0.1, group: group)
      },
      parts: parts))
}

func judge(
  _ cases: [Judge.Case], policy: Policy = .standard, features: [FeatureSpec] = []
) -> [Verdict] {
  Judge(policy: policy, features: features, minimumRecords: 10).verdicts(cases)
}

func outcome(_ one: Judge.Case, policy: Policy = .standard) -> Outcome {
  judge([one], policy: policy)[0].outcome
}
