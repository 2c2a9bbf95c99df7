import ExactMath

/// The objective of a logistic regression with its gradient, in a fixed order of operations.
///
/// A position is the weights followed by the intercept, which is the weight of a last column that
/// is one real unit in every row.
struct LogisticProblem: Sendable {
  /// Rows summed one after the other; such sums are added up in row order whichever task made them.
  /// Also what keeps rounding errors from growing with the number of rows.
  static let blockRows = 1024

  let inputs: LatticeMatrix
  let unit: Double
  let labels: [Bool]
  let observationWeights: [Double]
  /// Prior means and precisions, the intercept's last.
  let means: [Double]
  let precisions: [Double]
  let tasks: Int

  init(
    inputs: LatticeMatrix, unit: Double, labels: [Bool], observationWeights: [Double]?,
    prior: LogisticRegression.Prior, tasks: Int
  ) throws(LogisticRegressionError) {
    self.inputs = inputs
    self.unit = unit
    self.labels = labels
    self.observationWeights = observationWeights ?? labels.map { _ in 1 }
    self.means = prior.means + [prior.interceptMean]
    self.precisions = prior.precisions + [prior.interceptPrecision]
    self.tasks = tasks
    try check()
  }

  private func check() throws(LogisticRegressionError) {
    try checkCount("labels", labels.count, inputs.rows)
    try checkCount("observation weights", observationWeights.count, inputs.rows)
    try checkCount("prior means", means.count - 1, inputs.columns)
    try checkCount("prior precisions", precisions.count - 1, inputs.columns)
    guard unit > 0, unit < .infinity else {
      throw .value(what: "unit", index: nil, value: unit, allowed: "positive and finite")
    }
    guard 1...1024 ~= tasks else {
      throw .value(what: "tasks", index: nil, value: Double(tasks), allowed: "1...1024")
    }
    if let bad = observationWeights.firstIndex(where: { !($0 >= 0 && $0 < .infinity) }) {
      throw .value(
        what: "observation weight", index: bad, value: observationWeights[bad],
        allowed: "finite and at least zero")
    }
    for column in means.indices {
      let isIntercept = column == inputs.columns
      let name = isIntercept ? "the intercept's prior" : "prior"
      let index = isIntercept ? nil : column
      let (mean, precision) = (means[column], precisions[column])
      guard mean.isFinite else {
        throw .value(what: "\(name) mean", index: index, value: mean, allowed: "finite")
      }
      guard precision > 0, precision < .infinity else {
        throw .value(
          what: "\(name) precision", index: index, value: precision,
          allowed: "positive and finite")
      }
    }
  }

  private func checkCount(
    _ what: String, _ found: Int, _ expected: Int
  ) throws(LogisticRegressionError) {
    guard found == expected else { throw .shape(what: what, expected: expected, found: found) }
  }
}

// MARK: - Evaluation

extension LogisticProblem {
  /// Everything a Newton step needs to know of a position.
  struct Point: Sendable {
    let position: [Double]
    let objective: Double
    let gradient: [Double]
    /// For each component of the gradient the sum of its terms' magnitudes, each term's being its
    /// own and what it changes by if every part of its row's log-odds changes by its own size: ε
    /// times this is how far relative errors of ε in the data can move the component.
    let magnitudes: [Double]
    /// √(c p (1 − p)) of each row.
    let deviations: [Double]

    /// The largest component of the gradient relative to `magnitudes`; infinite if any is not.
    var relativeGradient: Double {
      var largest = 0.0
      for (component, magnitude) in zip(gradient, magnitudes) where component != 0 {
        guard component.isFinite, magnitude.isFinite else { return .infinity }
        largest = max(largest, component.magnitude / magnitude)
      }
      return largest
    }

