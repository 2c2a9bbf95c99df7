import Contributions

extension TypedData {
  /// Reads the JSON form that wallets take (`eth_signTypedData_v4`): `types`, `primaryType`,
  /// `domain` and `message`, and nothing else.
  ///
  /// Integers may be numbers or decimal text, binary values are text of `0x` and an even number of
  /// hexadecimal digits. `null` stands for no value: EIP-712 does not say how to hash it.
  ///
  /// - Throws: ``TypedDataError``.
  public init(json: [UInt8]) throws(TypedDataError) {
    let tree: JSONText
    do { tree = try JSONText(parsing: json) } catch { throw .notJSON(error) }
    guard case .object(let parts) = tree else { throw .notA("object", at: "the text") }
    let known = ["types", "primaryType", "domain", "message"]
    for name in known where parts[name] == nil { throw .missing(name) }
    if let other = parts.keys.filter({ !known.contains($0) }).min() { throw .unexpected(other) }
    guard case .string(let primaryType) = parts["primaryType"] else {
      throw .notA("string", at: "primaryType")
    }
    var types = try Self.types(parts["types"] ?? .null)
    if types[Self.domainType] == nil, case .object(let domain) = parts["domain"] {
      types[Self.domainType] = Self.standardDomain.filter { domain[$0.name] != nil }
    }
    let reader = TypedDataReader(schema: try TypedDataSchema(types))
    try self.init(
      types: types, primaryType: primaryType,
      domain: try reader.members(parts["domain"] ?? .null, of: Self.domainType, at: "domain"),
      message: try reader.members(parts["message"] ?? .null, of: primaryType, at: "message"))
  }

  /// The JSON form, canonical (RFC 8785). Wallets take it as it is.
  public var json: CanonicalJSON {
    .object([
      "types": .object(
        types.mapValues { members in
          .array(
            members.map { .object(["name": .string($0.name), "type": .string($0.type)]) })
        }),
      "primaryType": .string(primaryType),
      "domain": TypedValue.structure(domain).json,
      "message": TypedValue.structure(message).json,
    ])
  }

  private static func types(_ tree: JSONText) throws(TypedDataError) -> [String: [Member]] {
    guard case .object(let structures) = tree else { throw .notA("object", at: "types") }
    var types: [String: [Member]] = [:]
    for (name, tree) in structures {
      let place = "types.\(name)"
      guard case .array(let elements) = tree else { throw .notA("array", at: place) }
      var members: [Member] = []
      for (index, element) in elements.enumerated() {
        guard case .object(let parts) = element, parts.count == 2,
          case .string(let name) = parts["name"], case .string(let type) = parts["type"]
        else { throw .notA("member with name and type", at: "\(place)[\(index)]") }
        members.append(Member(name, type))
      }
      types[name] = members
    }
    return types
  }
}

/// Reads values from JSON by the types declared for them.
private struct TypedDataReader {
  let schema: TypedDataSchema

  func members(
    _ tree: JSONText, of name: String, at place: String
  ) throws(TypedDataError) -> [String: TypedValue] {
    guard case .object(let parts) = tree else { throw .notA(name, at: place) }
    var values: [String: TypedValue] = [:]
    for member in try schema.members(of: name, at: place) {
      let inner = "\(place).\(member.name)"
      guard let part = parts[member.name] else { throw .missing(inner) }
      values[member.name] = try value(part, of: member.type, named: member.text, at: inner)
    }
    if let other = parts.keys.filter({ values[$0] == nil }).min() {
      throw .unexpected("\(place).\(other)")
    }
    return values
  }

  private func value(
    _ tree: JSONText, of type: TypedDataType, named text: String, at place: String
  ) throws(TypedDataError) -> TypedValue {
    switch (type, tree) {
    case (.bool, .bool(let flag)):
      return .bool(flag)
    case (.string, .string(let text)):
      return .string(text)
    case (.address, .string(let digits)):
      if let address = try? EthereumAddress(digits) { return .address(address) }
    case (.bytes, .string(let digits)), (.fixedBytes, .string(let digits)):
      if digits.hasPrefix("0x"), let bytes = Hex.decode(digits.dropFirst(2).lowercased()) {
        return .bytes(bytes)
      }
    case (.unsigned, .string(let digits)), (.unsigned, .number(let digits)):
      if let number = UInt256(decimal: digits) { return .unsigned(number) }
    case (.signed, .string(let digits)), (.signed, .number(let digits)):
      if let number = Int256(decimal: digits) { return .signed(number) }
    case (.structure(let name), _):
      return .structure(try members(tree, of: name, at: place))
    case (.array(let element, _), .array(let trees)):
      let inner = text.lastIndex(of: "[").map { String(text[..<$0]) } ?? text
      var values: [TypedValue] = []
      for (index, tree) in trees.enumerated() {
        values.append(try value(tree, of: element, named: inner, at: "\(place)[\(index)]"))
      }
      return .array(values)
    default:
      break
    }
    throw .notA(text, at: place)
  }
}
