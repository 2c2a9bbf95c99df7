import ExactMath

/// A mixture of Gaussians with full covariances, fitted by expectation–maximisation; its score is
/// −ln of the density.
///
/// p(x) = Σ πₖ N(x; μₖ, Σₖ), at most twelve components and never more than one for every 2 d rows
/// (Dempster, Laird & Rubin 1977). 0.05 is added to each variance, in squared units of the geometry,
/// so that no component shrinks onto a few rows. Components start from k-means, seeded far apart
/// (Arthur & Vassilvitskii 2007) with a generator of fixed seed.
///
/// Covariances come from exact Gram matrices of rows scaled by the roots of their responsibilities;
/// distances from whitenings rounded to integers: the same bits on every machine.
struct GaussianMixture: Sendable, Equatable {
  static let largestComponents = 12
  /// Columns up to which covariances of a dozen components can be learnt from a few thousand rows.
  static let largestColumns = 64
  /// Rows that a fit looks at.
  static let largestFit = 4096
  static let addedVariance = 0.05
  static let steps = 20
  /// Gain in mean log-density below which a fit has settled.
  static let tolerance = 0.01

  /// One component: d² is the squared length of the whitened row.
  struct Component: Sendable, Equatable {
    let centre: [Double]
    let whitening: IntegerTransform
    /// ln π − ½ ln det Σ, the constant of all components left out.
    let logWeight: Double
  }

  let components: [Component]

  /// −ln p of each row, up to a constant, and the row's component: the one with the largest share in
  /// its density.
  func score(
    _ rows: LatticeMatrix, tasks: Int
  ) async throws -> (scores: [Double], nearest: [Int]) {
    var logs: [[Double]] = []
    for component in components {
      logs.append(try await component.logDensities(rows, tasks: tasks))
    }
    var scores = [Double](repeating: 0, count: rows.rows)
    var nearest = [Int](repeating: 0, count: rows.rows)
    for row in 0..<rows.rows {
      for component in logs.indices where logs[component][row] > logs[nearest[row]][row] {
        nearest[row] = component
      }
      let largest = logs[nearest[row]][row]
      scores[row] =
        -largest - Portable.log(logs.reduce(0) { $0 + Portable.exp($1[row] - largest) })
    }
    return (scores, nearest)
  }

  /// Squared whitened coordinates of one row in its own component: what its distance is made of.
  func squares(of row: ArraySlice<Double>, component: Int) -> [Double] {
    let own = components[component]
    let columns = row.count
    var sums = [Double](repeating: 0, count: columns)
    for (place, value) in row.enumerated() {
      let centred = value - own.centre[place]
      for column in 0..<columns {
        sums[column] += centred * own.whitening.weights[place * columns + column]
      }
    }
    return sums.map { $0 * $0 }
  }
}

extension GaussianMixture.Component {
  /// Lattice steps of a whitened coordinate for one standard deviation.
  static let unit = 256.0
  static let outputBits = 20
  static let centredBits = Lattice.bits + 1

  /// ln πₖ N(x; μₖ, Σₖ) of each row, up to the constant.
  func logDensities(_ rows: LatticeMatrix, tasks: Int) async throws -> [Double] {
    let centred = try await rows.centred(on: centre, tasks: tasks)
    return try await whitening.apply(centred, tasks: tasks).squaredLengths.map {
      logWeight - $0 / (2 * Self.unit * Self.unit)
    }
  }

  /// - Parameter covariance: in squared lattice steps.
  init(centre: [Double], covariance: [Double], weight: Double) throws {
    let dimension = centre.count
    var covariance = covariance
    let added = GaussianMixture.addedVariance * Lattice.unit * Lattice.unit
    for column in 0..<dimension { covariance[column * dimension + column] += added }
    let eigen = try SymmetricEigen(covariance, dimension: dimension)
    // Rounding may leave the smallest eigenvalue a little below what was added.
    let values = eigen.values.map { max($0, added / 2) }
    var root = [Double](repeating: 0, count: dimension * dimension)
    for index in 0..<dimension {
      let factor = 1 / values[index].squareRoot()
      for row in 0..<dimension {
        let left = eigen.vectors[index * dimension + row] * factor
        for column in 0..<dimension {
          root[row * dimension + column] += left * eigen.vectors[index * dimension + column]
        }
      }
    }
    self.centre = centre
    whitening = try IntegerTransform(
      weights: root, inputs: dimension, outputs: dimension, inputBits: Self.centredBits,
      outputBits: Self.outputBits, outputScale: Self.unit)
    logWeight =
      Portable.log(weight)
      - values.reduce(0) { $0 + Portable.log($1 / (Lattice.unit * Lattice.unit)) } / 2
  }
}
