import Detection
import ExactMath
import Foundation

/// SplitMix64 (Steele, Lea and Flood 2014): a seeded generator for reproducible loops.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A standard normal value (Box & Muller 1958).
  mutating func normal() -> Double {
    let radius = (-2 * log(Double.random(in: 0x1p-53..<1, using: &self))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
  }

  mutating func normals(_ rows: Int, _ columns: Int) -> [[Double]] {
    (0..<rows).map { _ in (0..<columns).map { _ in normal() } }
  }

  /// Integers around zero that hang together: column j follows column 0 by a third.
  mutating func correlatedLattice(
    _ rows: Int, _ columns: Int, spread: Double = 1000
  ) -> [[Double]] {
    normals(rows, columns).map { row in
      row.enumerated().map { column, value in
        ((column == 0 ? value : value + row[0] / 3) * spread).rounded()
      }
    }
  }
}

func lattice(_ rows: [[Double]], bits: Int = 15) throws -> LatticeMatrix {
  try LatticeMatrix(
    rows: rows.count, columns: rows[0].count, bits: bits, values: rows.flatMap { $0 })
}

func featureTable(
  _ rows: [[Double]], columns: [FeatureTable.Column]? = nil, groups: [[String]]? = nil,
  extra: [Double]? = nil, isReference: [Bool]? = nil
) throws -> FeatureTable {
  try FeatureTable(
    columns: columns ?? (0..<(rows.first?.count ?? 0)).map { column("c\($0)") },
    values: rows.flatMap { $0 }, groups: groups ?? rows.map { _ in ["all"] },
    extra: extra ?? rows.map { _ in 0 }, isReference: isReference ?? rows.map { _ in true })
}

func column(
  _ name: String, resolution: Double = 1e-6, side: FeatureTable.Side = .both
) -> FeatureTable.Column {
  FeatureTable.Column(name: name, resolution: resolution, side: side)
}

/// Solves a x = b by elimination with pivots: an oracle that shares nothing with what it checks.
func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
  let n = right.count
  var a = zip(matrix, right).map { $0 + [$1] }
  for column in 0..<n {
    let pivot = (column..<n).max { abs(a[$0][column]) < abs(a[$1][column]) }!
    a.swapAt(column, pivot)
    for row in 0..<n where row != column {
      let factor = a[row][column] / a[column][column]
      for place in column...n { a[row][place] -= factor * a[column][place] }
    }
  }
  return (0..<n).map { a[$0][n] / a[$0][$0] }
}

/// By elimination with pivots.
func determinant(_ matrix: [[Double]]) -> Double {
  var a = matrix
  var product = 1.0
  for column in a.indices {
    let pivot = (column..<a.count).max { abs(a[$0][column]) < abs(a[$1][column]) }!
    if pivot != column { product = -product }
    a.swapAt(column, pivot)
    product *= a[column][column]
    for row in (column + 1)..<max(a.count, column + 1) {
      let factor = a[row][column] / a[column][column]
      for place in column..<a.count { a[row][place] -= factor * a[column][place] }
    }
  }
  return product
}

func squaredDistance(_ left: [Double], _ right: [Double]) -> Double {
  zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
}

/// Mean, and its standard error, of independent values.
func meanAndError(_ values: [Double]) -> (mean: Double, error: Double) {
  let count = Double(values.count)
  let mean = values.reduce(0, +) / count
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean, (squares / (count - 1) / count).squareRoot())
}
