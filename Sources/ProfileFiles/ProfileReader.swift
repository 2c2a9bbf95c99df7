import Contributions
import Profiles
import Yams

/// Reads the parts of a profile file in order, collecting mistakes on the way.
struct ProfileReader {
  let mistakes: MistakeList

  func profile(_ root: Node) -> GeneralProfile? {
    let map = YAMLMap(root, mistakes, what: "a profile")
    map.require("profile", "the network's name, such as windnet")
    map.require("kinds", "the kinds of records and their fields")
    let name = map.string("profile") ?? ""
    checkName(name, map)
    let kinds = kinds(map)
    let head = head(map)
    checkColumns(kinds, head, map)
    let schema = ProfileSchema(name, map.string("text") ?? name, kinds: kinds, head: head)
    var profile = GeneralProfile(schema: schema)
    if let records = map.integer("minimum_records", in: 1...1_000_000) {
      profile.minimumRecords = records
    }
    profile.unit = unit(map, kinds)
    profile.groups = map.words("groups").compactMap { path($0.text, $0.node, kinds, .string) }
    profile.tokens = map.words("once_only").compactMap { path($0.text, $0.node, kinds, .string) }
    profile.series = series(map, kinds)
    profile.rules = RuleReader(mistakes: mistakes, kinds: kinds).rules(map)
    map.finish()
    return profile
  }

