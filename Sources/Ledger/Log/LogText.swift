import Foundation

/// The parts that texts of a log are made of, each with one spelling only, so that what was read
/// can be written again byte for byte.
enum LogText {
  static let lineFeed = UInt8(ascii: "\n")

  static func base64(_ bytes: some Sequence<UInt8>) -> String {
    Data(bytes).base64EncodedString()
  }

  /// The bytes of standard base64 with padding; nil for another alphabet, white space, missing
  /// padding, or bits left over that are not zero.
  static func bytes(base64 text: some StringProtocol) -> [UInt8]? {
    guard let data = Data(base64Encoded: String(text)),
      data.base64EncodedString().utf8.elementsEqual(text.utf8)
    else { return nil }
    return Array(data)
  }

  /// The digest in standard base64; nil for anything but 32 bytes.
  static func digest(base64 text: some StringProtocol) -> Digest32? {
    bytes(base64: text).flatMap { try? Digest32(bytes: $0) }
  }

  /// A decimal without sign or leading zeros, at most 2⁶³ − 1.
  static func number(_ text: some StringProtocol) -> Int? {
    guard let value = Int(text), String(value).utf8.elementsEqual(text.utf8), value >= 0 else {
      return nil
    }
    return value
  }

  /// Whether a key may have this name: not empty, no white space of Unicode, no plus, no control
  /// characters.
  static func isKeyName(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy {
        $0.value >= 0x20 && $0 != "+" && !$0.properties.isWhitespace
      }
  }

  /// The lines of bytes that end in a line feed, without it; nil when the last one does not end.
  static func lines(_ bytes: some Collection<UInt8>) -> [String]? {
    var lines = bytes.split(separator: lineFeed, omittingEmptySubsequences: false)
    guard let last = lines.popLast(), last.isEmpty else { return nil }
    return lines.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether there are no control characters but line feeds.
  static func isPlain(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.allSatisfy { $0 >= 0x20 || $0 == lineFeed }
  }

  /// At most `most` parts, the last one with the rest; parted by bytes, as a separator may be part
  /// of a larger character.
  static func split(_ text: String, at separator: Unicode.Scalar, most: Int) -> [String] {
    text.utf8.split(
      separator: UInt8(ascii: separator), maxSplits: most - 1, omittingEmptySubsequences: false
    ).map { String(decoding: $0, as: UTF8.self) }
  }
}
