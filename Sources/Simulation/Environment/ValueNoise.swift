/// Smooth random functions of a place or a time, the same for everyone who asks.
enum ValueNoise {
  /// Uniform in [-1, 1), by the lattice point.
  static func lattice(_ x: Int64, _ y: Int64, _ salt: UInt64) -> Double {
    var z = salt &+ UInt64(bitPattern: x) &* 0x9E37_79B9_7F4A_7C15
    z ^= UInt64(bitPattern: y) &* 0xC2B2_AE3D_27D4_EB4F
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double(Int64(bitPattern: z ^ (z >> 31)) >> 11) * 0x1p-52
  }

  /// Between the four lattice points around, with a slope of zero at each; in [-1, 1).
  static func at(_ x: Double, _ y: Double, _ salt: UInt64) -> Double {
    let (left, bottom) = (x.rounded(.down), y.rounded(.down))
    let (u, v) = (fade(x - left), fade(y - bottom))
    let (i, j) = (Int64(left), Int64(bottom))
    let low = mix(lattice(i, j, salt), lattice(i + 1, j, salt), u)
    let high = mix(lattice(i, j + 1, salt), lattice(i + 1, j + 1, salt), u)
    return mix(low, high, v)
  }

  /// Of one variable.
  static func at(_ x: Double, _ salt: UInt64) -> Double {
    let left = x.rounded(.down)
    let i = Int64(left)
    return mix(lattice(i, 0, salt), lattice(i + 1, 0, salt), fade(x - left))
  }

  private static func fade(_ t: Double) -> Double { t * t * (3 - 2 * t) }

  private static func mix(_ a: Double, _ b: Double, _ share: Double) -> Double {
    a + share * (b - a)
  }
}
