import ExactMath

/// What one observation adds to the objective, with its derivatives by the log-odds.
///
/// With e = exp(−|margin|) all of it is made of numbers in [0, 1]: nothing overflows, and p and
/// 1 − p are both accurate however small they are.
struct LogisticTerm {
  /// −log P(label).
  let loss: Double
  /// P(1) − label.
  let residual: Double
  /// P(1) P(0).
  let variance: Double

  init(logOdds: Double, label: Bool) {
    let margin = label ? logOdds : -logOdds
    let e = Portable.exp(-margin.magnitude)
    let missed = (margin < 0 ? 1 : e) / (1 + e)
    loss = max(-margin, 0) + Self.log1p(e)
    residual = label ? -missed : missed
    variance = e / ((1 + e) * (1 + e))
  }

  /// log(1 + e) for e in [0, 1]: the rounding error of 1 + e cancels in the quotient (W. Kahan; see
  /// theorem 4 of Goldberg 1991, "What every computer scientist should know").
  private static func log1p(_ e: Double) -> Double {
    let sum = 1 + e
    return sum == 1 ? e : e * (Portable.log(sum) / (sum - 1))
  }
}
