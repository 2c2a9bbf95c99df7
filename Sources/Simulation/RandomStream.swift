import ExactMath

/// Random numbers that are the same bits everywhere for the same seed and place.
///
/// SplitMix64 (Steele, Lea & Flood 2014): one 64-bit state, so that every node and day has a
/// stream of its own at no cost and can be written without the others.
public struct RandomStream: Sendable {
  private var state: UInt64

  /// The stream number `place` under `seed`: other places, other streams.
  public init(seed: UInt64, _ place: UInt64...) {
    state = seed
    for part in place {
      state = Self.mixed(state &+ 0x9E37_79B9_7F4A_7C15) ^ (part &* 0xD1B5_4A32_D192_ED03)
    }
    state = Self.mixed(state)
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 64 random bits.
  public mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// Uniform in [0, 1), in steps of 2⁻⁵³.
  public mutating func uniform() -> Double {
    Double(bits() >> 11) * 0x1p-53
  }

  /// Uniform between the ends.
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// Uniform over the integers of a range.
  public mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(bits().multipliedFullWidth(by: UInt64(range.count)).high)
  }

  /// True with the given probability.
  public mutating func chance(_ probability: Double) -> Bool {
    uniform() < probability
  }

  /// Normal with the given mean and standard deviation (Box–Muller, one of the pair).
  public mutating func normal(_ mean: Double = 0, _ deviation: Double = 1) -> Double {
    let radius = (-2 * Portable.log(1 - uniform())).squareRoot()
    return mean + deviation * radius * Portable.cos(6.283185307179586 * uniform())
  }

  /// exp of a normal: `median` times a factor whose logarithm has the given deviation.
  public mutating func logNormal(median: Double, _ deviation: Double) -> Double {
    median * Portable.exp(normal(0, deviation))
  }

  /// Exponential with the given mean.
  public mutating func exponential(_ mean: Double) -> Double {
    -mean * Portable.log(1 - uniform())
  }

  /// Poisson with the given mean; above 60 a rounded normal.
  public mutating func poisson(_ mean: Double) -> Int {
    guard mean > 0 else { return 0 }
    guard mean < 60 else { return max(Int(normal(mean, mean.squareRoot()).rounded()), 0) }
    let limit = Portable.exp(-mean)
    var product = uniform()
    var count = 0
    while product > limit {
      product *= uniform()
      count += 1
    }
    return count
  }

  /// One of the elements; the collection must not be empty.
  public mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[integer(0...(elements.count - 1))]
  }

  /// `count` lower-case hexadecimal digits.
  public mutating func hex(_ count: Int) -> String {
    var text = ""
    while text.utf8.count < count {
      let word = String(bits(), radix: 16)
      text += String(repeating: "0", count: 16 - word.utf8.count) + word
    }
    return String(text.prefix(count))
  }
}
