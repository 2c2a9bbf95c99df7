import Foundation
import Testing

@testable import Detection

struct EstimateTests {
  /// Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  @Test(arguments: [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
    (1, 29, 0.0061, 0.1718),
  ])
  func `shares have Wilson's interval`(count: Int, total: Int, low: Double, high: Double) {
    let estimate = Estimate.share(count, of: total)
    #expect(abs(estimate.low - low) < 5e-5 && abs(estimate.high - high) < 5e-5)
    #expect(estimate.value == Double(count) / Double(total))
  }

  @Test func `nothing measured is null in JSON`() throws {
    let text = String(
      decoding: try JSONEncoder().encode(Estimate.share(0, of: 0)), as: UTF8.self)
    #expect(text.contains(#""value":null"#) && !text.contains("nan"))
  }

  /// DeLong's variance by its definition, over all pairs.
  private func naiveDeviation(_ scores: [Double], _ positive: [Bool]) -> Double {
    let p = scores.indices.filter { positive[$0] }.map { scores[$0] }
    let n = scores.indices.filter { !positive[$0] }.map { scores[$0] }
    func kernel(_ x: Double, _ y: Double) -> Double { x > y ? 1 : x == y ? 0.5 : 0 }
    func variance(_ values: [Double]) -> Double {
      let mean = values.reduce(0, +) / Double(values.count)
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
    let byPositive = p.map { x in n.reduce(0) { $0 + kernel(x, $1) } / Double(n.count) }
    let byNegative = n.map { y in p.reduce(0) { $0 + kernel($1, y) } / Double(p.count) }
    return (variance(byPositive) / Double(p.count) + variance(byNegative) / Double(n.count))
      .squareRoot()
  }

  @Test func `the area under the curve has DeLong's interval, ties included`() {
    var random = SplitMix64(seed: 4)
    for _ in 0..<40 {
      let positive = (0..<30).map { _ in random.next() % 3 == 0 } + [true, false, true, false]
      let scores = positive.map { Double(random.next() % 9) + ($0 ? 2 : 0) }
      let estimate = Estimate.auroc(scores, positive: positive)
      let half = 1.959963984540054 * naiveDeviation(scores, positive)
      #expect(abs(estimate.low - max(estimate.value - half, 0)) < 1e-12)
      #expect(abs(estimate.high - min(estimate.value + half, 1)) < 1e-12)
    }
  }

  @Test func `a perfect ranking is not certain`() {
    let estimate = Estimate.auroc(
      [1, 2, 3, 4, 5, 6, 7, 8],
      positive: [
        false, false, false, false, true, true, true, true,
      ])
    #expect(estimate.value == 1 && estimate.high == 1 && estimate.low == 0.25)
  }

  @Test func `average precision lies in its interval, which narrows with the positive rows`() {
    var random = SplitMix64(seed: 8)
    func estimate(_ rows: Int) -> Estimate {
      let positive = (0..<rows).map { $0 % 5 == 0 }
      return Estimate.averagePrecision(
        positive.map { Double(random.next() % 1000) + ($0 ? 400 : 0) }, positive: positive)
    }
    let few = estimate(50)
    let many = estimate(5000)
    #expect(few.low < few.value && few.value < few.high)
    #expect(many.high - many.low < (few.high - few.low) / 3)
  }
}
