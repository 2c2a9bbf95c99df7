import ExactMath

/// Finds the rows that are too strange to be believed, before anything is learnt from them.
///
/// Five cheap looks, joined like the detectors of the ensemble: a covariance fitted to the middle
/// half (distance on the standardised geometry; left out above 512 columns), the distance to the 20th
/// neighbour among the first reference rows, the summed distances to the nearest row of a hundred
/// subsets of eight (LeSiNN: Pang, Ting & Albrecht 2015), and the tails of the columns taken together
/// (ECOD: Li et al. 2022; COPOD: Li et al. 2020).
struct TrimmingPass {
  static let subsets = 100
  static let subsetRows = 8
  static let neighbours = 20

  let table: FeatureTable
  let scales: PeerScales
  let columns: [Int]
  let measured: [Double]
  let tasks: Int

  /// How strange each of `rows`, which come shuffled, looks.
  func strangeness(of rows: [Int], referenceRows: Int) async throws -> [Double] {
    let standardised = try await scales.lattice(
      of: table, rows: rows, columns: columns, in: .standardised, tasks: tasks)
    var looks = [
      try await neighbourDistances(standardised, referenceRows: referenceRows),
      try await subsetDistances(standardised),
    ]
    if columns.count <= RobustMahalanobis.largestColumns {
      let compressed = try await scales.lattice(
        of: table, rows: rows, columns: columns, in: .compressed, tasks: tasks)
      looks.append(
        try await RobustMahalanobis.fit(
          standardised, measured: measured, start: compressed.squaredLengths,
          trimming: .cleaning, tasks: tasks
        ).distances)
    }
    looks += await tails(of: rows)
    let normalised = looks.map { look in
      let surprise = TailSurprise(reference: look)
      return look.map { surprise($0) }
    }
    return rows.indices.map { row in normalised.reduce(0) { $0 + $1[row] } }
  }

  private func neighbourDistances(
    _ lattice: LatticeMatrix, referenceRows: Int
  ) async throws -> [Double] {
    let count = min(lattice.rows, referenceRows)
    let reference = try lattice.selecting(rows: Array(0..<count))
    let table = try await nearestNeighbours(
      of: lattice, in: reference, k: Self.neighbours,
      excluding: (0..<lattice.rows).map { $0 < count ? $0 : -1 }, tasks: tasks)
    return (0..<lattice.rows).map { table.distance($0, Self.neighbours) }
  }

  /// The subsets are the shuffled rows' consecutive eights; where rows run out, round and round with
  /// another step each time, one without a common factor with their number.
  private func subsetDistances(_ lattice: LatticeMatrix) async throws -> [Double] {
    let count = lattice.rows
    var sums = [Double](repeating: 0, count: count)
    for subset in 0..<Self.subsets {
      var places: [Int] = []
      for one in 0..<min(Self.subsetRows, count) {
        let position = subset * Self.subsetRows + one
        let round = position / count
        places.append((position * Self.step(round, count) + round) % count)
      }
      let chosen = Array(Set(places)).sorted()
      var own = [Int](repeating: -1, count: count)
      for (place, row) in chosen.enumerated() { own[row] = place }
      let table = try await nearestNeighbours(
        of: lattice, in: try lattice.selecting(rows: chosen), k: 1, excluding: own, tasks: tasks)
      for row in 0..<count { sums[row] += table.distance(row, 1) }
    }
    return sums
  }

  /// The first number from 2 · round + 1 on that has no factor in common with `count`.
  private static func step(_ round: Int, _ count: Int) -> Int {
    var step = 2 * round + 1
    while greatestCommonDivisor(step, count) != 1 { step += 1 }
    return step
  }

  private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
    var (a, b) = (first, second)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  /// −ln of the shares of rows as far out, summed over the columns: the larger of the sums over
  /// all lower and over all upper tails; and each column's own long tail or the mean of both.
  private func tails(of rows: [Int]) async -> [[Double]] {
    let longIsUpper = columns.map { column in
      scales.scales[0].columns[column].map { $0.mean > $0.median } ?? false
    }
    let parts = await inBlocks(rows.count, tasks: tasks) { range in
      rows[range].map { row in tails(of: row, longIsUpper: longIsUpper) }
    }
    let all = parts.joined()
    return [all.map(\.oneSided), all.map(\.long)]
  }

  private func tails(of row: Int, longIsUpper: [Bool]) -> (oneSided: Double, long: Double) {
    let scale = scales.scale(for: table.groups[row])
    var lower = 0.0
    var upper = 0.0
    var long = 0.0
    for (place, column) in columns.enumerated() {
      let value = table.value(row, column)
      guard !value.isNaN, let own = scale.columns[column] else { continue }
      let shares = own.tailShares(value)
      let side = table.columns[column].side
      let low = side == .high ? 0 : -Portable.log(min(shares.lower, 1))
      let high = side == .low ? 0 : -Portable.log(min(shares.upper, 1))
      lower += low
      upper += high
      long += max(longIsUpper[place] ? high : low, (low + high) / 2)
    }
    return (max(lower, upper), long)
  }
}