  private func checkName(_ name: String, _ map: YAMLMap) {
    let isGood =
      !name.isEmpty
      && name.utf8.allSatisfy {
        (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
      }
    if !isGood {
      mistakes.add(
        map.value("profile") ?? map.node, "profile is lower-case letters, digits and hyphens")
    } else if ProfileSchema.named(name) != nil {
      mistakes.add(map.value("profile") ?? map.node, "\(name) is a built-in profile")
    }
  }

  // MARK: - Columns

  private func head(_ map: YAMLMap) -> HeadColumns {
    var head = HeadColumns()
    guard let node = map.value("columns") else { return head }
    let columns = YAMLMap(node, mistakes, what: "columns")
    head.timestamp = columns.string("ts") ?? head.timestamp
    head.node = columns.string("node") ?? head.node
    if let kind = columns.string("kind") { head.kind = kind == "none" ? nil : kind }
    head.timestampScale = columns.choice("ts_unit", [("ms", 1), ("s", 1000)]) ?? 1
    columns.finish()
    return head
  }

  private func kinds(_ map: YAMLMap) -> [KindSchema] {
    guard let node = map.value("kinds") else { return [] }
    let kinds = YAMLMap(node, mistakes, what: "kinds")
    if kinds.all.count > 64 { mistakes.add(node, "at most 64 kinds") }
    return kinds.all.map { kind($0.key, $0.value) }
  }

  private func kind(_ name: String, _ node: Node) -> KindSchema {
    let map = YAMLMap(node, mistakes, what: "the kind \(name)")
    var fields: [FieldSchema] = []
    map.require("fields", "the kind's fields")
    if let node = map.value("fields") {
      let listed = YAMLMap(node, mistakes, what: "fields")
      if listed.all.count > 64 { mistakes.add(node, "at most 64 fields a kind") }
      fields = listed.all.compactMap { field($0.key, $0.value) }
    }
    let schema = KindSchema(
      name, map.string("text") ?? name, fields: fields, label: map.string("label"))
    map.finish()
    return schema
  }

  private static let types: [(String, FieldType)] = [
    ("number", .number), ("integer", .integer), ("string", .string), ("boolean", .boolean),
  ]
  private static let roles: [(String, FieldRole)] = [
    ("value", .value), ("identity", .identity), ("payload", .payload), ("peer", .peer),
    ("category", .category), ("position", .position),
  ]

  private func field(_ name: String, _ node: Node) -> FieldSchema? {
    let map = YAMLMap(node, mistakes, what: "the field \(name)")
    map.require("type", "number, integer, string or boolean")
    let type = map.choice("type", Self.types)
    let role = map.choice("role", Self.roles) ?? .value
    let range = map.range("range")
    let isNumber = type == .number || type == .integer
    if let type, range != nil, !isNumber {
      mistakes.add(node, "a \(type.rawValue) has no range")
    }
    let namesThings = role == .identity || role == .payload || role == .peer || role == .category
    if let type, namesThings, type != .string {
      mistakes.add(node, "a field with the role \(role.rawValue) is a string")
    }
    if role == .position, type != nil, !isNumber {
      mistakes.add(node, "a position is a number of degrees")
    }
    let schema = type.map {
      FieldSchema(
        name, $0, unit: map.string("unit") ?? "",
        range: range.map { HardRange($0.low, $0.high) }, role: role, column: map.string("column"),
        text: map.string("text") ?? name)
    }
    map.finish()
    return schema
  }

  private func checkColumns(_ kinds: [KindSchema], _ head: HeadColumns, _ map: YAMLMap) {
    let reserved = [head.timestamp, head.node] + (head.kind.map { [$0] } ?? [])
    for kind in kinds {
      let columns = kind.fields.map(\.column)
      if let taken = columns.first(where: { reserved.contains($0) }) {
        mistakes.add(
          map.value("kinds") ?? map.node,
          "the column \(taken) of \(kind.name) is that of the time, node or kind")
      }
      if Set(columns).count < columns.count {
        mistakes.add(map.value("kinds") ?? map.node, "two fields of \(kind.name) share a column")
      }
    }
    if head.kind == nil, kinds.count > 1 {
      mistakes.add(
        map.value("columns") ?? map.node, "a log without a kind column has one kind only")
    }
    if Set(kinds.map(\.label)).count < kinds.count {
      mistakes.add(map.value("kinds") ?? map.node, "two kinds share a label")
    }
  }

  // MARK: - What is made of them

  private func unit(_ map: YAMLMap, _ kinds: [KindSchema]) -> GeneralProfile.Unit {
    var unit = GeneralProfile.Unit()
    guard let node = map.value("unit") else { return unit }
    let parts = YAMLMap(node, mistakes, what: "unit")
    unit.name = parts.string("name") ?? unit.name
    unit.scale = parts.number("scale") ?? 1
    if unit.scale <= 0 { mistakes.add(node, "scale is above zero") }
    if let text = parts.string("sum"), let at = parts.value("sum") {
      unit.field = path(text, at, kinds, .number)
    }
    parts.finish()
    return unit
  }

  private func series(_ map: YAMLMap, _ kinds: [KindSchema]) -> [GeneralProfile.SeriesSpec] {
    guard let node = map.value("series") else { return [] }
    guard let items = node.sequence else {
      mistakes.add(node, "series has to be a list")
      return []
    }
    if items.count > 3 { mistakes.add(node, "at most three series are compared") }
    return items.compactMap { item in
      let parts = YAMLMap(item, mistakes, what: "a series")
      parts.require("field", "the number that is followed, kind.field")
      let seconds = parts.integer("step_s", in: 1...86_400) ?? 300
      var found: GeneralProfile.SeriesSpec?
      if let text = parts.string("field"), let at = parts.value("field"),
        let field = path(text, at, kinds, .number)
      {
        found = GeneralProfile.SeriesSpec(field: field, step: Int64(seconds) * 1000)
      }
      parts.finish()
      return found
    }
  }

  private func path(
    _ text: String, _ node: Node, _ kinds: [KindSchema], _ type: FieldType
  ) -> FieldPath? {
    FieldPath.find(text, node, kinds, type, mistakes)
  }
}

extension FieldPath {
  /// The field that `kind.field` names, or `nil` and a mistake.
  static func find(
    _ text: String, _ node: Node, _ kinds: [KindSchema], _ type: FieldType,
    _ mistakes: MistakeList
  ) -> FieldPath? {
    let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, let kind = kinds.first(where: { $0.name == parts[0] }),
      let field = kind.fields.first(where: { $0.name == parts[1] })
    else {
      mistakes.add(node, "there is no field \(text); fields are written kind.field")
      return nil
    }
    let isNumber = field.type == .number || field.type == .integer
    guard type == .string ? field.type == .string : isNumber else {
      mistakes.add(node, "\(text) has to be a \(type.rawValue)")
      return nil
    }
    return FieldPath(kind: parts[0], name: parts[1])
  }
}
