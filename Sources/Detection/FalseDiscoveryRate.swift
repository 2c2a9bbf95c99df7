/// Benjamini–Hochberg q-values in integers.
public enum FalseDiscoveryRate {
  /// q × 10⁹ of each p × 10⁹: for the k-th smallest of n, min over j ≥ k of ⌈n · p₍ⱼ₎ / j⌉, at most
  /// 10⁹.
  ///
  /// Rejecting every q ≤ α keeps the expected share of honest rows among the rejected at or below α
  /// for independent or positively dependent p-values (Benjamini & Hochberg 1995; Benjamini &
  /// Yekutieli 2001). Rounding up errs on the side of the accused.
  public static func benjaminiHochberg(_ partsPerBillion: [Int64]) -> [Int64] {
    let count = Int64(partsPerBillion.count)
    let order = partsPerBillion.indices.sorted { partsPerBillion[$0] < partsPerBillion[$1] }
    var result = [Int64](repeating: 1_000_000_000, count: partsPerBillion.count)
    var smallest: Int64 = 1_000_000_000
    for (place, index) in order.enumerated().reversed() {
      let rank = Int64(place + 1)
      smallest = min(smallest, (count * partsPerBillion[index] + rank - 1) / rank)
      result[index] = smallest
    }
    return result
  }
}
