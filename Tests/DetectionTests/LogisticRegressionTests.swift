import ExactMath
import Foundation
import Testing

@testable import Detection

struct LogisticRegressionTests {
  struct Golden: Sendable {
    let inverseStrength: Double
    let isWeighted: Bool
    /// The intercept last.
    let position: [Double]
  }

  /// scikit-learn 1.9.1, numpy 2.4.6: `LogisticRegression(C=inverseStrength,
  /// solver="newton-cholesky", tol=1e-13, max_iter=1000).fit(rows / 16, labels,
  /// sample_weight=counts or None)`; its `lbfgs` agrees to 1e-8. λ = 1 / C, and the intercept has
  /// no prior there.
  private static let goldens = [
    Golden(
      inverseStrength: 0.5, isWeighted: false,
      position: [
        0.8544793914016269, -0.3383797759611573, -0.11820206569023624, 0.32935065313604245,
      ]),
    Golden(
      inverseStrength: 0.5, isWeighted: true,
      position: [
        0.8245468552195431, -0.33356917484734677, -0.25396107181205974, 0.5283539365286206,
      ]),
    Golden(
      inverseStrength: 100, isWeighted: false,
      position: [
        1.3038951757021595, -0.581966381061285, -0.6454880476054684, 0.5797770928980224,
      ]),
    Golden(
      inverseStrength: 100, isWeighted: true,
      position: [
        1.1515880972284187, -0.5214518167788341, -0.8803095519386464, 0.8139149784581569,
      ]),
  ]

  @Test(arguments: goldens)
  func `ridge fits agree with scikit-learn`(golden: Golden) async throws {
    let fit = try await LogisticRegression(
      fitting: try lattice(LogisticCase.rows), unit: LogisticCase.unit, labels: LogisticCase.labels,
      observationWeights: golden.isWeighted ? LogisticCase.counts : nil,
      prior: logisticPrior(3, precision: 1 / golden.inverseStrength, interceptPrecision: 1e-9),
      tasks: 1)
    expectRelative(fit.weights + [fit.intercept], golden.position, 1e-8)
    #expect(fit.iterations <= 8)
  }

  /// scipy 1.17.1: `optimize.root(gradient, means, jac=hessian, method="hybr", tol=1e-15)`, which
  /// left a gradient of 7e-16.
  private static let generalPosition = [
    0.9253816914015818, -0.4562746571516962, 0.11481553553301868, 0.3468727798207398,
  ]

  @Test func `a prior of its own for every weight agrees with scipy`() async throws {
    let fit = try await LogisticRegression(
      fitting: try lattice(LogisticCase.rows), unit: LogisticCase.unit, labels: LogisticCase.labels,
      observationWeights: LogisticCase.counts, prior: LogisticCase.generalPrior, tasks: 1)
    expectRelative(fit.weights + [fit.intercept], Self.generalPosition, 1e-12)
  }

  @Test(arguments: [(1, 1), (3, 9), (7, 7), (40, 6), (60, 14), (20, 70), (64, 65), (300, 21)])
  func `the gradient at the fit is zero`(rowCount: Int, columns: Int) async throws {
    var generator = SplitMix64(seed: UInt64(rowCount * 100 + columns))
    for _ in 0..<6 {
      let rows = mixedRows(rowCount, columns, &generator)
      let labels = rows.map { _ in Bool.random(using: &generator) }
      let counts = rows.map { _ in Double(Int.random(in: 0...3, using: &generator)) / 2 }
      func precision() -> Double { exp(Double.random(in: -7..<7, using: &generator)) }
      let prior = LogisticRegression.Prior(
        means: (0..<columns).map { _ in generator.normal() / 4 },
        precisions: (0..<columns).map { _ in precision() },
        interceptMean: generator.normal(), interceptPrecision: precision())
      let fit = try await LogisticRegression(
        fitting: try lattice(rows, bits: 16), unit: 1024, labels: labels,
        observationWeights: counts, prior: prior, tasks: 1)
      for component in naiveLogisticGradient(fit, rows, labels, counts, prior) {
        #expect(abs(component) < 1e-9)
      }
    }
  }

  @Test(arguments: [1e-1, 1e-3, 1e-6, 1e-9])
  func `separable data give finite weights that grow as the prior weakens`(
    precision: Double
  ) async throws {
    let rows: [[Double]] = (1...20).flatMap { [[Double($0) * 50], [Double($0) * -50]] }
    let labels = rows.map { $0[0] > 0 }
    let fit = try await LogisticRegression(
      fitting: try lattice(rows), unit: 1000, labels: labels,
      prior: logisticPrior(1, precision: precision), tasks: 1)
    let stronger = try await LogisticRegression(
      fitting: try lattice(rows), unit: 1000, labels: labels,
      prior: logisticPrior(1, precision: precision * 10), tasks: 1)
    #expect(fit.weights[0] > 1.1 * stronger.weights[0])
    #expect(abs(fit.intercept) < 1e-9)
    let ones = rows.map { _ in 1.0 }
    for component in naiveLogisticGradient(
      fit, rows, labels, ones, logisticPrior(1, precision: precision))
    {
      #expect(abs(component) < 1e-7)
    }
  }

  @Test(arguments: [true, false])
  func `equal labels move the intercept towards them, and the prior holds it`(
    label: Bool
  ) async throws {
    let rows = [[Double]](repeating: [0], count: 10)
    let fit = try await LogisticRegression(
      fitting: try lattice(rows), unit: 1, labels: rows.map { _ in label },
      prior: logisticPrior(1, precision: 1, interceptPrecision: 0.5), tasks: 1)
    let sign = label ? 1.0 : -1.0
    // 10 / (1 + exp(b)) = b / 2
    #expect(abs(10 / (1 + exp(sign * fit.intercept)) - sign * fit.intercept / 2) < 1e-10)
    #expect(fit.weights[0] == 0)
  }

  @Test func `a repeated column shares the weight that one alone would have with both priors`()
    async throws
  {
    let single = try await LogisticRegression(
      fitting: try lattice(LogisticCase.rows), unit: LogisticCase.unit, labels: LogisticCase.labels,
      prior: logisticPrior(3, precision: 1), tasks: 1)
    var doubled = logisticPrior(4, precision: 1)
    doubled.precisions = [2, 1, 1, 2]
    let fit = try await LogisticRegression(
      fitting: try lattice(LogisticCase.rows.map { $0 + [$0[0]] }), unit: LogisticCase.unit,
      labels: LogisticCase.labels,
      prior: doubled, tasks: 1)
    #expect(abs(fit.weights[0] - fit.weights[3]) < 1e-12)
    expectRelative([fit.weights[0] + fit.weights[3]], [single.weights[0]], 1e-10)
    expectRelative(Array(fit.weights[1...2]), Array(single.weights[1...]), 1e-10)
  }

  @Test func `a prior mean thousands of log-odds wrong is left behind`() async throws {
    var generator = SplitMix64(seed: 21)
    for _ in 0..<5 {
      let rows = mixedRows(60, 20, &generator)
      let labels = rows.map { _ in Bool.random(using: &generator) }
      var wrong = logisticPrior(20, precision: 1e-2)
      wrong.means = generator.normals(1, 20)[0].map { $0 * 1000 }
      let fit = try await LogisticRegression(
        fitting: try lattice(rows, bits: 16), unit: 1024, labels: labels, prior: wrong, tasks: 1)
      let ones = rows.map { _ in 1.0 }
      for component in naiveLogisticGradient(fit, rows, labels, ones, wrong) {
        #expect(abs(component) < 1e-9)
      }
    }
  }
}
