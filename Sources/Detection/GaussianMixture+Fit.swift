import ExactMath

extension GaussianMixture {
  /// Fits to shuffled rows, the first `largestFit` of them.
  init(fitting all: LatticeMatrix, tasks: Int) async throws {
    let rows = try all.selecting(rows: Array(0..<min(all.rows, Self.largestFit)))
    let count = max(min(Self.largestComponents, rows.rows / (2 * rows.columns)), 1)
    var shares = try await Clusters(rows, count: count, tasks: tasks).responsibilities
    var mixture = try await Self.maximised(rows, shares, tasks: tasks)
    var last = -Double.infinity
    for _ in 0..<Self.steps {
      let expectation = try await mixture.expectation(rows, tasks: tasks)
      if expectation.meanLogDensity - last < Self.tolerance { break }
      last = expectation.meanLogDensity
      shares = expectation.responsibilities
      mixture = try await Self.maximised(rows, shares, tasks: tasks)
    }
    self = mixture
  }

  /// Each row's share of every component, component by component, and the mean log-density.
  private func expectation(
    _ rows: LatticeMatrix, tasks: Int
  ) async throws -> (responsibilities: [[Double]], meanLogDensity: Double) {
    var shares: [[Double]] = []
    for component in components {
      shares.append(try await component.logDensities(rows, tasks: tasks))
    }
    var total = 0.0
    for row in 0..<rows.rows {
      let largest = shares.reduce(-Double.infinity) { max($0, $1[row]) }
      var sum = 0.0
      for component in shares.indices {
        shares[component][row] = Portable.exp(shares[component][row] - largest)
        sum += shares[component][row]
      }
      for component in shares.indices { shares[component][row] /= sum }
      total += largest + Portable.log(sum)
    }
    return (shares, total / Double(rows.rows))
  }

  /// Components of the given shares; one that holds less than a row is dropped.
  private static func maximised(
    _ rows: LatticeMatrix, _ responsibilities: [[Double]], tasks: Int
  ) async throws -> GaussianMixture {
    var components: [Component] = []
    for shares in responsibilities {
      let weight = shares.reduce(0, +)
      guard weight >= 1 else { continue }
      let moments = try await weightedMoments(rows, shares, tasks: tasks)
      components.append(
        try Component(
          centre: moments.mean, covariance: moments.covariance,
          weight: weight / Double(rows.rows)))
    }
    return GaussianMixture(components: components)
  }

  /// Mean and covariance under weights: the Gram matrix of rows scaled by √r, with a column of √r
  /// itself, holds Σ r, Σ r x and Σ r x xᵀ.
  private static func weightedMoments(
    _ rows: LatticeMatrix, _ weights: [Double], tasks: Int
  ) async throws -> (mean: [Double], covariance: [Double]) {
    let columns = rows.columns
    let width = columns + 1
    var scaled: [Double] = []
    scaled.reserveCapacity(rows.rows * width)
    for row in 0..<rows.rows {
      let root = weights[row].squareRoot()
      for value in rows.row(row) { scaled.append((value * root).rounded() + 0) }
      scaled.append((root * Lattice.limit).rounded())
    }
    let gram = try await exactGram(
      try LatticeMatrix(rows: rows.rows, columns: width, bits: Lattice.bits, values: scaled),
      tasks: tasks)
    let corner = Double(gram.products[width * width - 1])
    let total = corner / (Lattice.limit * Lattice.limit)
    let mean = (0..<columns).map {
      (Double(gram.products[$0 * width + columns]) / corner * Lattice.limit)
    }
    var covariance = [Double](repeating: 0, count: columns * columns)
    for row in 0..<columns {
      for column in 0..<columns {
        covariance[row * columns + column] =
          Double(gram.products[row * width + column]) / total - mean[row] * mean[column]
      }
    }
    return (mean.map { min(max($0.rounded() + 0, -Lattice.limit), Lattice.limit) }, covariance)
  }
}

/// k-means, from seeds that are far apart.
private struct Clusters {
  static let rounds = 10

  var responsibilities: [[Double]]

  init(_ rows: LatticeMatrix, count: Int, tasks: Int) async throws {
    var centres = try await Self.seeds(rows, count: count, tasks: tasks)
    var assigned = [Int](repeating: 0, count: rows.rows)
    for _ in 0..<Self.rounds {
      let table = try await nearestNeighbours(
        of: rows, in: centres, k: 1, excluding: nil, tasks: tasks)
      assigned = table.indices.map { Int($0) }
      centres = try Self.means(rows, assigned, centres)
    }
    responsibilities = (0..<centres.rows).map { centre in
      assigned.map { $0 == centre ? 1 : 0 }
    }
  }

  /// Each seed is drawn with a probability that grows with the squared distance to the seeds so far.
  private static func seeds(
    _ rows: LatticeMatrix, count: Int, tasks: Int
  ) async throws -> LatticeMatrix {
    var chosen = [0]
    var nearest = try await squaredDistances(
      of: rows, to: try rows.selecting(rows: [0]), tasks: tasks)
    var state: UInt64 = 0x2545_F491_4F6C_DD1D
    while chosen.count < count {
      let total = nearest.reduce(0, +)
      guard total > 0 else { break }
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      var target = Double(state >> 11) / 0x1p53 * total
      var pick = rows.rows - 1
      for row in 0..<rows.rows {
        target -= nearest[row]
        if target < 0 {
          pick = row
          break
        }
      }
      chosen.append(pick)
      let added = try await squaredDistances(
        of: rows, to: try rows.selecting(rows: [pick]), tasks: tasks)
      for row in 0..<rows.rows { nearest[row] = min(nearest[row], added[row]) }
    }
    return try rows.selecting(rows: chosen)
  }

  /// Means of the rows assigned to each centre; one without rows stays.
  private static func means(
    _ rows: LatticeMatrix, _ assigned: [Int], _ centres: LatticeMatrix
  ) throws -> LatticeMatrix {
    let columns = rows.columns
    var sums = [Double](repeating: 0, count: centres.values.count)
    var counts = [Double](repeating: 0, count: centres.rows)
    for (row, centre) in assigned.enumerated() {
      counts[centre] += 1
      for column in 0..<columns {
        sums[centre * columns + column] += rows.values[row * columns + column]
      }
    }
    for index in sums.indices {
      let count = counts[index / columns]
      sums[index] = count > 0 ? (sums[index] / count).rounded() + 0 : centres.values[index]
    }
    return try LatticeMatrix(
      rows: centres.rows, columns: columns, bits: Lattice.bits, values: sums)
  }
}
