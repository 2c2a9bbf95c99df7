import ExactMath

/// What a detector measures of a row's place among the reference rows of one geometry.
public enum Measure: Sendable, Equatable, Hashable {
  /// Distance to the k-th nearest reference row, in the geometry's units.
  case neighbour(Int)
  /// That distance over the mean of the same distance of the k neighbours themselves: how much
  /// emptier the place is than theirs. The denominator has a tenth of the reference's median added,
  /// at least a lattice step, so that repeated rows do not divide by zero. One k a space.
  case localRatio(Int)
  /// See `KernelVariance`.
  case kernelVariance
  /// See `RobustMahalanobis`.
  case mahalanobis
  /// See `GaussianMixture`.
  case mixture
}

/// The reference rows in one geometry, and the detectors that look at them.
struct ReferenceSpace: Sendable, Equatable {
  let geometry: Geometry
  let measures: [Measure]
  private let prepared: NeighbourReference
  /// Distance of each reference row to the k-th of the others, for `localRatio`; else empty.
  let ownDistances: [Double]
  let kernel: KernelVariance?
  let mahalanobis: RobustMahalanobis?
  let mixture: GaussianMixture?
  var reference: LatticeMatrix { prepared.rows }
  /// What `localRatio` adds to its denominator.
  private let ratioFloor: Double

  init(
    geometry: Geometry, measures: [Measure], reference: LatticeMatrix, ownDistances: [Double],
    kernel: KernelVariance?, mahalanobis: RobustMahalanobis?, mixture: GaussianMixture?
  ) {
    self.geometry = geometry
    self.measures = measures
    prepared = NeighbourReference(reference)
    self.ownDistances = ownDistances
    self.kernel = kernel
    self.mahalanobis = mahalanobis
    self.mixture = mixture
    let median = ownDistances.isEmpty ? 0 : Quantile.of(ownDistances.sorted(), 0.5)
    ratioFloor = max(median / 10, 1 / Lattice.unit)
  }

  /// - Parameters:
  ///   - reference: the rows that neighbours are looked for among.
  ///   - fitted: the rows that a covariance is fitted to.
  ///   - measured: share of those that measured each column.
  init(
    geometry: Geometry, measures: [Measure], reference: LatticeMatrix, fitted: LatticeMatrix,
    measured: [Double], tasks: Int
  ) async throws {
    var ownDistances: [Double] = []
    if let k = measures.ratios.first {
      let table = try await nearestNeighbours(
        of: reference, in: reference, k: k, excluding: Array(0..<reference.rows), tasks: tasks)
      ownDistances = (0..<reference.rows).map { table.distance($0, k) }
    }
    var kernel: KernelVariance?
    if measures.contains(.kernelVariance) {
      let count = min(reference.rows, KernelVariance.largestLandmarks)
      kernel = try await KernelVariance(
        landmarks: try reference.selecting(rows: Array(0..<count)), tasks: tasks)
    }
    var mahalanobis: RobustMahalanobis?
    if measures.contains(.mahalanobis), fitted.columns <= RobustMahalanobis.largestColumns {
      mahalanobis = try await RobustMahalanobis.fit(fitted, measured: measured, tasks: tasks)
        .detector
    }
    var mixture: GaussianMixture?
    if measures.contains(.mixture), fitted.columns <= GaussianMixture.largestColumns {
      mixture = try await GaussianMixture(fitting: fitted, tasks: tasks)
    }
    self.init(
      geometry: geometry, measures: measures, reference: reference, ownDistances: ownDistances,
      kernel: kernel, mahalanobis: mahalanobis, mixture: mixture)
  }

  /// What the detectors say of some rows, and what is needed to say why.
  struct Scores: Sendable {
    /// One array per measure.
    var byMeasure: [[Double]]
    var neighbours: NeighbourTable
    var whitened: LatticeMatrix?
    /// Each row's component of the mixture, and its whitened coordinates there.
    var components: [Int] = []
  }

