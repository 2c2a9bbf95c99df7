import Review
import Verdicts

/// Findings with the verdicts that go with them, as one choice: others cannot be picked.
enum DecisionChoices {
  /// - Parameter needsApproval: whether a verdict takes a second person, where that is known.
  static func choices(needsApproval: [Outcome: Bool] = [:]) -> [Choice] {
    Finding.allCases.flatMap { finding in
      finding.verdicts.map { verdict in
        let second = needsApproval[verdict] == true ? " (second person)" : ""
        return Choice(
          value: "\(finding.rawValue)/\(verdict.rawValue)",
          text: "\(Words.finding(finding)) → \(verdict.rawValue)\(second)", isChosen: false)
      }
    }
  }

  static func read(_ text: String?) throws(Refusal) -> (Finding, Outcome) {
    let parts = (text ?? "").split(separator: "/").map(String.init)
    guard parts.count == 2, let finding = Finding(rawValue: parts[0]),
      let verdict = Outcome(rawValue: parts[1])
    else { throw .badInput("Pick a finding and a verdict.") }
    return (finding, verdict)
  }
}
