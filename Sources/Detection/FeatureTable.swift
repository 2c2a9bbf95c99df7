/// A table of numbers to be scored: rows to judge, columns measured of each.
public struct FeatureTable: Sendable {
  /// Which values of a column speak against a row.
  public enum Side: String, Sendable {
    case low
    case high
    case both
  }

  /// One column.
  public struct Column: Sendable, Equatable {
    public let name: String
    /// The step its values come in: differences below it mean nothing.
    public let resolution: Double
    public let side: Side

    public init(name: String, resolution: Double, side: Side) {
      self.name = name
      self.resolution = resolution
      self.side = side
    }
  }

  public let columns: [Column]
  public let rows: Int
  /// Row-major; NaN where not measured.
  public let values: [Double]
  /// Peer groups of each row, narrowest first; the last one must hold every row.
  public let groups: [[String]]
  /// Strangeness that comes from elsewhere, such as rules; at least zero.
  public let extra: [Double]
  /// Whether a row may stand for honest ones in fitting and calibration.
  public let isReference: [Bool]

  /// - Throws: `DetectionError.shape` when the parts do not fit together.
  public init(
    columns: [Column], values: [Double], groups: [[String]], extra: [Double], isReference: [Bool]
  ) throws(DetectionError) {
    let rows = groups.count
    guard values.count == rows * columns.count, extra.count == rows, isReference.count == rows else {
      throw .shape(
        "\(rows) rows of \(columns.count) columns, but \(values.count) values, "
          + "\(extra.count) extras, \(isReference.count) reference marks")
    }
    guard groups.allSatisfy({ $0.last == groups[0].last && !$0.isEmpty }) else {
      throw .shape("the widest group must hold every row")
    }
    self.columns = columns
    self.rows = rows
    self.values = values
    self.groups = groups
    self.extra = extra
    self.isReference = isReference
  }

  func value(_ row: Int, _ column: Int) -> Double {
    values[row * columns.count + column]
  }
}

/// Why a table could not be scored.
public enum DetectionError: Error, CustomStringConvertible, Equatable {
  case shape(String)
  /// A model that was trained on other columns.
  case otherColumns(missing: [String], unknown: [String])
  /// A model file that does not hold what it should.
  case badModel(String)

  public var description: String {
    switch self {
    case .shape(let text): "the table's parts do not fit together: \(text)"
    case .otherColumns(let missing, let unknown):
      "the model was trained on other features: it lacks [\(unknown.joined(separator: ", "))] "
        + "and expects [\(missing.joined(separator: ", "))]"
    case .badModel(let text): "the model cannot be used: \(text)"
    }
  }
}
