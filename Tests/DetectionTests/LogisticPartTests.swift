import ExactMath
import Foundation
import Testing

@testable import Detection

struct LogisticPartTests {
  @Test func `log-odds are the intercept and the parts added up, bit for bit`() throws {
    var generator = SplitMix64(seed: 8)
    for _ in 0..<50 {
      let columns = Int.random(in: 1...40, using: &generator)
      let rows = generator.normals(6, columns).map { $0.map { ($0 * 5000).rounded() } }
      let model = LogisticRegression(
        weights: generator.normals(1, columns)[0], intercept: generator.normal(),
        unit: Double.random(in: 1..<3000, using: &generator), iterations: 0)
      let logOdds = try model.logOdds(try lattice(rows))
      for (row, value) in zip(rows, logOdds) {
        let parts = model.parts(row)
        #expect(parts.count == columns)
        #expect(parts.reduce(model.intercept, +) == value)
        #expect(model.parts(row[...]) == parts)
      }
    }
  }

  /// numpy 2.4.6 and scipy 1.17.1: `log1p(exp(-z))`, `expit(-z)`, `expit(z) * expit(-z)`.
  @Test(arguments: [
    (0.3, 0.5543552444685271, 0.425557483188341, 0.2444583116907459),
    (5, 0.006715348489118068, 0.0066928509242848554, 0.0066480566707901555),
    (40, 4.248354255291589e-18, 4.248354255291589e-18, 4.248354255291589e-18),
    (800, 0, 0, 0),
  ])
  func `loss and derivatives are accurate in both tails`(
    margin: Double, loss: Double, residual: Double, variance: Double
  ) {
    let hit = LogisticTerm(logOdds: margin, label: true)
    expectRelative([hit.loss, -hit.residual, hit.variance], [loss, residual, variance], 1e-15)
    let missed = LogisticTerm(logOdds: margin, label: false)
    expectRelative([missed.loss, missed.residual], [margin + loss, 1 - residual], 1e-15)
    let mirrored = LogisticTerm(logOdds: -margin, label: false)
    #expect(mirrored.loss == hit.loss && mirrored.residual == -hit.residual)
    #expect(mirrored.variance == hit.variance && missed.variance == hit.variance)
  }

  @Test(arguments: [(30, 5), (12, 12), (12, 11), (6, 25)])
  func `the Hessian's solution agrees with elimination`(rowCount: Int, columns: Int) async throws {
    var generator = SplitMix64(seed: UInt64(columns))
    let rows = generator.correlatedLattice(rowCount, columns)
    let rowScales = rows.map { _ in Double.random(in: 0..<0.5, using: &generator) }
    let columnScales = (0...columns).map { _ in
      exp(Double.random(in: -7 ..< -4, using: &generator))
    }
    let design = zip(rows, rowScales).map { row, scale in
      zip(row + [1], columnScales).map { $0 * $1 * scale }
    }
    let matrix = (0...columns).map { i in
      (0...columns).map { j in
        design.reduce(i == j ? 1 : 0) { $0 + $1[i] * $1[j] }
      }
    }
    let right = generator.normals(1, columns + 1)[0]
    let expected = solve(matrix, right)
    let size = expected.map(abs).max()!
    var hessian = LogisticHessian(
      inputs: try lattice(rows), rowScales: rowScales, columnScales: columnScales, tasks: 1)
    let byColumns = try await hessian.solveByColumns(right)
    let byRows = try #require(try await hessian.solveByRows(right))
    for index in right.indices {
      #expect(abs(byColumns[index] - expected[index]) < 1e-5 * size)
      #expect(abs(byRows[index] - expected[index]) < 1e-5 * size)
    }
    #expect(try await hessian.solve(right) == (rowCount <= columns ? byRows : byColumns))
    hessian.chunkValues = 4 * (columns + 1)
    #expect(try await hessian.solveByColumns(right) == byColumns)
  }

  @Test func `repeated columns under priors too weak for a double still give a descent`()
    async throws
  {
    var generator = SplitMix64(seed: 2)
    let rows = generator.correlatedLattice(40, 3).map { $0 + $0 + $0 }
    let right = generator.normals(1, 10)[0]
    let hessian = LogisticHessian(
      inputs: try lattice(rows), rowScales: rows.map { _ in 0.4 },
      columnScales: right.map { _ in 1e9 }, tasks: 1)
    let direction = try await hessian.solve(right)
    #expect(zip(direction, right).reduce(0) { $0 + $1.0 * $1.1 } > 0)
  }
}

