/// Newton's method with step halving.
extension LogisticProblem {
  /// A gradient component this small relative to its terms is zero. Sums over blocks of 1,024 rows
  /// and up to 2,000 columns can be wrong by a few 10⁻¹³ of their terms, and are mostly better.
  static let tolerance = 1e-12
  static let largestIterations = 50
  static let largestHalvings = 64

  /// - Throws: `LogisticRegressionError.overflow`, `.noConvergence`.
  func minimum() async throws -> (position: [Double], iterations: Int) {
    var point = try await start()
    var iterations = 0
    while point.relativeGradient > Self.tolerance {
      guard iterations < Self.largestIterations, let next = try await step(from: point) else {
        throw LogisticRegressionError.noConvergence(
          iterations: iterations, gradient: point.relativeGradient)
      }
      point = next
      iterations += 1
    }
    return (point.position, iterations)
  }

  /// The prior mean, or all weights zero if that is better: far from the data's log-odds the
  /// objective is all but linear, and Newton's method with nothing to go by.
  private func start() async throws -> Point {
    let mean = await evaluate(means)
    let zero = await evaluate(means.map { _ in 0 })
    let start = zero.objective < mean.objective || mean.objective.isNaN ? zero : mean
    guard start.objective.isFinite else {
      throw LogisticRegressionError.overflow(what: "the objective at the prior mean and at zero")
    }
    return start
  }

  /// The first of 1, ½, ¼ … of a Newton step that descends; nil if none does.
  private func step(from point: Point) async throws -> Point? {
    let direction = try await newtonDirection(at: point)
    let slope = point.slope(along: direction)
    guard slope < 0 else { return nil }
    var length = 1.0
    for _ in 0...Self.largestHalvings {
      let trial = await evaluate(zip(point.position, direction).map { $0 + length * $1 })
      if Self.descends(to: trial, from: point, along: direction, slope: slope, length: length) {
        return trial
      }
      length *= 0.5
    }
    return nil
  }

  private func newtonDirection(at point: Point) async throws -> [Double] {
    let priorDeviations = precisions.map { 1 / $0.squareRoot() }
    let hessian = LogisticHessian(
      inputs: inputs, rowScales: point.deviations,
      columnScales: priorDeviations.dropLast().map { $0 / unit } + [
        priorDeviations[inputs.columns]
      ],
      tasks: tasks)
    let whitened = zip(point.gradient, priorDeviations).map { -$0 * $1 }
    return zip(try await hessian.solve(whitened), priorDeviations).map { $0 * $1 }
  }

  /// The objective falls by a part of what the slope promises (Armijo 1966), but for its rounding
  /// error, in which the last falls drown; and the slope has not turned to rise half as steeply.
  /// Close to the minimum, where the objective is a parabola, the second alone means descent; far
  /// from it, it keeps steps from landing high up the other side.
  private static func descends(
    to trial: Point, from point: Point, along direction: [Double], slope: Double, length: Double
  ) -> Bool {
    trial.objective <= point.objective * (1 + 1e-11) + 1e-4 * length * slope
      && trial.slope(along: direction) <= -0.5 * slope
  }
}
