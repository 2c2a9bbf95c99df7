import ExactMath
import Foundation
import Testing

@testable import Detection

struct LogisticPriorTests {
  @Test(arguments: [0, 5])
  func `without rows, or with rows that do not count, the fit is the prior mean`(
    rowCount: Int
  ) async throws {
    let inputs = try LatticeMatrix(
      rows: rowCount, columns: 3, bits: 16,
      values: LogisticCase.rows.prefix(rowCount).flatMap(\.self))
    let fit = try await LogisticRegression(
      fitting: inputs, unit: 7, labels: Array(LogisticCase.labels.prefix(rowCount)),
      observationWeights: [Double](repeating: 0, count: rowCount), prior: LogisticCase.generalPrior,
      tasks: 3)
    #expect(
      fit
        == LogisticRegression(
          weights: LogisticCase.generalPrior.means,
          intercept: LogisticCase.generalPrior.interceptMean, unit: 7,
          iterations: 0))
    #expect(try fit.logOdds(inputs).count == rowCount)
  }

  @Test func `copies of rows take the weight away from its prior mean, each less than the last`()
    async throws
  {
    let pair: [[Double]] = [[4], [-4]]
    var weights = [-1.5]
    for copies in 1...12 {
      var start = logisticPrior(1, precision: 4)
      start.means = [-1.5]
      let fit = try await LogisticRegression(
        fitting: try lattice([[[Double]]](repeating: pair, count: copies).flatMap(\.self)),
        unit: 8, labels: [[Bool]](repeating: [true, false], count: copies).flatMap(\.self),
        prior: start, tasks: 1)
      weights.append(fit.weights[0])
    }
    let steps = zip(weights.dropFirst(), weights).map { $0 - $1 }
    #expect(steps.allSatisfy { $0 > 0 })
    #expect(zip(steps.dropFirst(), steps).allSatisfy { $0 < $1 })
  }

  @Test(arguments: [1e-3, 1e-5, 1e-7])
  func `little evidence moves weights in proportion`(count: Double) async throws {
    let fit = try await LogisticRegression(
      fitting: try lattice(LogisticCase.rows), unit: LogisticCase.unit, labels: LogisticCase.labels,
      observationWeights: LogisticCase.rows.map { _ in count }, prior: LogisticCase.generalPrior,
      tasks: 1)
    let atPrior = LogisticRegression(
      weights: LogisticCase.generalPrior.means, intercept: LogisticCase.generalPrior.interceptMean,
      unit: LogisticCase.unit, iterations: 0)
    let logOdds = try atPrior.logOdds(try lattice(LogisticCase.rows))
    for j in 0..<3 {
      // One step against the gradient of the loss at the prior mean, as w − m = −g / λ.
      let pull = LogisticCase.rows.indices.reduce(0.0) {
        let residual = 1 / (1 + exp(-logOdds[$1])) - (LogisticCase.labels[$1] ? 1 : 0)
        return $0 - count * residual * LogisticCase.rows[$1][j] / LogisticCase.unit
      }
      let expected = pull / LogisticCase.generalPrior.precisions[j]
      let found = fit.weights[j] - LogisticCase.generalPrior.means[j]
      #expect(abs(found - expected) < 500 * count * count + 1e-14)
    }
  }
}

struct LogisticInvarianceTests {
  @Test func `the order of rows changes weights by rounding only`() async throws {
    var generator = SplitMix64(seed: 11)
    let rows = mixedRows(200, 5, &generator)
    let labels = rows.map { _ in Bool.random(using: &generator) }
    func fit(_ order: [Int]) async throws -> LogisticRegression {
      try await LogisticRegression(
        fitting: try lattice(order.map { rows[$0] }, bits: 16), unit: 1024,
        labels: order.map { labels[$0] }, prior: logisticPrior(5, precision: 0.3), tasks: 1)
    }
    let straight = try await fit(Array(rows.indices))
    for _ in 0..<5 {
      // Not bit for bit: loss and gradient are added up in row order, and those sums round.
      let shuffled = try await fit(rows.indices.shuffled(using: &generator))
      #expect(abs(shuffled.intercept - straight.intercept) < 1e-12)
      for (found, expected) in zip(shuffled.weights, straight.weights) {
        #expect(abs(found - expected) < 1e-12)
      }
    }
  }

