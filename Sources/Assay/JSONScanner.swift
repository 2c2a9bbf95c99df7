/// Reads JSON text (RFC 8259) strictly and finds where values stand.
///
/// It makes nothing of numbers and, unless asked, of strings: records go on to the record reader as
/// the bytes they are.
struct JSONScanner {
  /// Arrays and objects that may stand in each other.
  static let deepest = 256

  private let bytes: [UInt8]
  private let end: Int
  private(set) var position = 0

  /// - Parameter end: where the text ends; bytes behind it are not looked at.
  init(_ bytes: [UInt8], end: Int) {
    self.bytes = bytes
    self.end = end
  }

  /// The byte at the position, 0 at the end: no JSON text has a zero byte.
  private var current: UInt8 { position < end ? bytes[position] : 0 }

  var isAtEnd: Bool { position == end }

  private func notJSON(_ what: String) -> RequestError {
    RequestError(.notJSON, "the request is not JSON: \(what) at byte \(position)")
  }

  mutating func skipSpace() {
    while position < end, JSONByte.isSpace(bytes[position]) { position += 1 }
  }

  /// Whether the next byte that is no white space is `byte`; passes over it if so.
  mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard current == byte else { return false }
    position += 1
    return true
  }

  mutating func expect(_ byte: UInt8) throws(RequestError) {
    guard take(byte) else {
      throw notJSON("\(Character(UnicodeScalar(byte))) was expected")
    }
  }

  /// Passes over one value and returns where it stands.
  mutating func value() throws(RequestError) -> Range<Int> {
    skipSpace()
    let start = position
    try skipValue(depth: 0)
    return start..<position
  }

  private mutating func skipValue(depth: Int) throws(RequestError) {
    skipSpace()
    switch current {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < Self.deepest else {
        throw RequestError(.tooDeep, "values nest more than \(Self.deepest) deep")
      }
      try current == UInt8(ascii: "{") ? skipObject(depth: depth) : skipArray(depth: depth)
    case UInt8(ascii: "\""): try skipString()
    case UInt8(ascii: "t"): try skip("true")
    case UInt8(ascii: "f"): try skip("false")
    case UInt8(ascii: "n"): try skip("null")
    default: try skipNumber()
    }
  }

  private mutating func skipObject(depth: Int) throws(RequestError) {
    position += 1
    if take(UInt8(ascii: "}")) { return }
    repeat {
      skipSpace()
      try skipString()
      try expect(UInt8(ascii: ":"))
      try skipValue(depth: depth + 1)
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
  }

  private mutating func skipArray(depth: Int) throws(RequestError) {
    position += 1
    if take(UInt8(ascii: "]")) { return }
    repeat { try skipValue(depth: depth + 1) } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
  }

  private mutating func skip(_ word: StaticString) throws(RequestError) {
    let count = word.utf8CodeUnitCount
    let matches = word.withUTF8Buffer { letters in
      position + count <= end && bytes[position..<(position + count)].elementsEqual(letters)
    }
    guard matches else { throw notJSON("an unknown word") }
    position += count
  }

  private mutating func skipNumber() throws(RequestError) {
    if current == UInt8(ascii: "-") { position += 1 }
    if current == UInt8(ascii: "0") { position += 1 } else { try skipDigits() }
    if current == UInt8(ascii: ".") {
      position += 1
      try skipDigits()
    }
    guard current | 0x20 == UInt8(ascii: "e") else { return }
    position += 1
    if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
    try skipDigits()
  }

  private mutating func skipDigits() throws(RequestError) {
    let start = position
    while JSONByte.isDigit(current) { position += 1 }
    guard position > start else { throw notJSON("a value or a digit was expected") }
  }

  /// Passes over a string; whether its bytes are UTF-8 is for whoever reads it.
  private mutating func skipString() throws(RequestError) {
    guard current == UInt8(ascii: "\"") else { throw notJSON("a string was expected") }
    position += 1
    while position < end {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return }
      guard byte >= 0x20 else { throw notJSON("a control character in a string") }
      if byte == UInt8(ascii: "\\") { try skipEscape() }
    }
    throw notJSON("a string is not closed")
  }

  private mutating func skipEscape() throws(RequestError) {
    let letter = current
    guard JSONByte.isEscape(letter) else { throw notJSON("a bad escape") }
    position += 1
    guard letter == UInt8(ascii: "u") else { return }
    for _ in 0..<4 {
      guard JSONByte.hexValue(current) != nil else { throw notJSON("a bad escape") }
      position += 1
    }
  }

  /// Reads a string; `nil`, at the same position, for another value.
  ///
  /// - Throws: `RequestError.notJSON` also for bytes that are not UTF-8 and for half a surrogate pair.
  mutating func string() throws(RequestError) -> String? {
    skipSpace()
    guard current == UInt8(ascii: "\"") else { return nil }
    let start = position
    try skipString()
    let inner = bytes[(start + 1)..<(position - 1)]
    let text =
      inner.contains(UInt8(ascii: "\\"))
      ? JSONByte.unescaped(inner) : String(validating: inner, as: UTF8.self)
    guard let text else { throw notJSON("a string is not Unicode") }
    return text
  }

  /// Reads an integer; `nil`, at the same position, for another value, one with a fraction or an
  /// exponent, and one beyond 64 bits.
  mutating func integer() throws(RequestError) -> Int64? {
    skipSpace()
    let start = position
    guard current == UInt8(ascii: "-") || JSONByte.isDigit(current) else { return nil }
    try skipNumber()
    guard let value = Int64(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      position = start
      return nil
    }
    return value
  }

  /// Passes over `null`; `false`, at the same position, for another value.
  mutating func null() throws(RequestError) -> Bool {
    skipSpace()
    guard current == UInt8(ascii: "n") else { return false }
    try skip("null")
    return true
  }
}
