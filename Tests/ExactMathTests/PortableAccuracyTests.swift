import Foundation
import Testing

@testable import ExactMath

/// Compared with the C library of the machine, whose own error is below one ulp.
@Suite struct PortableAccuracyTests {
  private func worstError(
    _ points: [Double], _ function: (Double) -> Double, _ expected: (Double) -> Double
  ) -> Double {
    var worst = 0.0
    for x in points {
      let (value, reference) = (function(x), expected(x))
      if value == reference || (value.isNaN && reference.isNaN) { continue }
      worst = max(worst, ((value - reference) / reference.ulp).magnitude)
    }
    return worst
  }

  private func uniform(_ range: ClosedRange<Double>, seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return (0..<20_000).map { _ in Double.random(in: range, using: &generator) }
  }

  /// Every sign, exponent and significand equally often.
  private func anyFinite(seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return (0..<20_000).map { _ in Double(bitPattern: generator.next()) }.filter(\.isFinite)
  }

  @Test func logIsWithinOneUlp() {
    let points = anyFinite(seed: 1).map(\.magnitude) + uniform(0.5...2, seed: 2)
    #expect(worstError(points, Portable.log, Foundation.log) <= 1)
    #expect(worstError(uniform(0x1p-1040...0x1p-1020, seed: 3), Portable.log, Foundation.log) <= 1)
  }

  @Test func log1pIsWithinOneUlp() {
    let points = uniform(0...3, seed: 4) + anyFinite(seed: 5).map(\.magnitude)
    #expect(worstError(points, Portable.log1p(nonNegative:), Foundation.log1p) <= 1)
  }

  @Test func expIsWithinOneUlp() {
    #expect(worstError(uniform(-745...709.7, seed: 6), Portable.exp, Foundation.exp) <= 1)
    #expect(worstError(uniform(-1...1, seed: 7), Portable.exp, Foundation.exp) <= 1)
    #expect(worstError(anyFinite(seed: 8), Portable.exp, Foundation.exp) <= 1)
  }

  @Test func sineAndCosineAreWithinOneUlpForEveryMagnitude() {
    let points = uniform(-1e5...1e5, seed: 9) + uniform(-7...7, seed: 10) + anyFinite(seed: 11)
    #expect(worstError(points, Portable.sin, Foundation.sin) <= 1)
    #expect(worstError(points, Portable.cos, Foundation.cos) <= 1)
  }

  @Test func sineAndCosineKeepTheirDigitsNearMultiplesOfHalfPi() {
    let points = (1...20_000).map { Double($0) * 0.5 * Double.pi }
    #expect(worstError(points, Portable.sin, Foundation.sin) <= 1)
    #expect(worstError(points, Portable.cos, Foundation.cos) <= 1)
  }

  @Test func cosineIsRightAtTheDoubleNearestToAMultipleOfHalfPi() {
    // J.-M. Muller, "Elementary Functions"; value from mpmath 1.3.0 with 2000 bits. The C library
    // is off by 8 ulp here.
    let x = 6_381_956_970_095_103 * 0x1p797
    #expect(Portable.cos(x) == -4.6871659242546276111e-19)
    #expect(Portable.sin(x) == 1)
  }

  @Test func atan2IsWithinTwoUlps() {
    var generator = SplitMix64(seed: 12)
    for _ in 0..<20_000 {
      let x = Double.random(in: -10...10, using: &generator)
      let wide = Double(bitPattern: generator.next())
      for y in [Double.random(in: -10...10, using: &generator), wide] where y.isFinite {
        let reference = Foundation.atan2(y, x)
        #expect((Portable.atan2(y: y, x: x) - reference).magnitude <= 2 * reference.ulp)
      }
    }
  }

  @Test func asinhIsWithinTwoUlps() {
    let points = uniform(-5...5, seed: 13) + anyFinite(seed: 14)
    #expect(worstError(points, Portable.asinh, Foundation.asinh) <= 2)
  }

  @Test(arguments: [
    // mpmath 1.3.0, 40 digits: sqrt(2) * erfinv(2 p - 1), with the exact value of the double p.
    (0x1p-1074, -38.467405617144344),
    (1e-300, -37.0470962993612),
    (1e-100, -21.273453560965326),
    (1e-20, -9.262340089798407),
    (1e-09, -5.9978070150076865),
    (0.0005, -3.290526731491895),
    (0.01, -2.326347874040841),
    (0.0749, -1.4402382675279637),
    (0.0751, -1.43882539275254),
    (0.1, -1.2815515655446004),
    (0.25, -0.6744897501960817),
    (0.4999999, -2.5066282747031063e-07),
    (0.6, 0.2533471031357997),
    (0.9, 1.2815515655446006),
    (0.925, 1.4395314709384561),
    (0.975, 1.9599639845400538),
    (0.99999, 4.264890793923841),
    (0.9999999999, 6.361340889697422),
  ])
  func normalQuantileAgreesWithHighPrecisionValues(p: Double, z: Double) {
    #expect((Portable.normalQuantile(p) - z).magnitude <= 1.5e-15 * z.magnitude)
  }

  @Test func normalQuantileIsOddAndIncreasing() {
    var previous = -Double.infinity
    for i in 1..<4096 {
      let z = Portable.normalQuantile(Double(i) / 4096)
      #expect(z > previous)
      #expect(z == -Portable.normalQuantile(Double(4096 - i) / 4096))
      previous = z
    }
  }
}
