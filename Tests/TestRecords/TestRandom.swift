/// SplitMix64, for reproducible noise.
public struct TestRandom: RandomNumberGenerator {
  private var state: UInt64

  public init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  public mutating func share() -> Double { Double.random(in: 0..<1, using: &self) }

  /// About normal, mean 0, deviation 1: twelve uniform values less six.
  public mutating func noise() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + share() } }
}
