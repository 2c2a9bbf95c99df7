import CSimdjson

/// One field of comma separated text, found but not yet read.
struct CSVField {
  /// Its text: without the quotes around it, or the carriage return of its line's end.
  var text: UnsafeRawBufferPointer
  var isQuoted = false
  /// Where the next field or row begins.
  var next: Int
  /// Whether it ends its row.
  var isLast: Bool

  /// Finds the field that begins at `start`, which may be the end of the text.
  ///
  /// - Throws: `TableFault` for a quote that does not close or does not end its field.
  init(in text: UnsafeRawBufferPointer, at start: Int) throws(TableFault) {
    guard start < text.count, text[start] == Self.quote else {
      var end = start
      while end < text.count, !text[end].endsField { end += 1 }
      isLast = end == text.count || text[end] != UInt8(ascii: ",")
      next = min(end + 1, text.count)
      if isLast, end > start, text[end - 1] == Self.carriageReturn { end -= 1 }
      self.text = UnsafeRawBufferPointer(rebasing: text[start..<end])
      return
    }
    var close = start + 1
    while true {
      guard close < text.count else { throw TableFault(.openQuote, at: start, in: text) }
      if text[close] != Self.quote {
        close += 1
      } else if close + 1 < text.count, text[close + 1] == Self.quote {
        close += 2
      } else {
        break
      }
    }
    self.text = UnsafeRawBufferPointer(rebasing: text[(start + 1)..<close])
    isQuoted = true
    var end = close + 1
    if end < text.count, text[end] == Self.carriageReturn,
      end + 1 == text.count || text[end + 1] == UInt8(ascii: "\n")
    {
      end += 1
    }
    guard end == text.count || text[end].endsField else {
      throw TableFault(.badQuote, at: start, in: text)
    }
    isLast = end == text.count || text[end] != UInt8(ascii: ",")
    next = min(end + 1, text.count)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// The text without the spaces around it, doubled quotes once: what it says, if it is no number.
  var unquoted: [UInt8] {
    var bytes: [UInt8] = []
    var isSecondQuote = false
    for byte in text.trimmed {
      isSecondQuote = isQuoted && byte == Self.quote && !isSecondQuote && bytes.last == Self.quote
      if !isSecondQuote { bytes.append(byte) }
    }
    return bytes
  }

  /// What the field holds.
  var value: CSVValue { CSVValue(text.trimmed) }
}

/// What a field of comma separated text holds.
enum CSVValue: Equatable {
  case number(Double)
  case missing
  case infinite
  case text

  private static let longestWord = 9

  /// - Parameter text: a field without the spaces around it.
  init(_ text: UnsafeRawBufferPointer) {
    guard let base = text.baseAddress, !text.isEmpty else {
      self = .missing
      return
    }
    var number = 0.0
    let start = base.assumingMemoryBound(to: UInt8.self)
    if assay_number_read(start, text.count, &number) == text.count {
      self = number.isFinite ? .number(number) : .infinite
      return
    }
    guard text.count <= Self.longestWord else {
      self = .text
      return
    }
    switch String(decoding: text, as: UTF8.self).lowercased() {
    case "nan", "na", "n/a", "null", "?": self = .missing
    case "true": self = .number(1)
    case "false": self = .number(0)
    case "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity": self = .infinite
    default: self = .text
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Without the spaces and tabs at both ends.
  fileprivate var trimmed: UnsafeRawBufferPointer {
    var range = startIndex..<endIndex
    while let first = range.first, self[first].isSpace { range.removeFirst() }
    while let last = range.last, self[last].isSpace { range.removeLast() }
    return UnsafeRawBufferPointer(rebasing: self[range])
  }
}

extension UInt8 {
  fileprivate var isSpace: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
