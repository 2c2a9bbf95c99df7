import Foundation

/// Reads tables of numbers.
///
/// Either comma separated text (RFC 4180, lines ending in LF or CRLF, a header unless every field
/// of the first row is a number) or NDJSON, one flat object a line; plain, gzip or Zstandard, which
/// the first bytes tell. The name tells the format: `.csv` or `.ndjson` and `.jsonl`, with `.gz` or
/// `.zst` behind it. With any other name, and from standard input, the table is NDJSON if its first
/// byte that is not blank is `{`.
///
/// - Missing values become NaN: in text an empty field, `NaN`, `NA`, `N/A`, `null` or `?` in any
///   case; in JSON `null` or an absent key.
/// - `true` is 1 and `false` is 0.
/// - Numbers are rounded to the nearest double. Infinities are errors, and so is any other text.
/// - Spaces and tabs around a field, and around a name in the header, do not count.
/// - Blank lines before the first row and behind the last are passed over; in NDJSON all are.
public enum TableReader {
  /// How much text is parsed at a time: enough to make starting a block cheap, and little beside a
  /// table for which speed matters.
  static let blockSize = 2 << 20

  /// Reads the table in a file.
  ///
  /// - Parameters:
  ///   - path: `-` is standard input.
  ///   - ignoring: columns that are passed over whatever they hold, such as identifiers.
  ///   - tasks: threads that parse at a time. The table, or the error, does not depend on it.
  /// - Returns: the columns that are not ignored: in the header's order, or x0, x1, … if there is
  ///   none; in NDJSON every key, in the order in which they first appear.
  /// - Throws: `TableError`, for the first line at which anything is wrong.
  public static func read(
    _ path: String, ignoring: Set<String> = [],
    tasks: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws(TableError) -> NumericTable {
    try read(path, ignoring: ignoring, tasks: tasks, blockSize: blockSize)
  }

  static func read(
    _ path: String, ignoring: Set<String>, tasks: Int, blockSize: Int
  ) throws(TableError) -> NumericTable {
    let file = path == "-" ? LogFile.standardInput : LogFile(name: path, path: path)
    let name = path == "-" ? "standard input" : path
    let stream = try TableStream(file, name: name, blockSize: blockSize)
    let looksLikeJSON = try stream.looksLikeJSON()
    let isJSON = endsAsJSON(path) ?? looksLikeJSON
    if isJSON { stream.endRowsAtEveryNewline() }
    let work = TableWork(stream, file: name)
    if isJSON {
      work.run(tasks: tasks) { JSONTableParser(ignoring: ignoring) }
    } else {
      work.runWithHeader(tasks: tasks, ignoring: ignoring)
    }
    return try TableAssembly(work.takeBlocks(), ignoring: ignoring, file: name).table()
  }

  /// Whether the ending of a name says NDJSON or comma separated text, if it says either.
  private static func endsAsJSON(_ path: String) -> Bool? {
    var name = path.lowercased()
    for packed in [".gz", ".zst"] where name.hasSuffix(packed) {
      name.removeLast(packed.count)
      break
    }
    if name.hasSuffix(".csv") { return false }
    return name.hasSuffix(".ndjson") || name.hasSuffix(".jsonl") ? true : nil
  }
}
