import ExactMath
import Testing

@testable import Detection

/// The recipes that ship, and one that has every detector in every geometry.
enum RecipeCase: String, CaseIterable, CustomTestStringConvertible {
  case contaminated
  case clean
  case nodes
  case everything

  static let shipped: [RecipeCase] = [.contaminated, .clean, .nodes]

  var recipe: Recipe {
    switch self {
    case .contaminated: .contaminated
    case .clean: .clean
    case .nodes: .nodes
    case .everything: .everything
    }
  }

  var testDescription: String { rawValue }
}

extension Recipe {
  /// The nearest rows alone, all of them believed: fast enough for many repetitions.
  static let plain = Recipe(
    spaces: [Space(.standardised, [.neighbour(2)])], trimmedShare: 0, referenceRows: 2048)

  static let everything = Recipe(
    spaces: Geometry.allCases.map {
      Space($0, [.neighbour(2), .localRatio(5), .kernelVariance, .mahalanobis, .mixture])
    },
    trimmedShare: 0.2, referenceRows: 40)
}

extension FeatureTable {
  /// The given rows in the given order.
  func taking(_ rows: [Int]) throws -> FeatureTable {
    try FeatureTable(
      columns: columns,
      values: rows.flatMap { row in columns.indices.map { value(row, $0) } },
      groups: rows.map { groups[$0] }, extra: rows.map { extra[$0] },
      isReference: rows.map { isReference[$0] })
  }

  /// A row's values as text, NaN included: what tells contents apart.
  func contents(_ row: Int) -> String {
    columns.indices.map { "\(value(row, $0) + 0)" }.joined(separator: " ")
  }
}

extension ColumnScale {
  func lattice(_ value: Double, in geometry: Geometry, side: FeatureTable.Side) -> Double {
    lattice(in: geometry, side: side)(value)
  }
}

/// Rows of several kinds at once: two groups, values not measured, a column of few values, extras,
/// rows that stand for nobody.
func motleyTable(_ rows: Int, seed: UInt64) throws -> FeatureTable {
  var generator = SplitMix64(seed: seed)
  let values = generator.normals(rows, 4).enumerated().map { row, normals in
    [
      normals[0], 1000 + 20 * normals[1] + 10 * normals[0], row % 5 == 3 ? .nan : normals[2],
      (normals[3] * 2).rounded(),
    ]
  }
  return try featureTable(
    values,
    columns: [
      column("level"), column("speed", side: .low), column("gap"),
      column("count", resolution: 1, side: .high),
    ],
    groups: values.indices.map { [$0 % 3 == 0 ? "third" : "rest", "all"] },
    extra: values.indices.map { $0 % 11 == 0 ? 0.5 : 0 },
    isReference: values.indices.map { $0 % 13 != 5 })
}

extension Ensemble {
  /// What a file would hold of it.
  var stored: [UInt8] {
    var file = Safetensors()
    store(in: &file)
    return file.bytes
  }
}

/// Ranks of values, the largest first: how many are larger.
func ranks(_ values: [Double]) -> [Int] {
  values.map { own in values.count { $0 > own } }
}

/// Spearman's rank correlation.
func rankCorrelation(_ left: [Double], _ right: [Double]) -> Double {
  let count = Double(left.count)
  let squares = zip(ranks(left), ranks(right)).reduce(0.0) {
    $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
  }
  return 1 - 6 * squares / (count * (count * count - 1))
}
