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
    /// The step its values come in: differences below it mean nothing. Zero where it is not known.
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

  /// - Throws: `DetectionError.shape` when the parts do not fit together, or for a value that is
  ///   infinite, an extra that is negative or not finite, a resolution that is negative or not finite.
  public init(
    columns: [Column], values: [Double], groups: [[String]], extra: [Double], isReference: [Bool]
  ) throws(DetectionError) {
    let rows = groups.count
    guard values.count == rows * columns.count, extra.count == rows, isReference.count == rows
    else {
      throw .shape(
        "\(rows) rows of \(columns.count) columns, but \(values.count) values, "
          + "\(extra.count) extras, \(isReference.count) reference marks")
    }
    guard groups.allSatisfy({ $0.last == groups[0].last && !$0.isEmpty }) else {
      throw .shape("the widest group must hold every row")
    }
    guard columns.allSatisfy({ $0.resolution >= 0 && $0.resolution < .infinity }) else {
      throw .shape("a column's resolution must be finite and not negative")
    }
    if let bad = values.firstIndex(where: \.isInfinite) {
      throw .shape(
        "row \(bad / columns.count) has an infinite \(columns[bad % columns.count].name)")
    }
    if let bad = extra.firstIndex(where: { !($0 >= 0 && $0 < .infinity) }) {
      throw .shape("row \(bad) has an extra strangeness of \(extra[bad])")
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

  /// The group that holds every row.
  var widestGroup: String { groups.first?.last ?? "" }
}

/// Why a table could not be scored.
public enum DetectionError: Error, CustomStringConvertible, Equatable {
  case shape(String)
  /// A model that was trained on other columns: those it has that the table lacks, and the other
  /// way round. A column of another side or resolution is both; only in another order, neither.
  case otherColumns(missing: [String], unknown: [String])
  /// A model file that does not hold what it should.
  case badModel(String)

  public var description: String {
    switch self {
    case .shape(let text): "the table's parts do not fit together: \(text)"
    case .otherColumns(let missing, let unknown) where missing.isEmpty && unknown.isEmpty:
      "the model was trained on the same features in another order"
    case .otherColumns(let missing, let unknown):
      "the model was trained on other features: it lacks [\(unknown.joined(separator: ", "))] "
        + "and expects [\(missing.joined(separator: ", "))]"
    case .badModel(let text): "the model cannot be used: \(text)"
    }
  }
}
