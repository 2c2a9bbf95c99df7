/// Quantiles of ascending values.
public enum Quantile {
  /// The q-quantile, linear between order statistics: with h = (n − 1) q, the value between
  /// x₍⌊h⌋₎ and x₍⌊h⌋₊₁₎ at h − ⌊h⌋ (type 7 of Hyndman & Fan 1996, the default of R and numpy).
  ///
  /// - Parameters:
  ///   - sorted: ascending, without NaN.
  ///   - q: from 0 to 1.
  /// - Returns: NaN of nothing.
  public static func of(_ sorted: [Double], _ q: Double) -> Double {
    guard let last = sorted.last else { return .nan }
    let position = q * Double(sorted.count - 1)
    let index = Int(position.rounded(.down))
    guard index + 1 < sorted.count else { return last }
    let share = position - Double(index)
    let gap = sorted[index + 1] - sorted[index]
    // Between the ends of the range the gap overflows, and their weighted mean does not.
    guard gap < .infinity else { return sorted[index] * (1 - share) + sorted[index + 1] * share }
    return sorted[index] + share * gap
  }
}
