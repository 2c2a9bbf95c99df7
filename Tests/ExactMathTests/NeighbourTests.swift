import Testing

@testable import ExactMath

@Suite struct NearestNeighbourTests {
  private func naive(
    _ queries: LatticeMatrix, _ reference: LatticeMatrix, k: Int, excluding: [Int]?
  ) -> (indices: [Int32], distances: [Double]) {
    var indices: [Int32] = []
    var distances: [Double] = []
    for q in 0..<queries.rows {
      var pairs: [(distance: Int, index: Int)] = []
      for r in 0..<reference.rows where r != excluding?[q] {
        let distance = zip(queries.row(q), reference.row(r)).reduce(0) { sum, pair in
          let difference = Int(pair.0) - Int(pair.1)
          return sum + difference * difference
        }
        pairs.append((distance, r))
      }
      pairs.sort { $0 < $1 }
      for rank in 0..<k {
        indices.append(rank < pairs.count ? Int32(pairs[rank].index) : -1)
        distances.append(rank < pairs.count ? Double(pairs[rank].distance) : .infinity)
      }
    }
    return (indices, distances)
  }

  @Test func agreesWithIntegersForEverySmallShape() async throws {
    var generator = SplitMix64(seed: 41)
    for queries in [0, 1, 5, 130] {
      for references in [0, 1, 2, 15, 16, 17, 33] {
        for (columns, bits) in [(1, 1), (1, 25), (2, 2), (3, 24), (4, 10), (17, 23)] {
          for k in [1, 2, 16, 20] {
            let q = try generator.lattice(queries, columns, bits: bits)
            let r = try generator.lattice(references, columns, bits: bits)
            let table = try await nearestNeighbours(of: q, in: r, k: k, excluding: nil, tasks: 1)
            let expected = naive(q, r, k: k, excluding: nil)
            #expect(table.indices == expected.indices)
            #expect(table.squaredDistances == expected.distances)
          }
        }
      }
    }
  }

  @Test func leavesOutTheExcludedRowAcrossBlocksAndTasks() async throws {
    var generator = SplitMix64(seed: 42)
    // Few distinct values, so that ties abound.
    let x = try generator.lattice(1100, 3, bits: 2)
    let excluding = (0..<1100).map { $0 % 5 == 0 ? -1 : $0 }
    let expected = naive(x, x, k: 7, excluding: excluding)
    for tasks in [1, 2, 3, 100] {
      let table = try await nearestNeighbours(
        of: x, in: x, k: 7, excluding: excluding, tasks: tasks)
      #expect(table.indices == expected.indices)
      #expect(table.squaredDistances == expected.distances)
    }
  }

  @Test func fillsUpWhereThereAreFewerThanK() async throws {
    let x = try LatticeMatrix(rows: 2, columns: 1, bits: 3, values: [1, 4])
    let table = try await nearestNeighbours(of: x, in: x, k: 3, excluding: [0, -1], tasks: 1)
    #expect(table.indices == [1, -1, -1, 1, 0, -1])
    #expect(table.squaredDistances == [9, .infinity, .infinity, 0, 9, .infinity])
  }

  @Test func distancesAreExactAtTheBound() async throws {
    let limit = LatticeMatrix.limit(bits: 25)
    let q = try LatticeMatrix(rows: 1, columns: 2, bits: 25, values: [limit, limit])
    let r = try LatticeMatrix(rows: 1, columns: 2, bits: 25, values: [-limit, 1 - limit])
    let table = try await nearestNeighbours(of: q, in: r, k: 1, excluding: nil, tasks: 1)
    let (a, b) = (Int(2 * limit), Int(2 * limit - 1))
    #expect(table.squaredDistances == [Double(a * a + b * b)])
    #expect(Int(table.squaredDistances[0]) == a * a + b * b)
  }

  @Test func translationAndMixedBitsChangeNothing() async throws {
    var generator = SplitMix64(seed: 43)
    let q = try generator.lattice(60, 5, bits: 9)
    let r = try generator.lattice(90, 5, bits: 12)
    let table = try await nearestNeighbours(of: q, in: r, k: 4, excluding: nil, tasks: 2)
    func moved(_ x: LatticeMatrix) throws -> LatticeMatrix {
      try LatticeMatrix(
        rows: x.rows, columns: 5, bits: 21, values: x.values.map { $0 - 1_000_000 })
    }
    #expect(
      table
        == (try await nearestNeighbours(
          of: try moved(q), in: try moved(r), k: 4, excluding: nil, tasks: 1)))
  }

  @Test func refusesWhatIsNotExactOrInconsistent() async throws {
    let x = try LatticeMatrix(rows: 1, columns: 2, bits: 25, values: [1, 2])
    let wide = try LatticeMatrix(rows: 1, columns: 2, bits: 26, values: [1, 2])
    let narrow = try LatticeMatrix(rows: 1, columns: 1, bits: 3, values: [1])
    await #expect(throws: ExactMathError.bound(what: "a squared distance", bitsNeeded: 55)) {
      try await nearestNeighbours(of: x, in: wide, k: 1, excluding: nil, tasks: 1)
    }
    await #expect(throws: ExactMathError.shape(what: "query columns", expected: 2, found: 1)) {
      try await nearestNeighbours(of: narrow, in: x, k: 1, excluding: nil, tasks: 1)
    }
    await #expect(throws: ExactMathError.shape(what: "excluded rows", expected: 1, found: 0)) {
      try await nearestNeighbours(of: x, in: x, k: 1, excluding: [], tasks: 1)
    }
    for (k, excluded, tasks) in [(0, -1, 1), (1, 1, 1), (1, -2, 1), (1, -1, 0)] {
      await #expect(throws: ExactMathError.self) {
        try await nearestNeighbours(of: x, in: x, k: k, excluding: [excluded], tasks: tasks)
      }
    }
  }
}
