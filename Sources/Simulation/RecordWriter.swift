import Foundation

/// Writes contribution records as NDJSON into a buffer, without a JSON tree in between.
public struct RecordWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  /// Records written so far.
  public private(set) var count = 0
  private var head: [UInt8] = []

  public init() {}

  /// All records that follow are this node's.
  public mutating func begin(node: String) {
    head = Array(",\"node\":".utf8)
    Self.append(node, to: &head)
  }

  /// One record of `kind` at `time`, ms since 1970-01-01 UTC; `fields` adds what it holds.
  public mutating func record(
    _ kind: StaticString, at time: Int64, _ fields: (inout RecordWriter) -> Void
  ) {
    bytes.append(contentsOf: Self.opening)
    integer(time)
    bytes.append(contentsOf: head)
    bytes.append(contentsOf: Self.kindKey)
    append(kind)
    bytes.append(UInt8(ascii: "\""))
    fields(&self)
    bytes.append(contentsOf: Self.closing)
    count += 1
  }

  /// A number rounded to `digits` decimals (0–9); NaN writes nothing: not reported.
  public mutating func number(_ key: StaticString, _ value: Double, digits: Int) {
    guard value.isFinite else { return }
    self.key(key)
    let scale = Self.powers[min(max(digits, 0), 9)]
    let scaled = (value.magnitude * scale).rounded()
    guard scaled < 9e15 else {
      bytes.append(contentsOf: Array("\(value)".utf8))
      return
    }
    let whole = UInt64(scaled)
    if value < 0, whole > 0 { bytes.append(UInt8(ascii: "-")) }
    let divisor = UInt64(scale)
    integer(Int64(whole / divisor))
    guard divisor > 1 else { return }
    bytes.append(UInt8(ascii: "."))
    var place = divisor / 10
    let fraction = whole % divisor
    while place > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(fraction / place % 10))
      place /= 10
    }
  }

  public mutating func integer(_ key: StaticString, _ value: Int) {
    self.key(key)
    integer(Int64(value))
  }

  public mutating func text(_ key: StaticString, _ value: String) {
    self.key(key)
    Self.append(value, to: &bytes)
  }

  public mutating func flag(_ key: StaticString, _ value: Bool) {
    self.key(key)
    append(value ? "true" : "false")
  }

  /// Empties the buffer, keeping its memory and the count of records.
  public mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
  }

  private static let opening = Array("{\"ts\":".utf8)
  private static let kindKey = Array(",\"kind\":\"".utf8)
  private static let closing = Array("}\n".utf8)
  private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

  private mutating func key(_ key: StaticString) {
    bytes.append(UInt8(ascii: ","))
    bytes.append(UInt8(ascii: "\""))
    append(key)
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  private mutating func integer(_ value: Int64) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20: bytes.append(contentsOf: Array(String(format: "\\u%04x", byte).utf8))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
