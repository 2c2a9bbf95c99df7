import ExactMath

/// Distance to the nearest rows of a trimmed reference set.
///
/// d = √(mean of the k smallest squared Euclidean distances on the lattice), in spreads. The
/// reference is the share of the rows closest to the trimmed centre, thinned evenly to at most 2,048:
/// distances to more change the ranking little and cost in proportion.
public struct NearestReference: Sendable, Equatable {
  static let neighbours = 5
  static let largestReference = 2048

  public let reference: LatticeMatrix

  public init(reference: LatticeMatrix) {
    self.reference = reference
  }

  /// - Parameter order: rows of `lattice` by distance from the trimmed centre.
  init(_ lattice: LatticeMatrix, order: [Int]) throws {
    let kept = order.prefix(max(Int(Double(order.count) * RobustMahalanobis.keptShare), 1)).sorted()
    let count = min(kept.count, Self.largestReference)
    reference = try lattice.selecting(rows: (0..<count).map { kept[$0 * kept.count / count] })
  }

  /// d of each row, and its neighbours among the reference.
  func score(
    _ lattice: LatticeMatrix, tasks: Int
  ) async throws -> (distances: [Double], table: NeighbourTable) {
    let table = try await nearestNeighbours(
      of: lattice, in: reference, k: min(Self.neighbours, reference.rows), excluding: nil,
      tasks: tasks)
    let distances = (0..<lattice.rows).map { row -> Double in
      var sum = 0.0
      for place in 0..<table.k { sum += table.squaredDistances[row * table.k + place] }
      return (sum / Double(max(table.k, 1))).squareRoot() / PeerScale.unit
    }
    return (distances, table)
  }
}
