/// The struct types of typed data, checked, and the hashing that they define.
struct TypedDataSchema {
  private struct Member {
    let name: String
    /// The type as it is written, for ``encodeType(_:at:)`` and errors.
    let text: String
    let type: TypedDataType
  }

  private let structures: [String: [Member]]
  private var typeHashes: [String: Digest32] = [:]

  init(_ types: [String: [TypedData.Member]]) throws(TypedDataError) {
    var structures: [String: [Member]] = [:]
    // In order of names, so that of several faults always the same is reported.
    for (name, members) in types.sorted(by: { $0.key < $1.key }) {
      guard TypedDataType.isName(name) else { throw .notAName(name) }
      var parsed: [Member] = []
      for member in members {
        let place = "\(name).\(member.name)"
        guard TypedDataType.isName(member.name) else { throw .notAName(member.name) }
        guard !parsed.contains(where: { $0.name == member.name }) else {
          throw .duplicateMember(member.name, ofType: name)
        }
        guard let type = TypedDataType(member.type, structures: types.keys) else {
          throw .unknownType(member.type, at: place)
        }
        parsed.append(Member(name: member.name, text: member.type, type: type))
      }
      structures[name] = parsed
    }
    self.structures = structures
  }

  /// The declared type and text of each member of a struct type, in order.
  func members(
    of name: String, at place: String
  ) throws(TypedDataError) -> [(name: String, type: TypedDataType, text: String)] {
    guard let members = structures[name] else { throw .unknownType(name, at: place) }
    return members.map { ($0.name, $0.type, $0.text) }
  }

  func encodeType(_ name: String, at place: String) throws(TypedDataError) -> String {
    guard structures[name] != nil else { throw .unknownType(name, at: place) }
    var found: Set<String> = []
    var waiting = [name]
    while let next = waiting.popLast() {
      guard found.insert(next).inserted else { continue }
      waiting += (structures[next] ?? []).compactMap(\.type.structureName)
    }
    found.remove(name)
    let ordered = [name] + found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return ordered.map { name in
      let members = (structures[name] ?? []).map { "\($0.text) \($0.name)" }
      return "\(name)(\(members.joined(separator: ",")))"
    }.joined()
  }

  /// keccak256(typeHash ‖ words of the members), where typeHash = keccak256(encodeType).
  mutating func hash(
    _ value: TypedValue, of name: String, at place: String
  ) throws(TypedDataError) -> Digest32 {
    guard case .structure(let values) = value else { throw .notA(name, at: place) }
    var encoded = try typeHash(name, at: place).bytes
    let members = try members(of: name, at: place)
    for member in members {
      let inner = "\(place).\(member.name)"
      guard let value = values[member.name] else { throw .missing(inner) }
      encoded += try word(value, of: member.type, named: member.text, at: inner).bytes
    }
    guard values.count == members.count else {
      let known = Set(members.map(\.name))
      let other = values.keys.filter { !known.contains($0) }.min() ?? ""
      throw .unexpected("\(place).\(other)")
    }
    return Keccak256.hash(encoded)
  }

  private mutating func typeHash(
    _ name: String, at place: String
  ) throws(TypedDataError) -> Digest32 {
    if let known = typeHashes[name] { return known }
    let hash = Keccak256.hash(try encodeType(name, at: place).utf8)
    typeHashes[name] = hash
    return hash
  }

  /// The 32 bytes that stand for a value in the encoding of its struct.
  private mutating func word(
    _ value: TypedValue, of type: TypedDataType, named text: String, at place: String
  ) throws(TypedDataError) -> Digest32 {
    switch (type, value) {
    case (.bool, .bool(let flag)):
      return UInt256(flag ? 1 : 0).word
    case (.address, .address(let address)):
      return address.word
    case (.string, .string(let text)):
      return Keccak256.hash(text.utf8)
    case (.bytes, .bytes(let bytes)):
      return Keccak256.hash(bytes)
    case (.fixedBytes(let count), .bytes(let bytes)) where bytes.count == count:
      let padded = bytes + [UInt8](repeating: 0, count: 32 - count)
      return (try? Digest32(bytes: padded)) ?? .zero
    case (.unsigned(let bits), .unsigned(let number)) where number.bitWidth <= bits:
      return number.word
    case (.signed(let bits), .signed(let number)) where number.bitWidth <= bits:
      return number.bits.word
    case (.structure(let name), .structure):
      return try hash(value, of: name, at: place)
    case (.array(let element, let count), .array(let values))
    where count == nil || count == values.count:
      // The array's own brackets are dropped from the text of its elements.
      let inner = text.lastIndex(of: "[").map { String(text[..<$0]) } ?? text
      var encoded: [UInt8] = []
      for (index, value) in values.enumerated() {
        encoded += try word(value, of: element, named: inner, at: "\(place)[\(index)]").bytes
      }
      return Keccak256.hash(encoded)
    default:
      throw .notA(text, at: place)
    }
  }
}
