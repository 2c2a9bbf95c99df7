import ExactMath
import Testing

@testable import Profiles

private func isNear(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  (a - b).magnitude <= tolerance * max(1, b.magnitude)
}

private func noise(_ count: Int, seed: UInt64) -> [Double] {
  var random = ComputeRandom(state: seed)
  return (0..<count).map { _ in random.noise() }
}

@Test func quantilesAreLinearBetweenOrderStatistics() {
  // NumPy's default (Hyndman and Fan's type 7).
  #expect(Quantile.of([1, 2, 3, 4], 0.25) == 1.75)
  #expect(Quantile.of([1, 2, 3, 4], 0.5) == 2.5)
  #expect(Quantile.of([10, 20, 50], 0.95) == 47)
  #expect(Quantile.of([10, 20, 50], 0) == 10)
  #expect(Quantile.of([10, 20, 50], 1) == 50)
  #expect(Quantile.of([7], 0.3) == 7)
  #expect(Quantile.of([], 0.5).isNaN)
  #expect(Statistics.median([5, .nan, 1, 3]) == 3)
  #expect(Statistics.median([.nan]).isNaN)
}

@Test func robustSpreadOfANormalIsItsDeviation() {
  #expect(isNear(Statistics.robustSpread([1, 2, 3, 4]), 1.5 / 1.349))
  #expect(Statistics.robustSpread([1, 2, 3]).isNaN)
  let spread = Statistics.robustSpread(noise(20_000, seed: 3).sorted())
  #expect((spread - 1).magnitude < 0.03)
}

@Test func deviationAndVariationAreThoseOfTheReportedValues() {
  #expect(isNear(Statistics.deviation([2, 4, 4, 4, 5, 5, 7, 9]), (32.0 / 7).squareRoot()))
  #expect(Statistics.deviation([3]).isNaN)
  #expect(Statistics.deviation([3, .nan, 3]) == 0)
  #expect(isNear(Statistics.variation([9, .nan, 11]), 2.0.squareRoot() / 10))
  #expect(Statistics.variation([1, -1]).isNaN)
  #expect(Statistics.variation([0, 0]).isNaN)
  #expect(Statistics.mean([.nan, 2, 4]) == 3)
  #expect(Statistics.mean([]).isNaN)
}

@Test func sharesLeaveOutWhatWasNotReported() {
  #expect(Statistics.share([1, .nan, 2, 3, 4]) { $0 > 2 } == 0.5)
  #expect(Statistics.share([.nan]) { _ in true }.isNaN)
}

@Test func modeShareAgreesWithCounting() {
  #expect(Statistics.modeShare([]).isNaN)
  #expect(Statistics.modeShare([1, 1, 2, 3]) == 0.5)
  #expect(Statistics.modeShare([1, 2, 3, 3, 3]) == 0.6)
  var random = ComputeRandom(state: 12)
  for count in 1...60 {
    let values = (0..<count).map { _ in Double(Int.random(in: 0..<7, using: &random)) }
    let most = Dictionary(grouping: values) { $0 }.values.map(\.count).max() ?? 0
    #expect(Statistics.modeShare(values.sorted()) == Double(most) / Double(count))
  }
}

@Test func evennessIsEntropyOverItsLargestValue() {
  #expect(isNear(Statistics.evenness([5, 5, 5, 5]), 1))
  #expect(Statistics.evenness([9, 0, 0]) == 0)
  #expect(isNear(Statistics.evenness([2, 1, 1]), 1.5 / 1.584962500721156))
  #expect(Statistics.evenness([3]).isNaN)
  #expect(Statistics.evenness([0, 0]).isNaN)
}

@Test func lineFitRecoversALine() throws {
  let x = (0..<20).map { Double($0) }
  let fit = try #require(LineFit(x, x.map { 3 - 2 * $0 }))
  #expect(isNear(fit.slope, -2) && isNear(fit.intercept, 3) && isNear(fit.correlation, -1))
  #expect(fit.residualDeviation < 1e-6 && fit.count == 20)
}

@Test func lineFitMatchesAnscombesQuartet() throws {
  // Anscombe 1973, first set: y = 3.0001 + 0.5001 x, r = 0.8164, residual deviation 1.2366.
  let x: [Double] = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
  let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
  let fit = try #require(LineFit(x, y))
  #expect(isNear(fit.slope, 0.500091, 1e-5) && isNear(fit.intercept, 3.000091, 1e-5))
  #expect(isNear(fit.correlation, 0.816421, 1e-5))
  #expect(isNear(fit.residualDeviation, 1.236603, 1e-5))
}

@Test func lineFitNeedsEightRowsWhereBothAreReportedAndSpread() {
  let x = (0..<9).map { Double($0) }
  var y = x
  y[3] = .nan
  #expect(LineFit(x, y)?.count == 8)
  y[4] = .nan
  #expect(LineFit(x, y) == nil)
  #expect(LineFit(Array(repeating: 1, count: 9), x) == nil)
  // A constant y has a line but no correlation.
  let flat = LineFit(x, Array(repeating: 5, count: 9))
  #expect(flat?.slope == 0 && flat?.residualDeviation == 0)
  #expect(flat?.correlation.isNaN == true)
}

@Test func correlationAgreesWithTheDefinition() {
  for seed in 0..<20 {
    let x = noise(50, seed: UInt64(seed))
    let y = zip(x, noise(50, seed: UInt64(seed) + 100)).map { 0.5 * $0 + $1 }
    let (meanX, meanY) = (Statistics.mean(x), Statistics.mean(y))
    let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / 49
    let expected = covariance / Statistics.deviation(x) / Statistics.deviation(y)
    #expect(isNear(Statistics.correlation(x, y), expected, 1e-9))
  }
  #expect(Statistics.correlation([1, 2], [1, 2]).isNaN)
}

@Test func lagOneCorrelationTellsNoiseFromSmoothSeries() {
  let random = noise(2000, seed: 8)
  #expect(Statistics.lagOneCorrelation(random).magnitude < 0.06)
  var walk: [Double] = []
  for step in random { walk.append((walk.last ?? 0) + step) }
  #expect(Statistics.lagOneCorrelation(walk) > 0.97)
  let alternating = (0..<40).map { Double($0 % 2) }
  #expect(isNear(Statistics.lagOneCorrelation(alternating), -1, 0.01))
  #expect(Statistics.lagOneCorrelation(Array(random.prefix(8))).isNaN)
}

@Test func logarithmsHaveTheirBases() {
  #expect(isNear(Statistics.log2(8), 3) && isNear(Statistics.log10(1000), 3))
  #expect(Statistics.log2(.nan).isNaN && Statistics.log2(-1).isNaN)
}

@Test func quantisationRoundsToTheResolutionAndKeepsWhatCannotBeMeasured() {
  let spec = FeatureSpec("x", resolution: 0.25, side: .both, attacks: [], text: "")
  #expect(spec.quantised(1.13) == 1.25 && spec.quantised(-1.1) == -1)
  #expect(spec.quantised(-0.01).sign == .plus)
  #expect(spec.quantised(.nan).isNaN && spec.quantised(.infinity).isNaN)
  // Coarser than any step: as it is, and still finite.
  #expect(spec.quantised(1.7e308) == 1.7e308)
}
