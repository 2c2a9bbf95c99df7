import Foundation

/// SplitMix64 (Steele, Lea and Flood 2014): a seeded generator.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func normal() -> Double {
    let radius = (-2 * log(Double.random(in: 0x1p-53..<1, using: &self))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
  }
}

/// How honest rows are distributed: eight columns each.
enum Distribution: String, CaseIterable {
  /// Correlated normals.
  case normal
  /// Student's t with three degrees of freedom, correlated.
  case heavyTailed = "heavy-tailed"
  /// Three clusters of lognormals: skewed, and empty in between.
  case clusters
  /// Counts, four of eight columns zero in nine rows of ten.
  case sparseCounts = "sparse counts"

  static let columns = 8

  func row(_ generator: inout SplitMix64) -> [Double] {
    let common = generator.normal()
    let normals = (0..<Self.columns).map { _ in (generator.normal() + common) / 2.0.squareRoot() }
    switch self {
    case .normal: return normals
    case .heavyTailed:
      let squares = (0..<3).reduce(0.0) { sum, _ in
        let z = generator.normal()
        return sum + z * z
      }
      return normals.map { $0 / (squares / 3).squareRoot() }
    case .clusters:
      let cluster = Double(Int.random(in: 0..<3, using: &generator))
      return normals.enumerated().map { exp($1 / 2) + 8 * cluster * Double($0 % 2) }
    case .sparseCounts:
      return normals.enumerated().map { column, z in
        if column % 2 == 0 && Double.random(in: 0..<1, using: &generator) < 0.9 { return 0 }
        return exp(z + 1).rounded(.down)
      }
    }
  }

  /// A row that lies: three columns moved up by 6 to 10 of this distribution's usual spreads.
  func spoofedRow(_ generator: inout SplitMix64) -> [Double] {
    var row = row(&generator)
    for _ in 0..<3 {
      let column = Int.random(in: 0..<Self.columns, using: &generator)
      row[column] += spread * Double.random(in: 6...10, using: &generator)
    }
    return row
  }

  private var spread: Double {
    switch self {
    case .normal: 1
    case .heavyTailed: 1.7
    case .clusters: 1.5
    case .sparseCounts: 4
    }
  }
}
