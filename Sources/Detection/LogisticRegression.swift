import ExactMath

/// Logistic regression with a normal prior on every weight: the same bits on every machine, with
/// every BLAS and any number of tasks.
///
/// P(y = 1 | x) = 1 / (1 + exp(−(b + Σⱼ wⱼ xⱼ / unit))) for integers x. The fit is the minimum of
///
///     Σᵢ cᵢ logloss(yᵢ, xᵢ) + ½ Σⱼ λⱼ (wⱼ − mⱼ)² + ½ λ_b (b − m_b)²
///
/// the most probable weights under normal priors of means m and variances 1/λ. It is unique and
/// finite for any data, separable, constant or repeated columns included; without rows it is the
/// prior mean exactly, and rows move it from there in proportion to what they say against λ.
public struct LogisticRegression: Sendable, Equatable {
  /// What is believed of the weights before any row: independent normals, per real unit of input.
  public struct Prior: Sendable, Equatable {
    /// m, one a column.
    public var means: [Double]
    /// λ, inverse variances, one a column; positive.
    public var precisions: [Double]
    public var interceptMean: Double
    /// Inverse variance of the intercept; positive, but may be so small that it says nothing.
    public var interceptPrecision: Double

    public init(
      means: [Double], precisions: [Double], interceptMean: Double, interceptPrecision: Double
    ) {
      self.means = means
      self.precisions = precisions
      self.interceptMean = interceptMean
      self.interceptPrecision = interceptPrecision
    }
  }

  /// Log-odds per real unit of each column.
  public let weights: [Double]
  /// Log-odds of a row of zeros.
  public let intercept: Double
  /// Lattice steps per real unit, the same for all columns.
  public let unit: Double
  /// Newton steps the fit took; 0 if it began at the minimum.
  public let iterations: Int

  /// For a model fitted earlier.
  init(weights: [Double], intercept: Double, unit: Double, iterations: Int) {
    self.weights = weights
    self.intercept = intercept
    self.unit = unit
    self.iterations = iterations
  }

  /// Fits by Newton's method with step halving, from the prior mean or, if it is better, from zero.
  ///
  /// Objective and gradient are sums of plain operations in a fixed order, by blocks of rows; only
  /// the Hessian, which decides the way to the minimum and not where it lies, comes from rounded
  /// integers. The fit ends when every gradient component is within 10⁻¹² of the sum of its terms'
  /// magnitudes: at the exact minimum for data that differ from those given by about as much, and
  /// some ten times what rounding leaves. Another order of the rows changes only last digits.
  ///
  /// A step takes of the order of rows × columns × k + k³ operations, k being the smaller of rows
  /// and columns.
  ///
  /// - Parameters:
  ///   - inputs: one row an observation; zero rows are allowed.
  ///   - unit: lattice steps per real unit; positive and finite.
  ///   - labels: y, one a row.
  ///   - observationWeights: c, one a row, finite and at least zero; an integer counts a row that
  ///     often. nil is 1 for every row.
  ///   - tasks: number of concurrent tasks, 1...1024; does not change the result.
  /// - Throws: `LogisticRegressionError`: `.shape` and `.value` for arguments that do not fit,
  ///   `.overflow` if the objective or the Hessian is beyond what a `Double` holds,
  ///   `.noConvergence` after 50 steps. 5 to 15 are usual. What can take more than 50: parts of a
  ///   row's log-odds that differ by hundreds between rows, with precisions below about 10⁻⁸.
  public init(
    fitting inputs: LatticeMatrix, unit: Double, labels: [Bool],
    observationWeights: [Double]? = nil, prior: Prior, tasks: Int
  ) async throws {
    let problem = try LogisticProblem(
      inputs: inputs, unit: unit, labels: labels, observationWeights: observationWeights,
      prior: prior, tasks: tasks)
    let minimum = try await problem.minimum()
    self.init(
      weights: Array(minimum.position.dropLast()), intercept: minimum.position[inputs.columns],
      unit: unit, iterations: minimum.iterations)
  }

  /// The log-odds of each row: the intercept plus its `parts`, added from left to right.
  ///
  /// - Throws: `LogisticRegressionError.shape` if there is not one column a weight.
  public func logOdds(_ inputs: LatticeMatrix) throws -> [Double] {
    guard inputs.columns == weights.count else {
      throw LogisticRegressionError.shape(
        what: "columns", expected: weights.count, found: inputs.columns)
    }
    let slopes = weights.map { $0 / unit }
    return inputs.values.withUnsafeBufferPointer { values in
      (0..<inputs.rows).map { row in
        var sum = intercept
        for column in slopes.indices {
          sum += slopes[column] * values[row * slopes.count + column]
        }
        return sum
      }
    }
  }

  /// What each column adds to a row's log-odds, `(wⱼ / unit) xⱼ`, in column order.
  ///
  /// `parts.reduce(intercept, +)` has the bits of `logOdds`. Values beyond the number of weights
  /// have no part.
  public func parts(_ row: some Collection<Double>) -> [Double] {
    zip(weights, row).map { ($0 / unit) * $1 }
  }
}

/// Why a logistic regression could not be fitted or applied.
public enum LogisticRegressionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An array does not have the length that the inputs ask for.
  case shape(what: String, expected: Int, found: Int)
  /// A number that is NaN or outside its range; `index` is its place, if it has one.
  case value(what: String, index: Int?, value: Double, allowed: String)
  /// Numbers too large to compute with.
  case overflow(what: String)
  /// The minimum was not reached; `gradient` is the largest component left, relative to the sum of
  /// its terms' magnitudes.
  case noConvergence(iterations: Int, gradient: Double)

  public var description: String {
    switch self {
    case .shape(let what, let expected, let found):
      return "\(what): expected \(expected), found \(found)"
    case .value(let what, let index, let value, let allowed):
      let place = index.map { " \($0)" } ?? ""
      return "\(what)\(place) is \(value), but must be \(allowed)"
    case .overflow(let what):
      return "\(what) is not finite. Use less extreme weights, means or precisions"
    case .noConvergence(let iterations, let gradient):
      return "the logistic regression did not converge in \(iterations) steps: a gradient of "
        + "\(gradient) of its terms is left. Use larger precisions, or means closer to the data"
    }
  }
}
