import ExactMath
import Testing

@testable import Detection

struct NearestReferenceTests {
  @Test(arguments: [1, 3, 8])
  func `distances are those of brute force`(columns: Int) async throws {
    var generator = SplitMix64(seed: UInt64(columns))
    let rows = generator.correlatedLattice(60, columns, spread: 500)
    let queries = generator.correlatedLattice(40, columns, spread: 1500)
    let nearest = NearestReference(reference: try lattice(rows))
    let found = try await nearest.score(try lattice(queries), tasks: 1).distances
    for (query, distance) in zip(queries, found) {
      let squares = rows.map { row in
        zip(row, query).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      let mean = squares.sorted().prefix(5).reduce(0, +) / 5
      #expect(distance == mean.squareRoot() / 2048)
    }
  }

  @Test func `fewer reference rows than neighbours are all of them`() async throws {
    let nearest = NearestReference(reference: try lattice([[0], [2048]]))
    let found = try await nearest.score(try lattice([[0], [-2048]]), tasks: 1).distances
    #expect(found == [0.5, 2.5].map { ($0 as Double).squareRoot() })
  }

  @Test(arguments: [(20, 16), (2560, 2048), (2700, 2048), (6000, 2048)])
  func `the reference is the closest four fifths, at most 2,048`(rows: Int, expected: Int) throws {
    let matrix = try lattice((0..<rows).map { [Double($0)] })
    let nearest = try NearestReference(matrix, order: Array((0..<rows).reversed()))
    #expect(nearest.reference.rows == expected)
    #expect(Set(nearest.reference.values).count == expected)
    let farthest = Double(rows - Int(Double(rows) * 0.8))
    #expect(nearest.reference.values.allSatisfy { $0 >= farthest })
  }
}
