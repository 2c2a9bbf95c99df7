import Foundation

/// The fields of a form or a query, in the order they came; a name may stand more than once.
struct Form: Sendable, Equatable {
  private(set) var fields: [(name: String, value: String)] = []
  /// Files that came with it, by field.
  var files: [String: [UInt8]] = [:]

  /// More fields than any page of the desk sends.
  static let limit = 5_000

  static func == (left: Form, right: Form) -> Bool {
    left.fields.elementsEqual(right.fields, by: ==) && left.files == right.files
  }

  init(_ fields: [(name: String, value: String)] = []) {
    self.fields = fields
  }

  /// Reads `application/x-www-form-urlencoded`.
  ///
  /// - Throws: `Refusal.badInput` for text that is not UTF-8, holds U+0000 or has too many fields.
  init(urlEncoded bytes: some Collection<UInt8>) throws(Refusal) {
    for part in bytes.split(separator: UInt8(ascii: "&")) {
      guard fields.count < Self.limit else { throw .badInput("The form has too many fields.") }
      let pair = part.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      fields.append(
        (try Self.decoded(pair[0]), pair.count > 1 ? try Self.decoded(pair[1]) : ""))
    }
  }

  private static func decoded(_ bytes: some Collection<UInt8>) throws(Refusal) -> String {
    var result: [UInt8] = []
    var iterator = bytes.makeIterator()
    while let byte = iterator.next() {
      if byte == UInt8(ascii: "+") {
        result.append(UInt8(ascii: " "))
      } else if byte == UInt8(ascii: "%") {
        guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit)
        else { throw .badInput("The form has a broken percent sign.") }
        result.append(high << 4 | low)
      } else {
        result.append(byte)
      }
    }
    return try text(result)
  }

  /// UTF-8 without U+0000.
  static func text(_ bytes: [UInt8]) throws(Refusal) -> String {
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      throw .badInput("The form holds text that is not UTF-8.")
    }
    return text
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  mutating func add(_ name: String, _ value: String) {
    fields.append((name, value))
  }

  /// The first value of a field.
  subscript(name: String) -> String? {
    fields.first { $0.name == name }?.value
  }

  func all(_ name: String) -> [String] {
    fields.filter { $0.name == name }.map(\.value)
  }

  /// The value without white space around it; `nil` if nothing is left.
  func text(_ name: String) -> String? {
    guard let value = self[name] else { return nil }
    let trimmed = value.trimmingCharacters(in: .whitespacesAndNewlines)
    return trimmed.isEmpty ? nil : trimmed
  }

  /// The value of a field that has to be there.
  func required(_ name: String, called title: String) throws(Refusal) -> String {
    guard let value = text(name) else { throw .badInput("\(title) is missing.") }
    return value
  }

  /// A whole number that may be missing.
  func number<Number: FixedWidthInteger>(
    _ name: String, called title: String, as type: Number.Type = Number.self
  ) throws(Refusal) -> Number? {
    guard let value = text(name) else { return nil }
    guard let number = Number(value) else { throw .badInput("\(title) is not a whole number.") }
    return number
  }

  /// A whole number that has to be there.
  func requiredNumber<Number: FixedWidthInteger>(
    _ name: String, called title: String, as type: Number.Type = Number.self
  ) throws(Refusal) -> Number {
    guard let number = try number(name, called: title, as: type) else {
      throw .badInput("\(title) is missing.")
    }
    return number
  }
}

/// Text as a part of an address.
enum URLText {
  private static let plain = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

  /// Every byte but unreserved ones as `%XX` (RFC 3986, section 2.3).
  static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      if plain.contains(byte) {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += byte < 16 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }

  /// `?a=b&c=d` of the fields that have a value; empty without any.
  static func query(_ fields: [(String, String?)]) -> String {
    let parts = fields.compactMap { name, value in
      value.flatMap { $0.isEmpty ? nil : "\(encoded(name))=\(encoded($0))" }
    }
    return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
  }
}