    /// The derivative of the objective along a direction.
    func slope(along direction: [Double]) -> Double {
      zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  func evaluate(_ position: [Double]) async -> Point {
    let columns = inputs.columns
    let slopes = position.dropLast().map { $0 / unit }
    let blocks = await mapConcurrently(blockCount, tasks: tasks) {
      sums(block: $0, slopes: slopes, intercept: position[columns])
    }
    var total = Sums(columns: columns)
    for block in blocks { total.add(block) }
    var penalty = 0.0
    for column in position.indices {
      let (precision, mean) = (precisions[column], means[column])
      let step = column == columns ? 1 : unit
      let distance = position[column] - mean
      penalty += precision * distance * distance
      total.gradient[column] = total.gradient[column] / step + precision * distance
      total.magnitudes[column] =
        total.magnitudes[column] / step
        + precision * (position[column].magnitude + mean.magnitude)
    }
    return Point(
      position: position, objective: total.loss + 0.5 * penalty, gradient: total.gradient,
      magnitudes: total.magnitudes, deviations: total.deviations)
  }

  private var blockCount: Int { (inputs.rows + Self.blockRows - 1) / Self.blockRows }

  /// Sums over some rows, still per lattice step.
  private struct Sums: Sendable {
    var loss = 0.0
    var gradient: [Double]
    var magnitudes: [Double]
    var deviations: [Double] = []

    init(columns: Int) {
      gradient = [Double](repeating: 0, count: columns + 1)
      magnitudes = gradient
    }

    mutating func add(_ other: Sums) {
      loss += other.loss
      for column in gradient.indices {
        gradient[column] += other.gradient[column]
        magnitudes[column] += other.magnitudes[column]
      }
      deviations += other.deviations
    }

    /// Adds `residual · (x, 1)` and `magnitude · |(x, 1)|`.
    mutating func add(_ row: UnsafeBufferPointer<Double>, residual: Double, magnitude: Double) {
      gradient.withUnsafeMutableBufferPointer { gradient in
        for column in row.indices { gradient[column] += residual * row[column] }
        gradient[row.count] += residual
      }
      magnitudes.withUnsafeMutableBufferPointer { magnitudes in
        for column in row.indices { magnitudes[column] += magnitude * row[column].magnitude }
        magnitudes[row.count] += magnitude
      }
    }
  }

  private func sums(block: Int, slopes: [Double], intercept: Double) -> Sums {
    let columns = inputs.columns
    let first = block * Self.blockRows
    var sums = Sums(columns: columns)
    inputs.values.withUnsafeBufferPointer { values in
      for row in first..<min(first + Self.blockRows, inputs.rows) {
        let weight = observationWeights[row]
        // A row without weight must not count even if its log-odds overflow.
        if weight == 0 {
          sums.deviations.append(0)
          continue
        }
        let x = UnsafeBufferPointer(rebasing: values[row * columns..<(row + 1) * columns])
        let (logOdds, size) = Self.logOdds(x, slopes: slopes, intercept: intercept)
        let term = LogisticTerm(logOdds: logOdds, label: labels[row])
        let variance = weight * term.variance
        sums.deviations.append(variance.squareRoot())
        sums.loss += weight * term.loss
        let residual = weight * term.residual
        sums.add(x, residual: residual, magnitude: residual.magnitude + variance * size)
      }
    }
    return sums
  }

  /// The log-odds of a row, and the sum of the magnitudes of their parts.
  private static func logOdds(
    _ row: UnsafeBufferPointer<Double>, slopes: [Double], intercept: Double
  ) -> (sum: Double, size: Double) {
    return slopes.withUnsafeBufferPointer { slopes in
      var sum = intercept
      var size = intercept.magnitude
      for column in row.indices {
        let part = slopes[column] * row[column]
        sum += part
        size += part.magnitude
      }
      return (sum, size)
    }
  }
}

/// The results of `body` for 0..<count, in order.
private func mapConcurrently<Part: Sendable>(
  _ count: Int, tasks: Int, _ body: @escaping @Sendable (Int) -> Part
) async -> [Part] {
  let workers = min(tasks, count)
  guard workers > 1 else { return (0..<count).map(body) }
  return await withTaskGroup(of: (Int, [Part]).self) { group in
    for worker in 0..<workers {
      let share = worker * count / workers..<(worker + 1) * count / workers
      group.addTask { (worker, share.map(body)) }
    }
    var parts = [[Part]](repeating: [], count: workers)
    for await (worker, part) in group { parts[worker] = part }
    return parts.flatMap(\.self)
  }
}
