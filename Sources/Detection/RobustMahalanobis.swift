import ExactMath

/// Squared Mahalanobis distance to a trimmed centre, split into one non-negative part per column.
///
/// With R the columns' correlation over the trimmed rows, σ their deviations and μ their mean,
/// y = (x − μ) σ⁻¹ R^(−½) and d² = Σ yⱼ². Among all whitenings this one keeps yⱼ closest to column j
/// (Kessy, Lewin & Strimmer 2018, "ZCA-cor"; Garthwaite & Koch 2016, "corr-max"), so yⱼ² is column
/// j's part. R is shrunk towards no correlation by columns over rows, within 2 % and 50 %.
///
/// Trimming: the first fit is to the half of the rows closest to the columns' medians, where the
/// lattice is zero (the robust start of Billor, Hadi & Velleman 2000: from a fit to all rows, a
/// tight cluster of 15 % hides itself by pulling mean and covariance to where it lies). Three times
/// then, the four fifths that lie closest are kept for the next fit and the rest left out (the
/// C-step of Rousseeuw & Van Driessen 1999).
///
/// Every product is an integer one: x on the lattice, the whitening rounded to integers once.
public struct RobustMahalanobis: Sendable, Equatable {
  static let startShare = 0.5
  static let trimSteps = 3
  static let keptShare = 0.8
  /// Lattice steps of y for one standard deviation.
  static let unit = 256.0
  static let outputBits = 20
  /// Deviation below which no column's is believed, in lattice steps: a quarter of a spread. A column
  /// that is constant among the trimmed rows speaks by how far a row leaves it, not by having left.
  static let smallestDeviation = 512.0
  static let centredBits = 16

  /// The trimmed rows' mean, rounded to the lattice.
  public let centre: [Double]
  public let whitening: IntegerTransform

  public init(centre: [Double], whitening: IntegerTransform) {
    self.centre = centre
    self.whitening = whitening
  }

  /// - Parameters:
  ///   - lattice: rows to fit to.
  ///   - measured: share of the rows that measured each column.
  /// - Returns: the fit, and the rows in order of distance.
  static func fit(
    _ lattice: LatticeMatrix, measured: [Double], tasks: Int
  ) async throws -> (detector: RobustMahalanobis, order: [Int]) {
    var order = rowsByDistance(
      (0..<lattice.rows).map { row in lattice.row(row).reduce(0) { $0 + $1 * $1 } })
    var detector = try await RobustMahalanobis(
      try closest(startShare, of: lattice, order), measured: measured, tasks: tasks)
    for _ in 0..<trimSteps {
      order = rowsByDistance(try await detector.score(lattice, tasks: tasks).distances)
      detector = try await RobustMahalanobis(
        try closest(keptShare, of: lattice, order), measured: measured, tasks: tasks)
    }
    return (detector, order)
  }

  private static func rowsByDistance(_ distances: [Double]) -> [Int] {
    distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
  }

  private static func closest(
    _ share: Double, of lattice: LatticeMatrix, _ order: [Int]
  ) throws -> LatticeMatrix {
    let count = max(Int(Double(lattice.rows) * share), min(lattice.rows, 2))
    return try lattice.selecting(rows: order.prefix(count).sorted())
  }

  /// The plain fit to all rows given.
  private init(_ lattice: LatticeMatrix, measured: [Double], tasks: Int) async throws {
    let columns = lattice.columns
    let gram = try await exactGram(lattice, tasks: tasks)
    let covariance = try gram.covariance()
    centre = gram.sums.map { (Double($0) / Double(max(gram.count, 1))).rounded() }
    // A column few rows measured has zeros elsewhere, which are no measurements: its deviation is
    // that of the measured ones.
    let deviations = (0..<columns).map { column in
      max(
        (covariance[column * columns + column] / max(measured[column], 1e-3)).squareRoot(),
        Self.smallestDeviation)
    }
    let shrinkage = min(max(Double(columns) / Double(max(gram.count, 1)), 0.02), 0.5)
    var correlation = [Double](repeating: 0, count: columns * columns)
    for row in 0..<columns {
      for column in 0..<columns {
        correlation[row * columns + column] =
          row == column
          ? 1
          : (1 - shrinkage) * covariance[row * columns + column]
            / (deviations[row] * deviations[column])
      }
    }
    let root = try Self.inverseSquareRoot(correlation, dimension: columns)
    let weights = (0..<(columns * columns)).map { root[$0] / deviations[$0 / columns] }
    whitening = try IntegerTransform(
      weights: weights, inputs: columns, outputs: columns, inputBits: Self.centredBits,
      outputBits: Self.outputBits, outputScale: Self.unit)
  }

  /// R^(−½) = V Λ^(−½) Vᵀ, eigenvalues held above a thousandth.
  private static func inverseSquareRoot(
    _ matrix: [Double], dimension: Int
  ) throws -> [Double] {
    let eigen = try SymmetricEigen(matrix, dimension: dimension)
    var result = [Double](repeating: 0, count: dimension * dimension)
    for index in 0..<dimension {
      let factor = 1 / max(eigen.values[index], 1e-3).squareRoot()
      for row in 0..<dimension {
        let left = eigen.vectors[index * dimension + row] * factor
        for column in 0..<dimension {
          result[row * dimension + column] += left * eigen.vectors[index * dimension + column]
        }
      }
    }
    return result
  }

  /// d of each row, and the whitened rows: yⱼ² over their sum is column j's share.
  func score(
    _ lattice: LatticeMatrix, tasks: Int
  ) async throws -> (distances: [Double], whitened: LatticeMatrix) {
    let columns = lattice.columns
    let centred = try LatticeMatrix(
      rows: lattice.rows, columns: columns, bits: Self.centredBits,
      values: lattice.values.enumerated().map { $1 - centre[$0 % columns] })
    let whitened = try await whitening.apply(centred, tasks: tasks)
    let distances = (0..<lattice.rows).map { row -> Double in
      var sum = 0.0
      for value in whitened.row(row) { sum += value * value }
      return sum.squareRoot() / Self.unit
    }
    return (distances, whitened)
  }
}
