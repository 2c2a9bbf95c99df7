import Detection
import Testing

struct RankingQualityTests {
  /// Every positive row against every negative one.
  private func naiveArea(_ scores: [Double], _ positive: [Bool]) -> Double {
    let above = scores.indices.filter { positive[$0] }.map { scores[$0] }
    let below = scores.indices.filter { !positive[$0] }.map { scores[$0] }
    let won = above.reduce(0.0) { sum, own in
      sum + below.reduce(0.0) { $0 + (own > $1 ? 1 : own == $1 ? 0.5 : 0) }
    }
    return won / Double(above.count * below.count)
  }

  /// Values from scikit-learn 1.9.1, `roc_auc_score` and `average_precision_score`.
  @Test(arguments: [
    (
      [0.1, 0.4, 0.35, 0.8, 0.8, 0.2, 0.4, 0.9, 0.05, 0.4], [0, 1, 0, 1, 0, 0, 1, 1, 0, 0],
      0.8541666666666667, 0.75
    ),
    ([3, 1, 2, 2, 5, 5, 5, 0], [1, 0, 0, 1, 0, 1, 0, 0], 0.6333333333333333, 0.4444444444444445),
  ])
  func `areas agree with scikit-learn's, ties included`(
    scores: [Double], labels: [Int], area: Double, precision: Double
  ) {
    let positive = labels.map { $0 == 1 }
    #expect(abs(RankingQuality.auroc(scores, positive: positive) - area) < 1e-12)
    #expect(abs(RankingQuality.averagePrecision(scores, positive: positive) - precision) < 1e-12)
  }

  @Test func `the area counts pairs`() {
    var generator = SplitMix64(seed: 1)
    for count in [2, 5, 60] {
      for steps in [1, 5, 1000] {
        let scores = (0..<count).map { _ in Double(Int.random(in: 0...steps, using: &generator)) }
        let positive = (0..<count).map { $0 == 0 || ($0 > 1 && Bool.random(using: &generator)) }
        let found = RankingQuality.auroc(scores, positive: positive)
        #expect(abs(found - naiveArea(scores, positive)) < 1e-12)
        let turned = RankingQuality.auroc(scores.map { -$0 }, positive: positive)
        #expect(abs(found + turned - 1) < 1e-12)
      }
    }
  }

  @Test func `a perfect ranking is one, equal scores are a coin and the base rate`() {
    let positive = [true, false, true, false, false]
    let perfect = [5.0, 1, 4, 2, 3]
    #expect(RankingQuality.auroc(perfect, positive: positive) == 1)
    #expect(RankingQuality.averagePrecision(perfect, positive: positive) == 1)
    let equal = [1.0, 1, 1, 1, 1]
    #expect(RankingQuality.auroc(equal, positive: positive) == 0.5)
    #expect(RankingQuality.averagePrecision(equal, positive: positive) == 0.4)
  }

  @Test func `without both kinds there is nothing to rank`() {
    for positive in [[], [true], [false], [false, false]] {
      let scores = positive.map { _ in 1.0 }
      #expect(RankingQuality.auroc(scores, positive: positive).isNaN)
    }
    #expect(RankingQuality.averagePrecision([1, 2], positive: [false, false]).isNaN)
  }
}
