/// The type of a member of typed data, read from its text.
///
/// Source: EIP-712, "Definition of typed structured data".
indirect enum TypedDataType: Hashable {
  case bool
  case address
  case string
  case bytes
  /// `bytes1` to `bytes32`.
  case fixedBytes(Int)
  /// `uint8` to `uint256`, in bits.
  case unsigned(Int)
  /// `int8` to `int256`, in bits.
  case signed(Int)
  case structure(String)
  /// `T[]`, or `T[n]` with a count.
  case array(TypedDataType, count: Int?)

  /// The deepest array of arrays: enough for any contract, and no danger to the stack.
  private static let maximumArrayDepth = 16

  /// The type with this text, where `structures` are the names declared; nil if it is none.
  ///
  /// `uint` and `int` without a width are refused: EIP-712 knows no aliases.
  init?(_ text: String, structures: some Collection<String>, depth: Int = 0) {
    if text.hasSuffix("]") {
      guard depth < Self.maximumArrayDepth, let open = text.lastIndex(of: "["),
        let element = TypedDataType(
          String(text[..<open]), structures: structures, depth: depth + 1)
      else { return nil }
      let digits = text[text.index(after: open)...].dropLast()
      let count = Self.number(digits)
      guard digits.isEmpty || count != nil else { return nil }
      self = .array(element, count: count)
    } else if let elementary = Self.elementary(text) {
      self = elementary
    } else if structures.contains(text) {
      self = .structure(text)
    } else {
      return nil
    }
  }

  /// The type without any array: a struct's name, if it has one.
  var structureName: String? {
    switch self {
    case .structure(let name): name
    case .array(let element, _): element.structureName
    default: nil
    }
  }

  /// Whether `text` can name a struct or a member: letters, digits, `_` and `$`, no digit first,
  /// and not an elementary type.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !isDigit(first), elementary(text) == nil else {
      return false
    }
    return text.utf8.allSatisfy { byte in
      isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
  }

  private static func elementary(_ text: String) -> TypedDataType? {
    switch text {
    case "bool": return .bool
    case "address": return .address
    case "string": return .string
    case "bytes": return .bytes
    default: break
    }
    if text.hasPrefix("bytes"), let count = number(text.dropFirst(5)), 1...32 ~= count {
      return .fixedBytes(count)
    }
    let isUnsigned = text.hasPrefix("uint")
    guard isUnsigned || text.hasPrefix("int"),
      let bits = number(text.dropFirst(isUnsigned ? 4 : 3)),
      8...256 ~= bits, bits.isMultiple(of: 8)
    else { return nil }
    return isUnsigned ? .unsigned(bits) : .signed(bits)
  }

  /// A decimal number without leading zeros or sign, below 10⁶.
  private static func number(_ digits: Substring) -> Int? {
    guard 1...6 ~= digits.utf8.count, digits.utf8.allSatisfy(isDigit), digits.first != "0"
    else { return nil }
    return Int(digits)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
