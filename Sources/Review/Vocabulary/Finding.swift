import Bundles
import Foundation
import Verdicts

public typealias Finding = ReviewDecision.Finding

extension Finding {
  /// The verdicts that go with it: a confirmed spoof is not paid, a false positive is, a broken node
  /// is not a dishonest one, and what needs evidence stays open.
  public var verdicts: [Outcome] {
    switch self {
    case .confirmedSpoof: [.reject, .hold]
    case .falsePositive: [.accept]
    case .faulty: [.hold, .accept, .abstain]
    case .needsEvidence: [.hold, .abstain]
    }
  }
}

extension Date {
  /// Milliseconds since 1970-01-01 UTC: what the store keeps. Held to what JSON's integers can say.
  var milliseconds: Int64 {
    let limit = 9_007_199_254_740_991.0
    let value = (timeIntervalSince1970 * 1000).rounded()
    return value.isNaN ? 0 : Int64(min(max(value, -limit), limit))
  }

  init(milliseconds: Int64) {
    self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
  }
}