  @Test func `a row that counts n times is n rows`() async throws {
    let times = LogisticCase.rows.indices.map { $0 % 4 }
    let repeated = LogisticCase.rows.indices.flatMap { [Int](repeating: $0, count: times[$0]) }
    let counted = try await LogisticRegression(
      fitting: try lattice(LogisticCase.rows), unit: LogisticCase.unit, labels: LogisticCase.labels,
      observationWeights: times.map(Double.init), prior: LogisticCase.generalPrior, tasks: 1)
    let copied = try await LogisticRegression(
      fitting: try lattice(repeated.map { LogisticCase.rows[$0] }), unit: LogisticCase.unit,
      labels: repeated.map { LogisticCase.labels[$0] }, prior: LogisticCase.generalPrior, tasks: 1)
    expectRelative(
      counted.weights + [counted.intercept], copied.weights + [copied.intercept], 1e-11)
  }

  /// Powers of two only move exponents, so that these hold bit for bit.
  @Test func `units, strengths and signs scale as they should`() async throws {
    func fit(
      _ rows: [[Double]], _ prior: LogisticRegression.Prior, unit: Double = 16, count: Double = 1,
      labels: [Bool] = LogisticCase.labels
    ) async throws -> LogisticRegression {
      try await LogisticRegression(
        fitting: try lattice(rows), unit: unit, labels: labels,
        observationWeights: LogisticCase.counts.map { $0 * count }, prior: prior, tasks: 1)
    }
    let base = try await fit(LogisticCase.rows, LogisticCase.generalPrior)

    // A finer lattice.
    let finer = try await fit(
      LogisticCase.rows.map { $0.map { $0 * 8 } }, LogisticCase.generalPrior, unit: 128)
    #expect(finer.weights == base.weights && finer.intercept == base.intercept)

    // A larger real unit.
    var wider = LogisticCase.generalPrior
    wider.means = wider.means.map { $0 * 4 }
    wider.precisions = wider.precisions.map { $0 / 16 }
    let fitted = try await fit(LogisticCase.rows, wider, unit: 64)
    #expect(fitted.weights == base.weights.map { $0 * 4 } && fitted.intercept == base.intercept)

    // Data and prior both four times as strong.
    var stronger = LogisticCase.generalPrior
    stronger.precisions = stronger.precisions.map { $0 * 4 }
    stronger.interceptPrecision *= 4
    let strong = try await fit(LogisticCase.rows, stronger, count: 4)
    #expect(strong.weights == base.weights && strong.intercept == base.intercept)

    // The opposite label.
    var opposite = LogisticCase.generalPrior
    opposite.means = opposite.means.map { -$0 }
    opposite.interceptMean = -opposite.interceptMean
    let flipped = try await fit(
      LogisticCase.rows, opposite, labels: LogisticCase.labels.map { !$0 })
    #expect(flipped.weights == base.weights.map { -$0 } && flipped.intercept == -base.intercept)

    // A column turned round.
    var turned = LogisticCase.generalPrior
    turned.means[1] = -turned.means[1]
    let mirrored = try await fit(LogisticCase.rows.map { [$0[0], -$0[1], $0[2]] }, turned)
    #expect(mirrored.weights == [base.weights[0], -base.weights[1], base.weights[2]])
  }

  @Test(arguments: [(7500, 3), (30, 50)])
  func `the number of tasks does not change a bit`(rowCount: Int, columns: Int) async throws {
    var generator = SplitMix64(seed: 3)
    let rows = generator.correlatedLattice(rowCount, columns)
    let labels = rows.map { $0[0] + 1000 * generator.normal() > 300 }
    var fits: [LogisticRegression] = []
    for tasks in [1, 2, 7] {
      fits.append(
        try await LogisticRegression(
          fitting: try lattice(rows), unit: 1000, labels: labels,
          prior: logisticPrior(columns, precision: 0.1), tasks: tasks))
    }
    #expect(fits[0].iterations > 2)
    #expect(fits[1] == fits[0] && fits[2] == fits[0])
  }
}
