/// Counts the records of a batch where they are not to be read yet.
enum LineCount {
  /// Lines of NDJSON that are not blank. It makes nothing of them: a body of line feeds alone would
  /// otherwise take many times its size.
  static func records(in ndjson: [UInt8]) -> Int {
    var count = 0
    var isBlank = true
    for byte in ndjson {
      switch byte {
      case UInt8(ascii: "\n"): isBlank = true
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      default:
        if isBlank { count += 1 }
        isBlank = false
      }
    }
    return count
  }
}
