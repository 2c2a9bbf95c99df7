/// A JSON text as it stands: numbers keep their digits, so that integers of 256 bits stay exact.
///
/// Stricter than RFC 8259 where a signature needs it: a member that comes twice is an error, as two
/// readers could each believe another one.
enum JSONText: Equatable {
  case null
  case bool(Bool)
  /// The characters of the number.
  case number(String)
  case string(String)
  case array([JSONText])
  case object([String: JSONText])

  /// Arrays and objects may lie this deep inside each other.
  static let maximumDepth = 64

  /// - Throws: ``JSONTextError``.
  init(parsing bytes: [UInt8]) throws(JSONTextError) {
    var parser = JSONTextParser(bytes: bytes)
    self = try parser.document()
  }
}

/// Why bytes are no ``JSONText``.
public enum JSONTextError: Error, Equatable, CustomStringConvertible {
  /// The number of bytes before the fault.
  case syntax(offset: Int)
  case notUTF8
  case tooDeep
  case duplicateMember(String)

  public var description: String {
    switch self {
    case .syntax(let offset): "the text is not JSON at byte \(offset)"
    case .notUTF8: "the text is not UTF-8"
    case .tooDeep: "arrays and objects lie more than \(JSONText.maximumDepth) deep"
    case .duplicateMember(let name): "member '\(name)' comes twice"
    }
  }
}

private struct JSONTextParser {
  let bytes: [UInt8]
  var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  var fault: JSONTextError { .syntax(offset: index) }

  mutating func document() throws(JSONTextError) -> JSONText {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
    let value = try value(depth: 0)
    guard index == bytes.count else { throw fault }
    return value
  }

  /// One value with the white space around it.
  mutating func value(depth: Int) throws(JSONTextError) -> JSONText {
    guard depth <= JSONText.maximumDepth else { throw .tooDeep }
    skipSpace()
    defer { skipSpace() }
    switch next {
    case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
  }

  /// Goes past `character` if it comes next.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  mutating func word(_ text: String, _ value: JSONText) throws(JSONTextError) -> JSONText {
    guard bytes[index...].starts(with: text.utf8) else { throw fault }
    index += text.utf8.count
    return value
  }

  mutating func members(depth: Int) throws(JSONTextError) -> [String: JSONText] {
    index += 1
    var members: [String: JSONText] = [:]
    skipSpace()
    if take("}") { return members }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw fault }
      let name = try string()
      skipSpace()
      guard take(":") else { throw fault }
      let value = try value(depth: depth)
      guard members.updateValue(value, forKey: name) == nil else { throw .duplicateMember(name) }
    } while take(",")
    guard take("}") else { throw fault }
    return members
  }

  mutating func elements(depth: Int) throws(JSONTextError) -> [JSONText] {
    index += 1
    var elements: [JSONText] = []
    skipSpace()
    if take("]") { return elements }
    repeat { elements.append(try value(depth: depth)) } while take(",")
    guard take("]") else { throw fault }
    return elements
  }

  /// `-` or nothing, digits without leading zeros, then perhaps a fraction and an exponent.
  mutating func number() throws(JSONTextError) -> String {
    let start = index
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  mutating func digits() throws(JSONTextError) {
    let start = index
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
    guard index > start else { throw fault }
  }

  mutating func string() throws(JSONTextError) -> String {
    index += 1
    var text: [UInt8] = []
    while let byte = next, byte >= 0x20 {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text.append(contentsOf: String(Character(try escape())).utf8)
      default: text.append(byte)
      }
    }
    throw fault
  }

  /// The character of an escape sequence, the backslash of which is passed.
  mutating func escape() throws(JSONTextError) -> Unicode.Scalar {
    let simple: [UInt8: Unicode.Scalar] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
      UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n",
      UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    if let byte = next, let scalar = simple[byte] {
      index += 1
      return scalar
    }
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard 0xD800..<0xDC00 ~= unit, take("\\") else { throw fault }
    let low = try codeUnit()
    guard 0xDC00..<0xE000 ~= low,
      let scalar = Unicode.Scalar(0x1_0000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    else { throw fault }
    return scalar
  }

  /// `u` and four hexadecimal digits.
  mutating func codeUnit() throws(JSONTextError) -> UInt32 {
    let digits = bytes[index...].dropFirst().prefix(4)
    let text = String(decoding: digits, as: UTF8.self)
    guard next == UInt8(ascii: "u"), digits.count == 4, digits.allSatisfy({ $0 != 0x2B }),
      let unit = UInt32(text, radix: 16)
    else { throw fault }
    index += 5
    return unit
  }
}
