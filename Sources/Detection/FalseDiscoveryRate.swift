/// q-values in integers: the smallest false discovery rate at which a row is still rejected.
public enum FalseDiscoveryRate {
  /// What is assumed of the p-values.
  public enum Method: String, Sendable, CaseIterable {
    /// Independent or positively dependent, as conformal p-values of one calibration set are (Bates
    /// et al. 2023): Benjamini & Hochberg 1995.
    case benjaminiHochberg = "bh"
    /// Anything: Benjamini & Yekutieli 2001. Larger by 1 + ½ + … + 1/n, about ln n + 0.58.
    case benjaminiYekutieli = "by"
  }

  /// q × 10⁹ of each p × 10⁹: for the k-th smallest of n, min over j ≥ k of ⌈n · p₍ⱼ₎ · c / j⌉, at most
  /// 10⁹, with c = 1 or the harmonic number. Rounding up errs on the side of the accused.
  public static func qValues(_ partsPerBillion: [Int64], _ method: Method) -> [Int64] {
    let count = Int128(partsPerBillion.count)
    let scale = method == .benjaminiHochberg ? unit : harmonic(partsPerBillion.count)
    let order = partsPerBillion.indices.sorted { partsPerBillion[$0] < partsPerBillion[$1] }
    var result = [Int64](repeating: 1_000_000_000, count: partsPerBillion.count)
    var smallest: Int128 = 1_000_000_000
    for (place, index) in order.enumerated().reversed() {
      let divisor = Int128(place + 1) * unit
      let product = count * Int128(partsPerBillion[index]) * scale
      smallest = min(smallest, (product + divisor - 1) / divisor)
      result[index] = Int64(smallest)
    }
    return result
  }

  private static let unit: Int128 = 1_000_000_000

  /// (1 + ½ + … + 1/n) × 10⁹, each term rounded up.
  private static func harmonic(_ count: Int) -> Int128 {
    var sum: Int128 = 0
    for term in stride(from: 1, through: count, by: 1) {
      sum += (unit + Int128(term) - 1) / Int128(term)
    }
    return sum
  }
}
