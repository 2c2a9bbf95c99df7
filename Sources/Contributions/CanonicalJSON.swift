/// A JSON value whose only bytes are those of RFC 8785 (JCS): keys sorted, no white space, integers
/// only.
///
/// Floating-point numbers have no case on purpose: their decimal text is where implementations
/// part. Integers are written held within ±(2⁵³−1), which every JSON reader keeps exactly.
public enum CanonicalJSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  case string(String)
  case array([CanonicalJSON])
  case object([String: CanonicalJSON])

  /// The largest magnitude an integer may have: 2⁵³ − 1.
  public static let largestInteger: Int64 = 9_007_199_254_740_991

  /// An integer, held within ±(2⁵³−1).
  public static func clamped(_ value: Int64) -> CanonicalJSON {
    .integer(held(value))
  }

  private static func held(_ value: Int64) -> Int64 {
    min(max(value, -largestInteger), largestInteger)
  }

  /// The canonical UTF-8 bytes.
  public var bytes: [UInt8] {
    var output: [UInt8] = []
    append(to: &output)
    return output
  }

  /// The canonical text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Appends the canonical UTF-8 bytes to `output`.
  public func append(to output: inout [UInt8]) {
    switch self {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let flag): output.append(contentsOf: (flag ? "true" : "false").utf8)
    case .integer(let value): output.append(contentsOf: String(Self.held(value)).utf8)
    case .string(let text): Self.append(text, to: &output)
    case .array(let elements): append(elements, to: &output)
    case .object(let members): append(members, to: &output)
    }
  }

  private func append(_ elements: [CanonicalJSON], to output: inout [UInt8]) {
    output.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      element.append(to: &output)
    }
    output.append(UInt8(ascii: "]"))
  }

  private func append(_ members: [String: CanonicalJSON], to output: inout [UInt8]) {
    output.append(UInt8(ascii: "{"))
    // RFC 8785 orders keys by UTF-16 code units, which for ASCII is the order of the bytes.
    let isPlain = members.keys.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
    let sorted = members.sorted { left, right in
      isPlain ? left.key < right.key : left.key.utf16.lexicographicallyPrecedes(right.key.utf16)
    }
    for (index, member) in sorted.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      Self.append(member.key, to: &output)
      output.append(UInt8(ascii: ":"))
      member.value.append(to: &output)
    }
    output.append(UInt8(ascii: "}"))
  }

  private static func append(_ text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    defer { output.append(UInt8(ascii: "\"")) }
    let isPlain = text.utf8.allSatisfy {
      $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    if isPlain { return output.append(contentsOf: text.utf8) }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        output.append(UInt8(ascii: "\\"))
        output.append(byte)
      case 0x08: output.append(contentsOf: "\\b".utf8)
      case 0x09: output.append(contentsOf: "\\t".utf8)
      case 0x0A: output.append(contentsOf: "\\n".utf8)
      case 0x0C: output.append(contentsOf: "\\f".utf8)
      case 0x0D: output.append(contentsOf: "\\r".utf8)
      case 0..<0x20:
        output.append(contentsOf: "\\u00".utf8)
        output.append(hexDigits[Int(byte >> 4)])
        output.append(hexDigits[Int(byte & 15)])
      default: output.append(byte)
      }
    }
  }

  private static let hexDigits = Array("0123456789abcdef".utf8)
}

extension CanonicalJSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .clamped(value) }
  public init(arrayLiteral elements: CanonicalJSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, CanonicalJSON)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}
