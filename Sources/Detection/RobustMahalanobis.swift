import ExactMath

/// Squared Mahalanobis distance to a trimmed centre, split into one non-negative part per column.
///
/// With R the columns' correlation over the trimmed rows, σ their deviations and μ their mean,
/// y = (x − μ) σ⁻¹ R^(−½) and d² = Σ yⱼ². Among all whitenings this one keeps yⱼ closest to column j
/// (Kessy, Lewin & Strimmer 2018, "ZCA-cor"; Garthwaite & Koch 2016, "corr-max"), so yⱼ² is column
/// j's part. R is shrunk towards no correlation by columns over rows, within 2 % and 50 %.
///
/// Trimming: the first fit is to the half of the rows closest to the columns' medians (the robust
/// start of Billor, Hadi & Velleman 2000: from a fit to all rows, a tight cluster of 15 % hides
/// itself by pulling mean and covariance to where it lies). Some times then, a share of the rows
/// that lie closest is kept for the next fit and the rest left out (the C-step of Rousseeuw & Van
/// Driessen 1999).
///
/// Every product is an integer one: x on the lattice, the whitening rounded to integers once.
public struct RobustMahalanobis: Sendable, Equatable {
  /// How far the fit is trimmed.
  struct Trimming: Sendable {
    /// Share of the rows that each C-step keeps.
    var kept: Double
    var steps: Int
    /// Deviation below which no column's is believed, in lattice steps.
    var smallestDeviation: Double

    /// For a distance that is a detector: four fifths are kept, and a column that is constant among
    /// them speaks by how far a row leaves it (in quarters of a spread), not by having left.
    static let detecting = Trimming(kept: 0.8, steps: 3, smallestDeviation: 256)
    /// For finding rows to leave out: half of them may be strange.
    static let cleaning = Trimming(kept: 0.5, steps: 8, smallestDeviation: 64)
  }

  static let startShare = 0.5
  /// Columns up to which the whitening can be found.
  static let largestColumns = 512
  /// Lattice steps of y for one standard deviation.
  static let unit = 256.0
  static let outputBits = 20
  static let centredBits = Lattice.bits + 1

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
  ///   - start: for each row how far it is from the middle, in some other way; by default its
  ///     squared length on the lattice.
  /// - Returns: the fit, and the distances of the rows before its last step.
  static func fit(
    _ lattice: LatticeMatrix, measured: [Double], start: [Double]? = nil,
    trimming: Trimming = .detecting, tasks: Int
  ) async throws -> (detector: RobustMahalanobis, distances: [Double]) {
    var distances = start ?? lattice.squaredLengths
    var detector = try await RobustMahalanobis(
      try closest(startShare, of: lattice, distances), measured: measured,
      smallestDeviation: trimming.smallestDeviation, tasks: tasks)
    for _ in 0..<trimming.steps {
      distances = try await detector.score(lattice, tasks: tasks).distances
      detector = try await RobustMahalanobis(
        try closest(trimming.kept, of: lattice, distances), measured: measured,
        smallestDeviation: trimming.smallestDeviation, tasks: tasks)
    }
    return (detector, distances)
  }

  private static func closest(
    _ share: Double, of lattice: LatticeMatrix, _ distances: [Double]
  ) throws -> LatticeMatrix {
    let order = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
    let count = max(Int(Double(lattice.rows) * share), min(lattice.rows, 2))
    return try lattice.selecting(rows: order.prefix(count).sorted())
  }

  /// The plain fit to all rows given.
  private init(
    _ lattice: LatticeMatrix, measured: [Double], smallestDeviation: Double, tasks: Int
  ) async throws {
    let columns = lattice.columns
    let gram = try await exactGram(lattice, tasks: tasks)
    let covariance = try gram.covariance()
    centre = gram.sums.map { (Double($0) / Double(max(gram.count, 1))).rounded() }
    // A column few rows measured has zeros elsewhere, which are no measurements: its deviation is
    // that of the measured ones.
    let deviations = (0..<columns).map { column in
      max(
        (covariance[column * columns + column] / max(measured[column], 1e-3)).squareRoot(),
        smallestDeviation)
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
    let centred = try await lattice.centred(on: centre, tasks: tasks)
    let whitened = try await whitening.apply(centred, tasks: tasks)
    let distances = whitened.squaredLengths.map { $0.squareRoot() / Self.unit }
    return (distances, whitened)
  }
}
