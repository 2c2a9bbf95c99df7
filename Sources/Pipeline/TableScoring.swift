import Detection
import Foundation
import Ingestion

/// Scores any table of numbers: what `assay score` does.
public struct TableScoring: Sendable {
  /// Share of the rows below which a p-value rejects, for counterfactuals.
  static let alpha = 0.01
  /// Rows up to which every training row both fits and calibrates.
  static let largestCross = 20_000
  static let nearestPeers = 3

  private enum Scorer: Sendable {
    case own(SelfDetection)
    case model(DetectionModel)
  }

  public let table: FeatureTable
  public let scores: TableScores
  private let scorer: Scorer
  private let tasks: Int

  /// Scores a table against itself, some of whose rows may be what is looked for.
  ///
  /// - Throws: `DetectionError.shape` for too many columns.
  public init(
    _ table: NumericTable, decisions: [Decision] = [], tasks: Int
  ) async throws {
    self.table = try Self.featureTable(table)
    self.tasks = tasks
    let own = try await SelfDetection(
      fitting: self.table, recipe: .contaminated, decisions: decisions, tasks: tasks)
    scores = own.scores
    scorer = .own(own)
  }

  /// Scores a table against another whose rows are all honest.
  ///
  /// - Parameters:
  ///   - method: `nil` for cross-conformal up to 20,000 rows and a split beyond.
  /// - Throws: `DetectionError`: other columns, too few rows to train on, too many columns.
  public init(
    _ table: NumericTable, trainedOn training: NumericTable,
    calibration method: DetectionModel.CalibrationMethod? = nil, tasks: Int
  ) async throws {
    let reference = try Self.featureTable(training)
    self.table = try Self.featureTable(Self.reordered(table, like: training))
    self.tasks = tasks
    let model = try await DetectionModel.fit(
      reference, recipe: .clean,
      calibration: method ?? (reference.rows > Self.largestCross ? .split : .cross), tasks: tasks)
    scores = try await model.score(self.table, tasks: tasks)
    scorer = .model(model)
  }

  /// A table of one peer group; every column counts on both sides.
  private static func featureTable(_ table: NumericTable) throws -> FeatureTable {
    try FeatureTable(
      columns: table.columns.map {
        FeatureTable.Column(name: $0, resolution: 0, side: .both)
      },
      values: table.values, groups: Array(repeating: ["all"], count: table.rows),
      extra: Array(repeating: 0, count: table.rows),
      isReference: Array(repeating: true, count: table.rows))
  }

  /// The table's columns in the order of another's.
  ///
  /// - Throws: `DetectionError.otherColumns`.
  private static func reordered(
    _ table: NumericTable, like other: NumericTable
  ) throws -> NumericTable {
    if table.columns == other.columns { return table }
    let places = Dictionary(uniqueKeysWithValues: table.columns.enumerated().map { ($1, $0) })
    let missing = other.columns.filter { places[$0] == nil }
    let unknown = Set(table.columns).subtracting(other.columns)
    guard missing.isEmpty, unknown.isEmpty else {
      throw DetectionError.otherColumns(missing: missing.sorted(), unknown: unknown.sorted())
    }
    let order = other.columns.compactMap { places[$0] }
    let width = table.columns.count
    return NumericTable(
      columns: other.columns, rows: table.rows,
      values: (0..<table.rows).flatMap { row in order.map { table.values[row * width + $0] } })
  }

  /// Why some rows score as they do.
  public struct Reasons: Sendable {
    public let row: Int
    public let parts: [Explanation.Part]
    /// What the column with the largest part would have to be for p > 0.01; `nil` where that column
    /// alone does not decide.
    public let counterfactual: Counterfactual?
    /// The most similar rows of the table whose p-value is above 5 %.
    public let nearestAccepted: [Int]
  }

  /// Explains the strangest rows, strangest first.
  ///
  /// - Parameter share: how many, as a share of all; at least one.
  public func reasons(strangest share: Double) async throws -> [Reasons] {
    guard table.rows > 0 else { return [] }
    let count = min(max(Int((Double(table.rows) * share).rounded(.up)), 1), table.rows)
    let order = scores.raw.indices.sorted { (scores.raw[$1], $0) < (scores.raw[$0], $1) }
    let rows = Array(order.prefix(count))
    let accepted = (0..<table.rows).filter {
      scores.pValues[$0].numerator * 20 > scores.pValues[$0].denominator
    }
    let peers = Array(accepted.prefix(Self.largestPeerSearch))
    let explained: [Explanation]
    switch scorer {
    case .own(let own): explained = try await own.explain(rows: rows)
    case .model(let model):
      explained = try await model.explain(table, rows: rows, tasks: tasks)
    }
    let columns = explained.map { $0.parts.first?.column ?? 0 }
    let counterfactuals: [Counterfactual?]
    let nearest: [[Int]]
    switch scorer {
    case .own(let own):
      counterfactuals = try await own.counterfactuals(
        rows: rows, columns: columns, alpha: Self.alpha)
      nearest = try await own.nearest(rows: rows, among: peers, count: Self.nearestPeers)
    case .model(let model):
      counterfactuals = try await model.counterfactuals(
        table, rows: rows, columns: columns, alpha: Self.alpha, tasks: tasks)
      nearest = try await model.nearest(
        table, rows: rows, among: peers, count: Self.nearestPeers, tasks: tasks)
    }
    return rows.indices.map { index in
      Reasons(
        row: rows[index], parts: explained[index].parts,
        counterfactual: scores.pValues[rows[index]].numerator * 100
          <= scores.pValues[rows[index]].denominator ? counterfactuals[index] : nil,
        nearestAccepted: nearest[index])
    }
  }

  /// Accepted rows that similar ones are looked for among: the first so many.
  static let largestPeerSearch = 16_384
}
