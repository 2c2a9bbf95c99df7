import Ingestion

/// The records of an item: JSON texts.
///
/// Texts, not parsed values: a number keeps its digits until the record reader rounds it, as in the
/// nightly run, so that evidence hashes agree. What is no JSON is quarantined when it is judged.
public struct RecordLines: Sendable {
  let texts: RecordTexts

  public var count: Int { texts.ranges.count }

  /// One record per line; blank lines are none.
  public init(ndjson: [UInt8]) {
    self.init(ndjson, lines: Self.lines(of: ndjson, upTo: .max) ?? [])
  }

  /// One record per line, at most `limit` of them; `nil` where there are more. The text is looked
  /// at no further than that takes, and copied only if it is taken.
  public init?(ndjson: [UInt8], upTo limit: Int) {
    guard let lines = Self.lines(of: ndjson, upTo: limit) else { return nil }
    self.init(ndjson, lines: lines)
  }

  private init(_ ndjson: [UInt8], lines: [Range<Int>]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(ndjson.count + RecordTexts.padding)
    bytes += ndjson
    bytes.append(contentsOf: repeatElement(0, count: RecordTexts.padding))
    self.init(RecordTexts(bytes: bytes, ranges: lines))
  }

  /// Where the lines that are not blank stand, without their line feeds; `nil` for more than
  /// `limit`.
  private static func lines(of text: [UInt8], upTo limit: Int) -> [Range<Int>]? {
    var lines: [Range<Int>] = []
    var start = 0
    while start < text.count {
      let line = start..<(text[start...].firstIndex(of: 10) ?? text.count)
      start = line.upperBound + 1
      if text[line].allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 }) { continue }
      guard lines.count < limit else { return nil }
      lines.append(line)
    }
    return lines
  }

  /// One JSON object per string.
  public init(_ records: [String]) {
    self.init(texts: records.map { Array($0.utf8) })
  }

  /// One JSON object per element, UTF-8.
  public init(texts: [some Collection<UInt8>]) {
    var bytes: [UInt8] = []
    var ranges: [Range<Int>] = []
    bytes.reserveCapacity(texts.reduce(0) { $0 + $1.count } + RecordTexts.padding)
    for text in texts {
      let start = bytes.count
      bytes.append(contentsOf: text)
      ranges.append(start..<bytes.count)
    }
    bytes.append(contentsOf: repeatElement(0, count: RecordTexts.padding))
    self.init(RecordTexts(bytes: bytes, ranges: ranges))
  }

  init(_ texts: RecordTexts) {
    self.texts = texts
  }

  /// The text of a record.
  public subscript(index: Int) -> [UInt8] { Array(texts.bytes[texts.ranges[index]]) }
}