  /// - Parameter excluding: for each row the reference row that it is, −1 for none.
  func score(_ rows: LatticeMatrix, excluding: [Int]?, tasks: Int) async throws -> Scores {
    let table = try await nearestNeighbours(
      of: rows, in: prepared, k: measures.largestNeighbours, excluding: excluding, tasks: tasks)
    var whitened: LatticeMatrix?
    var components: [Int] = []
    var byMeasure: [[Double]] = []
    for measure in measures {
      switch measure {
      case .neighbour(let k):
        byMeasure.append((0..<rows.rows).map { table.distance($0, k) })
      case .localRatio(let k):
        byMeasure.append(localRatios(table, rows: rows.rows, k: k))
      case .kernelVariance:
        let scores = try await kernel?.score(rows, excluding: excluding, tasks: tasks)
        byMeasure.append(scores ?? Array(repeating: 0, count: rows.rows))
      case .mahalanobis:
        let scored = try await mahalanobis?.score(rows, tasks: tasks)
        byMeasure.append(scored?.distances ?? Array(repeating: 0, count: rows.rows))
        whitened = scored?.whitened
      case .mixture:
        let scored = try await mixture?.score(rows, tasks: tasks)
        byMeasure.append(scored?.scores ?? Array(repeating: 0, count: rows.rows))
        components = scored?.nearest ?? []
      }
    }
    return Scores(
      byMeasure: byMeasure, neighbours: table, whitened: whitened, components: components)
  }

  private func localRatios(_ table: NeighbourTable, rows: Int, k: Int) -> [Double] {
    (0..<rows).map { row in
      var sum = 0.0
      var count = 0.0
      for place in 0..<min(k, table.k) {
        let neighbour = Int(table.indices[row * table.k + place])
        guard neighbour >= 0 else { break }
        sum += ownDistances[neighbour]
        count += 1
      }
      return table.distance(row, k) / (sum / max(count, 1) + ratioFloor)
    }
  }

  /// Adds each column's part of one measure's score of a row, the parts adding up to `amount`.
  ///
  /// Squared distances add up column by column: to the nearest row, or to all neighbours that were
  /// looked at; Mahalanobis' in whitened coordinates. A row on top of its neighbours has equal parts.
  func addParts(
    of measure: Int, row: Int, rows: LatticeMatrix, scores: Scores, amount: Double,
    to parts: inout [Double]
  ) {
    let columns = rows.columns
    var own = [Double](repeating: 0, count: columns)
    switch measures[measure] {
    case .mahalanobis:
      guard let whitened = scores.whitened else { break }
      for column in 0..<columns {
        let value = whitened.values[row * columns + column]
        own[column] = value * value
      }
    case .mixture:
      guard let mixture, scores.components.indices.contains(row) else { break }
      own = mixture.squares(of: rows.row(row), component: scores.components[row])
    case .neighbour(let k), .localRatio(let k):
      addSquares(row, rows, scores.neighbours, k, to: &own)
    case .kernelVariance:
      addSquares(row, rows, scores.neighbours, measures.largestNeighbours, to: &own)
    }
    let sum = own.reduce(0, +)
    for column in 0..<columns {
      parts[column] += amount * (sum > 0 ? own[column] / sum : 1 / Double(columns))
    }
  }

  private func addSquares(
    _ row: Int, _ rows: LatticeMatrix, _ table: NeighbourTable, _ k: Int, to parts: inout [Double]
  ) {
    let columns = rows.columns
    for place in 0..<min(k, table.k) {
      let neighbour = Int(table.indices[row * table.k + place])
      guard neighbour >= 0 else { break }
      for column in 0..<columns {
        let difference =
          rows.values[row * columns + column] - reference.values[neighbour * columns + column]
        parts[column] += difference * difference
      }
    }
  }
}

extension [Measure] {
  /// The k of each local ratio among them.
  var ratios: [Int] {
    compactMap { measure in
      if case .localRatio(let k) = measure { k } else { nil }
    }
  }

  /// How many neighbours have to be looked for.
  var largestNeighbours: Int {
    reduce(1) { largest, measure in
      switch measure {
      case .neighbour(let k), .localRatio(let k): Swift.max(largest, k)
      case .kernelVariance, .mahalanobis, .mixture: largest
      }
    }
  }
}

extension NeighbourTable {
  /// The distance to the k-th nearest, or to the furthest there is, in the geometry's units.
  func distance(_ row: Int, _ k: Int) -> Double {
    var place = min(k, self.k) - 1
    while place > 0, indices[row * self.k + place] < 0 { place -= 1 }
    let square = squaredDistances[row * self.k + place]
    return square < .infinity ? square.squareRoot() / Lattice.unit : 0
  }
}
