import Testing

@testable import ExactMath

@Suite struct PortableEdgeTests {
  private func isSame(_ x: Double, _ y: Double) -> Bool { x.bitPattern == y.bitPattern }

  private let minusNaN = Double(bitPattern: 0xFFF8_0000_0000_0001)

  @Test func everyNaNBecomesTheCanonicalOne() {
    for function in [
      Portable.log, Portable.exp, Portable.sin, Portable.cos, Portable.asinh,
      Portable.normalQuantile,
    ] {
      #expect(isSame(function(minusNaN), .nan))
    }
    #expect(isSame(Portable.atan2(y: minusNaN, x: 1), .nan))
    #expect(isSame(Portable.atan2(y: 1, x: minusNaN), .nan))
  }

  @Test func logOfZeroNegativeAndInfinity() {
    #expect(isSame(Portable.log(0), -.infinity))
    #expect(isSame(Portable.log(-0.0), -.infinity))
    #expect(isSame(Portable.log(.infinity), .infinity))
    #expect(isSame(Portable.log(1), 0))
    for x: Double in [-0x1p-1074, -1, -Double.infinity] { #expect(isSame(Portable.log(x), .nan)) }
    #expect(isSame(Portable.log(.leastNonzeroMagnitude), -744.4400719213812))
  }

  @Test func expOverflowsAndUnderflowsWhereItShould() {
    #expect(isSame(Portable.exp(0), 1))
    #expect(isSame(Portable.exp(-0.0), 1))
    #expect(isSame(Portable.exp(.infinity), .infinity))
    #expect(isSame(Portable.exp(-.infinity), 0))
    #expect(Portable.exp(709.782712893384) < .infinity)
    #expect(Portable.exp(709.7827128933841) == .infinity)
    #expect(Portable.exp(-745.1332191019411) == .leastNonzeroMagnitude)
    #expect(Portable.exp(-745.1332191019412) == 0)
    #expect(Portable.exp(-1000) == 0)
  }

  @Test func sineAndCosineOfZeroAndInfinity() {
    #expect(isSame(Portable.sin(0), 0))
    #expect(isSame(Portable.sin(-0.0), -0.0))
    #expect(isSame(Portable.cos(0), 1))
    for x in [Double.infinity, -.infinity] {
      #expect(isSame(Portable.sin(x), .nan))
      #expect(isSame(Portable.cos(x), .nan))
    }
    let tiny = Double.leastNonzeroMagnitude
    #expect(isSame(Portable.sin(-tiny), -tiny))
    #expect(Portable.cos(tiny) == 1)
  }

  @Test func sineIsOddAndCosineEvenBitByBit() {
    var generator = SplitMix64(seed: 21)
    for _ in 0..<2000 {
      let x = Double.random(in: -1e6...1e6, using: &generator)
      #expect(isSame(Portable.sin(-x), -Portable.sin(x)))
      #expect(isSame(Portable.cos(-x), Portable.cos(x)))
    }
  }

  @Test func atan2CoversAxesSignsAndInfinities() {
    let pi = Double.pi
    let cases: [(y: Double, x: Double, angle: Double)] = [
      (0, 1, 0), (0, 0, 0), (0, -0.0, pi), (0, -1, pi), (1, 0, pi / 2), (1, -0.0, pi / 2),
      (1, 1, pi / 4), (1, -1, 3 * pi / 4), (1, .infinity, 0), (1, -.infinity, pi),
      (.infinity, 1, pi / 2), (.infinity, .infinity, pi / 4), (.infinity, -.infinity, 3 * pi / 4),
      (1e300, 1e-300, pi / 2), (1e-300, -1e300, pi), (0x1p-1074, 1, 0x1p-1074),
    ]
    for (y, x, angle) in cases {
      #expect(isSame(Portable.atan2(y: y, x: x), angle), "atan2(\(y), \(x))")
      #expect(isSame(Portable.atan2(y: -y, x: x), -angle), "atan2(\(-y), \(x))")
    }
  }

  @Test func asinhIsOddAndKeepsZerosAndInfinities() {
    for x: Double in [0, 0x1p-1060, 1e-9, 0.5, 3, 1e9, 1e300, Double.infinity] {
      #expect(isSame(Portable.asinh(-x), -Portable.asinh(x)))
    }
    #expect(isSame(Portable.asinh(0), 0))
    #expect(isSame(Portable.asinh(.infinity), .infinity))
    #expect(Portable.asinh(.greatestFiniteMagnitude) < 711)
  }

  @Test func normalQuantileOutsideTheUnitIntervalIsNaN() {
    #expect(isSame(Portable.normalQuantile(0), -.infinity))
    #expect(isSame(Portable.normalQuantile(1), .infinity))
    #expect(isSame(Portable.normalQuantile(0.5), 0))
    for p in [-0x1p-1074, 1.0.nextUp, .infinity, -.infinity] {
      #expect(isSame(Portable.normalQuantile(p), .nan))
    }
  }
}