struct LogisticErrorTests {
  /// The error of a fit to the golden rows with some arguments replaced.
  private func error(
    unit: Double = 16, labels: [Bool] = LogisticCase.labels, counts: [Double]? = nil,
    prior: LogisticRegression.Prior? = nil, tasks: Int = 1
  ) async -> LogisticRegressionError? {
    await #expect(throws: LogisticRegressionError.self) {
      try await LogisticRegression(
        fitting: try lattice(LogisticCase.rows), unit: unit, labels: labels,
        observationWeights: counts,
        prior: prior ?? logisticPrior(3, precision: 1), tasks: tasks)
    }
  }

  private func expectError(
    _ expected: LogisticRegressionError, unit: Double = 16, labels: [Bool] = LogisticCase.labels,
    counts: [Double]? = nil, prior: LogisticRegression.Prior? = nil, tasks: Int = 1,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async {
    let found = await error(unit: unit, labels: labels, counts: counts, prior: prior, tasks: tasks)
    #expect(found == expected, sourceLocation: sourceLocation)
  }

  @Test func `arguments that do not fit are named`() async throws {
    let good = logisticPrior(3, precision: 1)
    await expectError(.shape(what: "labels", expected: 24, found: 1), labels: [true])
    await expectError(
      .shape(what: "observation weights", expected: 24, found: 2), counts: [1, 1])
    await expectError(
      .shape(what: "prior means", expected: 3, found: 2), prior: logisticPrior(2, precision: 1))
    var short = good
    short.precisions = [1]
    await expectError(.shape(what: "prior precisions", expected: 3, found: 1), prior: short)
    await expectError(
      .value(what: "unit", index: nil, value: 0, allowed: "positive and finite"), unit: 0)
    await expectError(.value(what: "tasks", index: nil, value: 0, allowed: "1...1024"), tasks: 0)
    var counts = LogisticCase.counts
    counts[4] = -1
    await expectError(
      .value(
        what: "observation weight", index: 4, value: -1, allowed: "finite and at least zero"),
      counts: counts)
    for precision in [0, -1, .infinity] {
      var bad = good
      bad.precisions[2] = precision
      await expectError(
        .value(
          what: "prior precision", index: 2, value: precision, allowed: "positive and finite"),
        prior: bad)
    }
    var bad = good
    bad.interceptMean = .infinity
    await expectError(
      .value(
        what: "the intercept's prior mean", index: nil, value: .infinity, allowed: "finite"),
      prior: bad)
  }

  @Test func `NaN is refused wherever it stands`() async throws {
    let changes: [@Sendable (inout LogisticRegression.Prior) -> Void] = [
      { $0.means[0] = .nan }, { $0.precisions[1] = .nan }, { $0.interceptMean = .nan },
      { $0.interceptPrecision = .nan },
    ]
    for change in changes {
      var bad = logisticPrior(3, precision: 1)
      change(&bad)
      let error = await error(prior: bad)
      #expect(error?.description.contains("is nan, but must be") == true)
    }
    #expect(await error(unit: .nan)?.description.contains("unit is nan") == true)
    #expect(
      await error(counts: LogisticCase.counts.map { _ in .nan })?.description.contains("nan")
        == true)
  }

  @Test func `what cannot be computed is refused, not guessed`() async throws {
    await expectError(
      .overflow(what: "the objective at the prior mean and at zero"),
      counts: LogisticCase.counts.map { _ in 1e308 })
    var weak = logisticPrior(3, precision: 1)
    weak.precisions[0] = .leastNonzeroMagnitude
    await expectError(.overflow(what: "an entry of the Hessian"), prior: weak)
    // Separable, and next to no prior: each step adds about one to the log-odds.
    let error = await error(
      labels: LogisticCase.rows.map { $0[0] > 0 }, prior: logisticPrior(3, precision: 1e-60))
    guard case .noConvergence(iterations: 50, let gradient) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(gradient > LogisticProblem.tolerance)
  }

  @Test func `log-odds of other columns are refused`() throws {
    let model = LogisticRegression(weights: [1, 2], intercept: 0, unit: 1, iterations: 0)
    #expect(throws: LogisticRegressionError.shape(what: "columns", expected: 2, found: 3)) {
      try model.logOdds(try lattice(LogisticCase.rows))
    }
  }
}
