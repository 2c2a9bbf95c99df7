/// The k nearest reference rows of every query, nearest first.
public struct NeighbourTable: Sendable, Equatable {
  /// Neighbours per query.
  public let k: Int
  /// Reference rows, queries × k, row-major; -1 where there were fewer than k.
  public let indices: [Int32]
  /// Squared Euclidean distances in lattice units, exact integers, queries × k, row-major;
  /// infinity beside -1.
  public let squaredDistances: [Double]
}

/// Exact k nearest neighbours by squared Euclidean distance `|q|² - 2 q·r + |r|²`; equal
/// distances rank by lower reference row.
///
/// All pairs are formed, block by block, in BLAS: integers of at most `columns * 2^(2 bits + 2)`,
/// hence exact and free of the cancellation this formula suffers in floating point.
///
/// - Parameters:
///   - k: Neighbours per query, 1...2^20.
///   - excluding: One reference row per query that the query must skip (itself, to leave it out),
///     -1 for none; nil if no query skips any.
///   - tasks: Number of concurrent tasks, 1...1024; does not change the result.
/// - Throws: `ExactMathError.shape` if the columns differ or `excluding` is not one entry a
///   query; `.argument` for a bad k, task count or excluded row; `.bound` if `columns * 2^(2 bits
///   + 2)` exceeds 2^53 (bits being the larger of the two).
public func nearestNeighbours(
  of queries: LatticeMatrix, in reference: LatticeMatrix, k: Int, excluding: [Int]?, tasks: Int
) async throws -> NeighbourTable {
  try await nearestNeighbours(
    of: queries, in: NeighbourReference(reference), k: k, excluding: excluding, tasks: tasks)
}

/// Reference rows with their squared lengths, for whoever looks among the same rows many times: of
/// few queries the lengths would cost as much as the search.
public struct NeighbourReference: Sendable, Equatable {
  public let rows: LatticeMatrix
  fileprivate let norms: [Double]

  public init(_ rows: LatticeMatrix) {
    self.rows = rows
    norms = squaredNorms(rows, 0..<rows.rows)
  }
}

/// The same among reference rows that were prepared before.
///
/// - Throws: as the other.
public func nearestNeighbours(
  of queries: LatticeMatrix, in prepared: NeighbourReference, k: Int, excluding: [Int]?,
  tasks: Int
) async throws -> NeighbourTable {
  let reference = prepared.rows
  let norms = prepared.norms
  try checkNeighbours(queries, reference, k, excluding)
  let parts = try await mapRows(queries.rows, grain: queryBlock, tasks: tasks) { rows in
    let search = NeighbourSearch(
      queries: queries, reference: reference, norms: norms, excluding: excluding, k: k, rows: rows)
    return search.run()
  }
  return NeighbourTable(
    k: k, indices: concatenated(parts.map(\.indices)),
    squaredDistances: concatenated(parts.map(\.distances)))
}

private func checkNeighbours(
  _ queries: LatticeMatrix, _ reference: LatticeMatrix, _ k: Int, _ excluding: [Int]?
) throws {
  guard queries.columns == reference.columns else {
    throw ExactMathError.shape(
      what: "query columns", expected: reference.columns, found: queries.columns)
  }
  try check("k", k, in: 1...1 << 20)
  try check("reference rows", reference.rows, in: 0...Int(Int32.max))
  let bitsNeeded = 2 * max(queries.bits, reference.bits) + 2 + ceilLog2(reference.columns)
  guard bitsNeeded <= 53 else {
    throw ExactMathError.bound(what: "a squared distance", bitsNeeded: bitsNeeded)
  }
  guard let excluding else { return }
  guard excluding.count == queries.rows else {
    throw ExactMathError.shape(
      what: "excluded rows", expected: queries.rows, found: excluding.count)
  }
  for row in excluding { try check("excluded row", row, in: -1...reference.rows - 1) }
}

private func squaredNorms(_ matrix: LatticeMatrix, _ rows: Range<Int>) -> [Double] {
  let d = matrix.columns
  return matrix.values.withUnsafeBufferPointer { values in
    rows.map { row in
      var sum = 0.0
      for i in row * d..<(row + 1) * d { sum += values[i] * values[i] }
      return sum
    }
  }
}

/// Products are formed in blocks of 256 queries × 512 references: a megabyte, so that the scan
/// finds them cached.
private let queryBlock = 256
private let referenceBlock = 512

