// MARK: - Sine and cosine

extension Portable {
  /// Sine of an angle in radians, within 1 ulp for every finite `x` (the reduction below is exact
  /// enough for the largest `Double`). `sin(±0) = ±0`; NaN for NaN and infinities.
  public static func sin(_ x: Double) -> Double {
    guard x.isFinite else { return .nan }
    let angle = reduce(x)
    switch angle.quadrant {
    case 0: return sineKernel(angle.high, angle.low)
    case 1: return cosineKernel(angle.high, angle.low)
    case 2: return -sineKernel(angle.high, angle.low)
    default: return -cosineKernel(angle.high, angle.low)
    }
  }

  /// Cosine of an angle in radians, within 1 ulp for every finite `x`. NaN for NaN and infinities.
  public static func cos(_ x: Double) -> Double {
    guard x.isFinite else { return .nan }
    let angle = reduce(x)
    switch angle.quadrant {
    case 0: return cosineKernel(angle.high, angle.low)
    case 1: return -sineKernel(angle.high, angle.low)
    case 2: return -cosineKernel(angle.high, angle.low)
    default: return sineKernel(angle.high, angle.low)
    }
  }

  /// `sin(x + y)` for |x| <= π/4 and y the part of the angle below the last bit of x.
  private static func sineKernel(_ x: Double, _ y: Double) -> Double {
    if x.magnitude < 0x1p-27 { return x }
    let z = x * x
    let cube = z * x
    let tail =
      2.75573137070700676789e-06
      + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)
    let r = 8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04 + z * tail)
    return x - ((z * (0.5 * y - cube * r) - y) + cube * 1.66666666666666324348e-01)
  }

  /// `cos(x + y)` for the same arguments. `1 - x²/2` is formed with its rounding error kept.
  private static func cosineKernel(_ x: Double, _ y: Double) -> Double {
    let z = x * x
    let tail =
      -2.75573143513906633035e-07
      + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)
    let middle = -1.38888888888741095749e-03 + z * (2.48015872894767294178e-05 + z * tail)
    let r = z * (4.16666666666666019037e-02 + z * middle)
    let half = 0.5 * z
    let w = 1 - half
    return w + (((1 - w) - half) + (z * r - x * y))
  }
}

// MARK: - Reduction modulo π/2

extension Portable {
  /// An angle as `quadrant * π/2 + (high + low)` modulo 2π, `|high| <= π/4`, `low` below the last
  /// bit of `high`.
  private struct ReducedAngle {
    var quadrant: Int
    var high: Double
    var low: Double
  }

  /// Payne–Hanek reduction in integers (M. Payne, R. Hanek, "Radian reduction for trigonometric
  /// functions", 1983), for every finite `x`.
  ///
  /// With `|x| = m * 2^e`, m an integer, the bits of `2/π` of weight above `2^(1-e)` only add
  /// whole turns, so 192 bits from there give `m * 2/π * 2^e` modulo 4 with an error below
  /// `2^-137`. No double lies nearer than about `2^-62` to a multiple of π/2, which leaves 75
  /// good bits.
  private static func reduce(_ x: Double) -> ReducedAngle {
    let magnitude = x.magnitude
    if magnitude <= quarterPi { return ReducedAngle(quadrant: 0, high: x, low: 0) }
    let bits = magnitude.bitPattern
    let m = bits & 0x000F_FFFF_FFFF_FFFF | 0x0010_0000_0000_0000
    let e = Int(bits >> 52) - 1075
    var turns = product(m, twoOverPiBits(from: e + 62))
    var quadrant = Int(turns.high >> 126)
    turns.high &= UInt128.max >> 2
    let isBelow = turns.high >> 125 == 1
    if isBelow {
      // Past the middle: count down from the next quadrant, i.e. negate modulo 2^190.
      quadrant += 1
      let (low, borrow) = UInt64(0).subtractingReportingOverflow(turns.low)
      turns = ((1 << 126) - turns.high - (borrow ? 1 : 0), low)
    }
    let (high, low) = timesHalfPi(turns)
    let isNegative = (x < 0) != isBelow
    return ReducedAngle(
      quadrant: (x < 0 ? 4 - quadrant : quadrant) & 3,
      high: isNegative ? -high : high, low: isNegative ? -low : low)
  }

  /// `m * bits` modulo 2^192, as the upper 128 and the lower 64 bits.
  private static func product(
    _ m: UInt64, _ bits: (UInt64, UInt64, UInt64)
  ) -> (high: UInt128, low: UInt64) {
    let low = m.multipliedFullWidth(by: bits.2)
    let middle = UInt128(m) * UInt128(bits.1) + UInt128(low.high)
    let high = UInt128(m &* bits.0) << 64
    return (high &+ middle, low.low)
  }

  /// 192 bits of `2/π` (after 64 leading zeros) starting `offset` bits from the left.
  private static func twoOverPiBits(from offset: Int) -> (UInt64, UInt64, UInt64) {
    let word = offset / 64
    let shift = UInt64(offset % 64)
    func bits(_ index: Int) -> UInt64 {
      // `>>` by 64 gives zero, which is what an aligned offset needs.
      twoOverPi[index] << shift | twoOverPi[index + 1] >> (64 - shift)
    }
    return (bits(word), bits(word + 1), bits(word + 2))
  }

  /// A fraction of a quadrant in units of 2^-190, times π/2, as an unevaluated sum of two doubles.
  private static func timesHalfPi(_ turns: (high: UInt128, low: UInt64)) -> (Double, Double) {
    let zeros = turns.high.leadingZeroBitCount
    let fraction = turns.high << zeros | (UInt128(turns.low) << 64) >> (128 - zeros)
    // halfPi is in units of 2^-127 and fraction in units of 2^(-126 - zeros); keep the upper half.
    let scaled = fraction.multipliedFullWidth(by: halfPi).high
    let unit = powerOfTwo(-125 - zeros)
    let upper = Double(UInt64(scaled >> 75)) * 0x1p75 * unit
    let rest = UInt64(truncatingIfNeeded: scaled >> 22) & 0x1F_FFFF_FFFF_FFFF
    let lower = Double(rest) * 0x1p22 * unit
    let high = upper + lower
    return (high, (upper - high) + lower)
  }

  private static var quarterPi: Double { 0x1.921fb54442d18p-1 }

  /// π/2 in units of 2^-127.
  private static var halfPi: UInt128 {
    UInt128(0xC90F_DAA2_2168_C234) << 64 | UInt128(0xC4C6_628B_80DC_1CD1)
  }

  /// 64 zero bits, then the first 1216 bits of `2/π`.
  private static let twoOverPi: [UInt64] = [
    0,
    0xA2F9_836E_4E44_1529, 0xFC27_57D1_F534_DDC0, 0xDB62_9599_3C43_9041,
    0xFE51_63AB_DEBB_C561, 0xB724_6E3A_424D_D2E0, 0x0649_2EEA_09D1_921C,
    0xFE1D_EB1C_B129_A73E, 0xE882_35F5_2EBB_4484, 0xE99C_7026_B45F_7E41,
    0x3991_D639_8353_39F4, 0x9C84_5F8B_BDF9_283B, 0x1FF8_97FF_DE05_980F,
    0xEF2F_118B_5A0A_6D1F, 0x6D36_7ECF_27CB_09B7, 0x4F46_3F66_9E5F_EA2D,
    0x7527_BAC7_EBE5_F17B, 0x3D07_39F7_8A52_92EA, 0x6BFB_5FB1_1F8D_5D08,
    0x5603_3046_FC7B_6BAB,
  ]
}
