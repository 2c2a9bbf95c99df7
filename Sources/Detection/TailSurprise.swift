import ExactMath

/// How surprising a detector's score s is: −ln((1 + #{reference ≥ s}) / (1 + #reference)), the share
/// of reference rows that score as high.
///
/// Between reference scores the share is interpolated; beyond the largest, by x of the reaches the
/// reference shows from its 90th to its 99th percentile, each of which loses a factor of ten, it
/// goes on as `tail` says. So the surprise is continuous where no reference scores tie, strictly
/// increasing above the smallest of them, at least zero, and in one currency for every detector:
/// their mean is the ensemble's score, and a detector that says nothing adds nothing.
public struct TailSurprise: Sendable, Equatable {
  /// Ascending.
  public let reference: [Double]
  private let decay: Double
  private let tail: Tail

  /// How the share goes on where no reference row scores as high.
  public enum Tail: Sendable {
    /// 10⁻ˣ: detectors are joined by it, so that one that is certain is heard.
    case exponential
    /// 1 / (1 + x ln 10): of many features of many nodes some are far out for good reasons, and no
    /// distance proves more than the reference is large. What is weighed against findings uses it.
    case power
  }

  public init(reference: [Double], tail: Tail = .exponential) {
    self.tail = tail
    self.reference = reference.sorted()
    let reach = Quantile.of(self.reference, 0.99) - Quantile.of(self.reference, 0.9)
    // Over that reach an exponential tail loses a factor of ten.
    decay = reach > 0 ? 2.302585092994046 / reach : 1
  }

  func callAsFunction(_ score: Double) -> Double {
    guard let first = reference.first, let last = reference.last, score > first else { return 0 }
    let count = Double(reference.count)
    if score > last {
      let beyond = (score - last) * decay
      return Portable.log((count + 1) / 2)
        + (tail == .power ? Portable.log(1 + beyond) : beyond)
    }
    let place = lowerBound(score)
    let below = reference[place - 1]
    let position = Double(place - 1) + (score - below) / (reference[place] - below)
    return Portable.log((count + 1) / (count + 1 - position))
  }

  /// The first place whose reference is not below `score`.
  private func lowerBound(_ score: Double) -> Int {
    var low = 0
    var high = reference.count
    while low < high {
      let middle = (low + high) / 2
      if reference[middle] < score { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
