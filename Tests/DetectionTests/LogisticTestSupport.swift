import ExactMath
import Foundation
import Testing

@testable import Detection

/// A small problem for fits whose numbers are known.
enum LogisticCase {
  static let unit = 16.0
  static let rows: [[Double]] = [
    [32, -18, 0], [-3, 32, 0], [-20, 2, 0], [-7, -13, 0], [-38, -32, 16], [39, 35, 16],
    [34, -4, 16], [11, -8, 0], [16, -16, 16], [-35, -23, 0], [9, 25, 16], [25, 34, 0],
    [22, -14, 16], [-33, -23, 0], [-19, 10, 16], [4, 35, 0], [-5, 16, 0], [9, -7, 0],
    [3, -16, 16], [34, -29, 0], [-19, -29, 0], [-10, -22, 0], [-16, 9, 16], [16, -32, 16],
  ]
  static let labels = [
    1, 0, 0, 1, 0, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 1, 1,
  ].map { $0 == 1 }
  static let counts = [
    1.5, 1, 0.5, 1, 1.5, 2.5, 2, 2.5, 2.5, 2, 1.5, 1, 2, 0.5, 1, 1.5, 1.5, 0.5, 1.5, 1.5, 1.5,
    0.5, 1.5, 0.5,
  ]

  static let generalPrior = LogisticRegression.Prior(
    means: [0.5, -1, 0.25], precisions: [2, 0.5, 8], interceptMean: -0.5, interceptPrecision: 0.1)
}

/// Gradient by the textbook formula, relative to the magnitudes of its terms.
func naiveLogisticGradient(
  _ fit: LogisticRegression, _ rows: [[Double]], _ labels: [Bool], _ counts: [Double],
  _ prior: LogisticRegression.Prior
) -> [Double] {
  let position = fit.weights + [fit.intercept]
  let means = prior.means + [prior.interceptMean]
  let precisions = prior.precisions + [prior.interceptPrecision]
  let design = rows.map { row in row.map { $0 / fit.unit } + [1] }
  let residuals = design.indices.map { i in
    let logOdds = zip(design[i], position).reduce(0) { $0 + $1.0 * $1.1 }
    return counts[i] * (labels[i] ? -1 / (1 + exp(logOdds)) : 1 / (1 + exp(-logOdds)))
  }
  return position.indices.map { j in
    let terms =
      design.indices.map { residuals[$0] * design[$0][j] }
      + [precisions[j] * position[j], -precisions[j] * means[j]]
    let size = terms.reduce(0) { $0 + abs($1) }
    return size == 0 ? 0 : terms.reduce(0, +) / size
  }
}

/// Columns of all sizes, some constant, some repeated, some all but repeated.
func mixedRows(
  _ rows: Int, _ columns: Int, _ generator: inout SplitMix64
) -> [[Double]] {
  let sizes = (0..<columns).map { _ in exp2(Double.random(in: 0..<14, using: &generator)) }
  return generator.normals(rows, columns).map { normals in
    var row: [Double] = []
    for (column, normal) in normals.enumerated() {
      switch column % 7 {
      case 3: row.append(sizes[column].rounded())
      case 5: row.append(row[column - 1])
      case 6: row.append(row[column - 2] + Double.random(in: -1...1, using: &generator).rounded())
      default: row.append((normal * sizes[column] / 2).rounded())
      }
    }
    return row
  }
}

/// Means of zero and one precision for all weights.
func logisticPrior(
  _ columns: Int, precision: Double, interceptPrecision: Double = 1e-3
) -> LogisticRegression.Prior {
  LogisticRegression.Prior(
    means: [Double](repeating: 0, count: columns),
    precisions: [Double](repeating: precision, count: columns), interceptMean: 0,
    interceptPrecision: interceptPrecision)
}

/// Each value within `tolerance` times the expected one.
func expectRelative(
  _ found: [Double], _ expected: [Double], _ tolerance: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, sourceLocation: sourceLocation)
  for (value, golden) in zip(found, expected) {
    #expect(
      abs(value - golden) <= tolerance * max(abs(golden), .leastNormalMagnitude),
      sourceLocation: sourceLocation)
  }
}