/// The search for one task's queries. Scores are `|r|² - 2 q·r`; `|q|²` is added at the end, as
/// it does not change the order.
private struct NeighbourSearch {
  let queries: LatticeMatrix
  let reference: LatticeMatrix
  let norms: [Double]
  let excluding: [Int]?
  let k: Int
  let rows: Range<Int>

  func run() -> (indices: [Int32], distances: [Double]) {
    var indices = [Int32](repeating: -1, count: rows.count * k)
    var distances = [Double](repeating: .infinity, count: rows.count * k)
    var scores = [Double](
      repeating: 0,
      count: min(queryBlock, rows.count) * min(referenceBlock, reference.rows))
    indices.withUnsafeMutableBufferPointer { indices in
      distances.withUnsafeMutableBufferPointer { distances in
        scores.withUnsafeMutableBufferPointer { scores in
          forEachBlock(of: rows, size: queryBlock) { queries in
            forEachBlock(of: 0..<reference.rows, size: referenceBlock) { references in
              fill(scores, queries, references)
              select(scores, queries, references, indices, distances)
            }
          }
        }
      }
    }
    addNorms(&distances)
    return (indices, distances)
  }

  /// Row by row the norms of the references, less twice the products.
  private func fill(
    _ scores: UnsafeMutableBufferPointer<Double>, _ block: Range<Int>, _ references: Range<Int>
  ) {
    let d = queries.columns
    let width = references.count
    guard let target = scores.baseAddress else { return }
    norms.withUnsafeBufferPointer { norms in
      guard let source = norms.baseAddress else { return }
      for i in 0..<block.count {
        (target + i * width).update(from: source + references.lowerBound, count: width)
      }
    }
    queries.values.withUnsafeBufferPointer { q in
      reference.values.withUnsafeBufferPointer { r in
        guard let q = q.baseAddress, let r = r.baseAddress else { return }
        BLAS.subtractTwiceProduct(
          rows: block.count, inner: d, columns: width,
          q + block.lowerBound * d, r + references.lowerBound * d, target)
      }
    }
  }

  private func select(
    _ scores: UnsafeMutableBufferPointer<Double>, _ block: Range<Int>, _ references: Range<Int>,
    _ indices: UnsafeMutableBufferPointer<Int32>, _ distances: UnsafeMutableBufferPointer<Double>
  ) {
    for (i, query) in block.enumerated() {
      let start = (query - rows.lowerBound) * k
      let best = RankedList(
        scores: UnsafeMutableBufferPointer(rebasing: distances[start..<start + k]),
        indices: UnsafeMutableBufferPointer(rebasing: indices[start..<start + k]),
        excluded: excluding?[query] ?? -1)
      let row = scores[i * references.count..<(i + 1) * references.count]
      best.scan(UnsafeMutableBufferPointer(rebasing: row), first: references.lowerBound)
    }
  }

  private func addNorms(_ distances: inout [Double]) {
    let norms = squaredNorms(queries, rows)
    for i in 0..<rows.count {
      for j in i * k..<(i + 1) * k { distances[j] += norms[i] }
    }
  }
}

/// Every squared Euclidean distance, queries × references, row-major: exact integers.
///
/// - Throws: as `nearestNeighbours`.
public func squaredDistances(
  of queries: LatticeMatrix, to reference: LatticeMatrix, tasks: Int
) async throws -> [Double] {
  try checkNeighbours(queries, reference, 1, nil)
  let norms = squaredNorms(reference, 0..<reference.rows)
  let parts = try await mapRows(queries.rows, grain: queryBlock, tasks: tasks) { rows in
    let search = NeighbourSearch(
      queries: queries, reference: reference, norms: norms, excluding: nil, k: 1, rows: rows)
    return search.allDistances()
  }
  return concatenated(parts)
}

extension NeighbourSearch {
  fileprivate func allDistances() -> [Double] {
    let width = reference.rows
    let own = squaredNorms(queries, rows)
    return [Double](unsafeUninitializedCapacity: rows.count * width) { buffer, count in
      forEachBlock(of: rows, size: queryBlock) { block in
        let start = (block.lowerBound - rows.lowerBound) * width
        let target = UnsafeMutableBufferPointer(
          rebasing: buffer[start..<(start + block.count * width)])
        fill(target, block, 0..<width)
        for (place, query) in block.enumerated() {
          let norm = own[query - rows.lowerBound]
          for column in 0..<width { target[place * width + column] += norm }
        }
      }
      count = rows.count * width
    }
  }
}
