/// Elementary functions that return the same bits on every machine.
///
/// The C library's `log` or `sin` may differ in the last bit between versions and processors.
/// These are built only from `+ - * /`, `squareRoot()`, comparisons and integer operations on the
/// bits of a `Double`, all of which IEEE 754 and Swift define exactly. Swift never contracts `a *
/// b + c` into a fused operation, so optimisation does not change the result either. Every NaN
/// returned is the canonical `.nan`.
///
/// The polynomial coefficients of `log`, `exp`, `sin`, `cos` and `atan2` are the minimax
/// constants published in Sun's fdlibm 5.3 (`e_log.c`, `e_exp.c`, `k_sin.c`, `k_cos.c`,
/// `s_atan.c`).
public enum Portable {}

// MARK: - Logarithm

extension Portable {
  /// Natural logarithm, within 1 ulp.
  ///
  /// `log(±0) = -inf`, `log(+inf) = +inf`, and NaN for NaN and for anything below zero.
  /// Subnormals are as accurate as normal numbers; `log(1) = +0`.
  public static func log(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x < .infinity else { return x }
    let (exponent, fraction) = split(x)
    return logarithm(fraction: fraction, exponent: exponent, correction: 0)
  }

  /// `log(1 + x)` for `x >= 0`, within 1 ulp; `asinh` needs it where `1 + x` would lose the
  /// digits of `x`.
  static func log1p(nonNegative x: Double) -> Double {
    let sum = 1 + x
    guard sum >= squareRootOfTwo else {
      return logarithm(fraction: x, exponent: 0, correction: 0)
    }
    let lost = x < 1 ? x - (sum - 1) : 1 - (sum - x)
    let (exponent, fraction) = split(sum)
    return logarithm(fraction: fraction, exponent: exponent, correction: lost / sum)
  }

  /// `x = 2^exponent * (1 + fraction)` with `1 + fraction` in [√½, √2); exact.
  private static func split(_ x: Double) -> (exponent: Double, fraction: Double) {
    let isSubnormal = x < Double.leastNormalMagnitude
    let bits = (isSubnormal ? x * 0x1p54 : x).bitPattern
    var exponent = Int(bits >> 52) - (isSubnormal ? 1023 + 54 : 1023)
    var significand = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
    if significand >= squareRootOfTwo {
      significand *= 0.5
      exponent += 1
    }
    return (Double(exponent), significand - 1)
  }

  /// `exponent * ln 2 + log(1 + fraction) + correction`.
  ///
  /// With `s = f / (2 + f)`, `log(1 + f) = 2 atanh(s) = f - f²/2 + s (f²/2 + R(s²))`, where `R`
  /// is a minimax polynomial. `ln 2` is held in two parts, the first with 20 trailing zero bits
  /// so that its product with an exponent is exact.
  private static func logarithm(
    fraction f: Double, exponent: Double, correction: Double
  ) -> Double {
    let s = f / (2 + f)
    let z = s * s
    let w = z * z
    let even = w * (0x1.999999997fa04p-2 + w * (0x1.c71c51d8e78afp-3 + w * 0x1.39a09d078c69fp-3))
    let oddTail = 0x1.7466496cb03dep-3 + w * 0x1.2f112df3e5244p-3
    let odd = z * (0x1.5555555555593p-1 + w * (0x1.2492494229359p-2 + w * oddTail))
    let halfSquare = 0.5 * f * f
    let series = s * (halfSquare + (even + odd))
    if exponent == 0 { return f - (halfSquare - (series + correction)) }
    let small = series + (exponent * 0x1.a39ef35793c76p-33 + correction)
    return exponent * 0x1.62e42feep-1 - ((halfSquare - small) - f)
  }

  private static var squareRootOfTwo: Double { 0x1.6a09e667f3bcdp+0 }
}

// MARK: - Exponential

extension Portable {
  /// The exponential function, within 1 ulp.
  ///
  /// Overflows to `+inf` above 709.782712893384, gives subnormals below -708.39 and `+0` below
  /// -745.13; `exp(-inf) = 0`, `exp(NaN) = NaN`, `exp(±0) = 1`.
  public static func exp(_ x: Double) -> Double {
    guard x <= 0x1.62e42fefa39efp+9 else { return x.isNaN ? .nan : .infinity }
    guard x >= -745.1332191019412 else { return 0 }
    // x = k ln 2 + (high - low), |high - low| <= ln 2 / 2.
    let k = (x * 0x1.71547652b82fep+0).rounded(.toNearestOrEven)
    let high = x - k * 0x1.62e42feep-1
    let low = k * 0x1.a39ef35793c76p-33
    let r = high - low
    let t = r * r
    let p3 = 6.61375632143793436117e-05
    let tail = p3 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08)
    let p1 = 1.66666666666666019037e-01
    let c = r - t * (p1 + t * (-2.77777777770155933842e-03 + t * tail))
    let y = 1 - ((low - (r * c) / (2 - c)) - high)
    // Two factors, because 2^k alone can overflow or be subnormal; only the last product can round.
    let half = Int(k) / 2
    return y * powerOfTwo(half) * powerOfTwo(Int(k) - half)
  }

  /// 2^exponent for -1022...1023.
  static func powerOfTwo(_ exponent: Int) -> Double {
    Double(bitPattern: UInt64(1023 + exponent) << 52)
  }
}
