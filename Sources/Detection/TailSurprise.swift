import ExactMath

/// How surprising a detector's score is: −ln of the share of reference rows that score as high.
///
/// Between reference scores the share is interpolated; beyond the largest it goes on exponentially
/// at the rate the reference shows from its 90th to its 99th percentile. So the surprise is
/// continuous, strictly increasing in the tail, at least zero, and in one currency for every
/// detector: their mean is the ensemble's score, and a detector that says nothing adds nothing.
public struct TailSurprise: Sendable, Equatable {
  /// Ascending.
  public let reference: [Double]
  private let decay: Double

  public init(reference: [Double]) {
    self.reference = reference.sorted()
    let reach = Quantile.of(self.reference, 0.99) - Quantile.of(self.reference, 0.9)
    // Over that reach an exponential tail loses a factor of ten.
    decay = reach > 0 ? 2.302585092994046 / reach : 1
  }

  func callAsFunction(_ score: Double) -> Double {
    guard let first = reference.first, let last = reference.last, score > first else { return 0 }
    let count = Double(reference.count)
    if score >= last { return Portable.log(count + 1) + (score - last) * decay }
    let above = upperBound(score)
    let below = reference[above - 1]
    let step = reference[above] - below
    let position = Double(above) + (step > 0 ? (score - below) / step : 0)
    return Portable.log(count + 1) - Portable.log(count + 1 - position)
  }

  /// The first place whose reference is above `score`.
  private func upperBound(_ score: Double) -> Int {
    var low = 0
    var high = reference.count
    while low < high {
      let middle = (low + high) / 2
      if reference[middle] <= score { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
