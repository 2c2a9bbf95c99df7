import Glibc

/// Where the rows of comma separated text end (RFC 4180).
///
/// A quote opens a field only where the field begins. Elsewhere it is a byte like any other: the
/// parser will refuse it unless it stands in a column that is ignored.
enum TableRows {
  /// Finds the end of the last row in text that begins with a row: the place behind the last
  /// newline outside quotes, 0 if there is none, and the quote that is still open at the end.
  static func lastEnd(_ text: UnsafeRawBufferPointer) -> (end: Int, openQuote: Int?) {
    var end = 0
    // No quoted field reaches over this place.
    var outside = 0
    var place = 0
    while let quote = next(UInt8(ascii: "\""), in: text, from: place) {
      place = quote + 1
      guard quote == 0 || text[quote - 1].endsField else { continue }
      end = lastEnd(in: text, outside..<quote) ?? end
      guard let close = closingQuote(in: text, from: place) else { return (end, quote) }
      place = close + 1
      outside = place
    }
    return (lastEnd(in: text, outside..<text.count) ?? end, nil)
  }

  /// The quote that closes the field whose contents begin at `start`: the first not doubled. At the
  /// end of the text that is not known yet.
  private static func closingQuote(in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var place = start
    while let quote = next(UInt8(ascii: "\""), in: text, from: place), quote + 1 < text.count {
      guard text[quote + 1] == UInt8(ascii: "\"") else { return quote }
      place = quote + 2
    }
    return nil
  }

  private static func lastEnd(in text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
    UnsafeRawBufferPointer(rebasing: text[range]).lastNewline.map { range.lowerBound + $0 + 1 }
  }

  private static func next(
    _ byte: UInt8, in text: UnsafeRawBufferPointer, from start: Int
  ) -> Int? {
    guard let base = text.baseAddress, start < text.count else { return nil }
    return memchr(base + start, Int32(byte), text.count - start).map { UnsafeRawPointer($0) - base }
  }

  /// `end` moved back over the blank lines before it. A line in quotes is safe: the row that it
  /// belongs to ends in a line with a quote.
  static func withoutBlankLines(_ text: UnsafeRawBufferPointer, _ end: Int) -> Int {
    var place = end
    while place > 0 {
      // The newline that ends the line, then its bytes.
      if text[place - 1] == UInt8(ascii: "\n") || text[place - 1].isBlank {
        place -= 1
        continue
      }
      let line = UnsafeRawBufferPointer(rebasing: text[place..<end]).firstNewline
      return line.map { place + $0 + 1 } ?? end
    }
    return 0
  }

  /// The newlines in a text: vectorised by the compiler.
  static func newlines(in text: UnsafeRawBufferPointer) -> Int {
    var count = 0
    for byte in text { count &+= byte == UInt8(ascii: "\n") ? 1 : 0 }
    return count
  }
}

extension UInt8 {
  /// White space within a line.
  var isBlank: Bool {
    self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == UInt8(ascii: "\r")
  }

  var endsField: Bool { self == UInt8(ascii: ",") || self == UInt8(ascii: "\n") }
}
