/// One kind of record: its name and its fields in canonical order.
public struct KindSchema: Sendable, Equatable {
  public let name: String
  /// What the log calls this kind; its name unless a profile maps it.
  public let label: String
  /// Fields in ascending byte order of their names: the canonical order.
  public let fields: [FieldSchema]
  /// What such a record says, for people.
  public let text: String

  /// - Parameter fields: at most 64, in any order.
  public init(_ name: String, _ text: String, fields: [FieldSchema], label: String? = nil) {
    self.name = name
    self.label = label ?? name
    self.text = text
    self.fields = fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The canonical index of the field `name`, or `nil` when the kind has no such field.
  public func index(of name: String) -> Int? {
    fields.firstIndex { $0.name == name }
  }
}

/// The names of the columns that every record has.
public struct HeadColumns: Sendable, Equatable {
  public var timestamp = "ts"
  /// ms per unit of a timestamp given as a number: 1, or 1000 for seconds.
  public var timestampScale: Int64 = 1
  public var node = "node"
  /// `nil` where a log has one kind only and does not name it.
  public var kind: String? = "kind"

  public init() {}
}

/// The record kinds of one network profile: what the reader, the validator, `assay schema` and the
/// documentation share.
public struct ProfileSchema: Sendable, Equatable {
  public let name: String
  public let text: String
  public let kinds: [KindSchema]
  /// Where a record says when it came, whose it is and what kind it is.
  public let head: HeadColumns

  public init(
    _ name: String, _ text: String, kinds: [KindSchema], head: HeadColumns = HeadColumns()
  ) {
    self.name = name
    self.text = text
    self.kinds = kinds
    self.head = head
  }

  /// The same kinds in the log format's own names, whatever a profile maps them from.
  public var unmapped: ProfileSchema {
    ProfileSchema(
      name, text,
      kinds: kinds.map { kind in
        KindSchema(
          kind.name, kind.text,
          fields: kind.fields.map {
            FieldSchema(
              $0.name, $0.type, unit: $0.unit, range: $0.range, role: $0.role, text: $0.text)
          })
      })
  }

  /// The index of the kind `name`, or `nil` when the profile has no such kind.
  public func index(ofKind name: String) -> Int? {
    kinds.firstIndex { $0.name == name }
  }

  /// Every profile that comes with Assay, in the order people meet them.
  public static let builtIn: [ProfileSchema] = [
    .wireless, .compute, .storage, .mobility, .environment,
  ]

  /// The built-in profile called `name`, or `nil`.
  public static func named(_ name: String) -> ProfileSchema? {
    builtIn.first { $0.name == name }
  }
}
