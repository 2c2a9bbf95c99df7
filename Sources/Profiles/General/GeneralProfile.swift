import Contributions

/// A field of one kind of record, written `kind.field`.
public struct FieldPath: Sendable, Hashable, CustomStringConvertible {
  public let kind: String
  public let name: String

  public init(kind: String, name: String) {
    self.kind = kind
    self.name = name
  }

  public var description: String { "\(kind).\(name)" }
}

/// A profile by declaration: a schema, and what the general battery cannot know of it.
public struct GeneralProfile: Sendable {
  public var schema: ProfileSchema
  public var unit = Unit()
  public var minimumRecords = 12
  /// Categories by which nodes are compared, the widest first: peers agree in all of them, then in
  /// all but the last, and so on.
  public var groups: [FieldPath] = []
  public var rules: [GeneralRule] = []
  /// Numbers whose course over time is new at every node and on every day.
  public var series: [SeriesSpec] = []
  /// Strings that name something handed in once only.
  public var tokens: [FieldPath] = []

  public init(schema: ProfileSchema) {
    self.schema = schema
  }

  /// What counts toward reward.
  public struct Unit: Sendable {
    public var name: String
    /// The number that is summed; `nil` counts records.
    public var field: FieldPath?
    public var scale: Double

    public init(name: String = "records", field: FieldPath? = nil, scale: Double = 1) {
      self.name = name
      self.field = field
      self.scale = scale
    }
  }

  /// A number followed over time.
  public struct SeriesSpec: Sendable {
    public var field: FieldPath
    /// ms per step.
    public var step: Int64

    public init(field: FieldPath, step: Int64) {
      self.field = field
      self.step = step
    }

    func series(of records: NodeRecords) -> NodeSeries? {
      let table = records[kind: field.kind]
      return NodeSeries(
        channel: "\(field)", step: step, times: table.timestamps,
        values: table.numbers(field.name))
    }
  }

  func groups(of records: NodeRecords) -> [String] {
    var groups: [String] = []
    var path: [String] = []
    for field in categories(of: records) {
      path.append(field)
      groups.insert(path.joined(separator: "/"), at: 0)
    }
    return groups
  }

  /// `name:value` of each category in order, up to the first that was not reported.
  private func categories(of records: NodeRecords) -> [String] {
    var values: [String] = []
    for field in groups {
      guard let value = records[kind: field.kind].lastText(field.name) else { break }
      values.append("\(field.name):\(value)")
    }
    return values
  }

  func units(of records: NodeRecords) -> Double {
    guard let field = unit.field else { return Double(records.count) * unit.scale }
    let values = records[kind: field.kind].numbers(field.name).filter { !$0.isNaN }
    return values.reduce(0, +) * unit.scale
  }
}
