// MARK: - Arc tangent and inverse hyperbolic sine

extension Portable {
  /// The angle of the point (x, y) in radians, in [-π, π], within 2 ulp.
  ///
  /// The sign of the result is the sign of `y`, zeros included: `atan2(±0, x) = ±0` for `x >= +0`
  /// and `±π` for `x <= -0`. Two infinities give an odd multiple of π/4. NaN if either argument
  /// is NaN.
  public static func atan2(y: Double, x: Double) -> Double {
    if x.isNaN || y.isNaN { return .nan }
    let t = ratio(y.magnitude, x.magnitude)
    // Beyond 2^60 the angle rounds to π/2 on either side of the axis.
    if t > 0x1p60 { return y.sign == .plus ? 0x1.921fb54442d18p+0 : -0x1.921fb54442d18p+0 }
    let angle = arcTangent(t)
    // π = 0x1.921fb54442d18p+1 + 0x1.1a62633145c07p-53.
    let turned = x.sign == .plus ? angle : 0x1.921fb54442d18p+1 - (angle - 0x1.1a62633145c07p-53)
    return y.sign == .plus ? turned : -turned
  }

  /// `y / x` for non-negative arguments, with 0/0 = 0 and inf/inf = 1 as `atan2` wants them.
  private static func ratio(_ y: Double, _ x: Double) -> Double {
    if y == 0 { return 0 }
    if y == .infinity && x == .infinity { return 1 }
    return y / x
  }

  /// Arc tangent of `t >= 0`: `atan(t) = atan(c) + atan((t - c) / (1 + t c))` with c among 0, ½,
  /// 1, 1½, ∞ brings the argument into [-7/16, 7/16]; atan(c) is held in two parts.
  private static func arcTangent(_ t: Double) -> Double {
    if t < 0x1p-27 { return t }
    if t < 0.4375 { return t - t * arcTangentSeries(t) }
    let r: Double
    let high: Double
    let low: Double
    if t < 0.6875 {
      r = (2 * t - 1) / (2 + t)
      (high, low) = (4.63647609000806093515e-01, 2.26987774529616870924e-17)
    } else if t < 1.1875 {
      r = (t - 1) / (t + 1)
      (high, low) = (7.85398163397448278999e-01, 3.06161699786838301793e-17)
    } else if t < 2.4375 {
      r = (t - 1.5) / (1 + 1.5 * t)
      (high, low) = (9.82793723247329054082e-01, 1.39033110312309984516e-17)
    } else {
      r = -1 / t
      (high, low) = (1.57079632679489655800e+00, 6.12323399573676603587e-17)
    }
    return high - ((r * arcTangentSeries(r) - low) - r)
  }

  /// `1 - atan(r) / r` for |r| <= 7/16.
  private static func arcTangentSeries(_ r: Double) -> Double {
    let z = r * r
    let w = z * z
    let odd3 = 4.97687799461593236017e-02 + w * 1.62858201153657823623e-02
    let odd2 = 6.66107313738753120669e-02 + w * odd3
    let odd1 = 9.09088713343650656196e-02 + w * odd2
    let odd = z * (3.33333333333329318027e-01 + w * (1.42857142725034663711e-01 + w * odd1))
    let even2 = 5.83357013379057348645e-02 + w * 3.65315727442169155270e-02
    let even1 = 1.11111104054623557880e-01 + w * (7.69187620504482999495e-02 + w * even2)
    return odd - w * (1.99999999998764832476e-01 + w * even1)
  }

  /// Inverse hyperbolic sine, `log(x + √(x² + 1))`, within 2 ulp for every finite x.
  ///
  /// Odd, `asinh(±0) = ±0`, `asinh(±inf) = ±inf`, `asinh(NaN) = NaN`; no overflow for large x and
  /// no loss of digits for small x.
  public static func asinh(_ x: Double) -> Double {
    if x.isNaN { return .nan }
    let a = x.magnitude
    if a < 0x1p-28 { return x }
    let value: Double
    if a > 0x1p28 {
      value = log(a) + 0x1.62e42fefa39efp-1
    } else if a > 2 {
      value = log(2 * a + 1 / ((a * a + 1).squareRoot() + a))
    } else {
      let square = a * a
      value = log1p(nonNegative: a + square / (1 + (1 + square).squareRoot()))
    }
    return x < 0 ? -value : value
  }
}
