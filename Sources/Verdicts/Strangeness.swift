import ExactMath
import Profiles

extension RuleFinding {
  /// What a finding adds to a node's strangeness, in the ensemble's currency (−ln of a tail
  /// probability): the more it can move the verdict, the more, and the oftener, the more.
  ///
  /// An established finding weighs 12, 6 or 1 by its severity, plus ln(occurrences / minimum); one
  /// below its minimum weighs its share of 1. Faults and verifier's reasons weigh 1: broken is not
  /// dishonest.
  public var strangeness: Double {
    guard isEstablished else { return Double(occurrences) / Double(max(minimumOccurrences, 1)) }
    guard reason.reasonClass == .spoof else { return 1 }
    let weight: Double =
      switch reason.severity {
      case .high: 12
      case .medium: 6
      case .low: 1
      }
    // Established with a minimum of zero, a finding may have no occurrences to count.
    let minimum = max(minimumOccurrences, 1)
    return weight + Portable.log(Double(max(occurrences, minimum)) / Double(minimum))
  }
}
