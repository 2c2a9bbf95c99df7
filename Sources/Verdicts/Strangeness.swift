import ExactMath
import Profiles

extension RuleFinding {
  /// What a finding adds to a node's strangeness, in the ensemble's currency (−ln of a tail
  /// probability): the more it can move the verdict, the more, and the oftener, the more.
  ///
  /// An established finding weighs 24, 12 or 1 by its severity, plus ln(occurrences / minimum); one
  /// below its minimum weighs its share of 1. Faults and verifier's reasons weigh 1: broken is not
  /// dishonest. The largest share of honest nodes that a night can tell apart is one among them all, a
  /// surprise of about 8 among thousands: what proves more weighs more.
  public var strangeness: Double {
    guard isEstablished else { return Double(occurrences) / Double(max(minimumOccurrences, 1)) }
    guard reason.reasonClass == .spoof else { return 1 }
    let weight: Double =
      switch reason.severity {
      case .high: 24
      case .medium: 12
      case .low: 1
      }
    // Established with a minimum of zero, a finding may have no occurrences to count.
    let minimum = max(minimumOccurrences, 1)
    return weight + Portable.log(Double(max(occurrences, minimum)) / Double(minimum))
  }
}
