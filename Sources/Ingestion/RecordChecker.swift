import CSimdjson
import Contributions

/// Tells, line by line, what a run will make of a piece of a log, with the same parser and rules.
///
/// One user at a time: it keeps the parser's buffers between calls.
public final class RecordChecker {
  /// What a run makes of a line.
  public enum Finding: Sendable, Equatable {
    case record
    /// Not counted as a line of the log.
    case blank
    /// Left to the run of its own day.
    case otherEpoch
    case rejected(Rejection, detail: String)
  }

  private var parser: RecordParser

  /// - Parameter epoch: the day whose run is meant, as with `--epoch`.
  /// - Throws: `IngestionError.spill` when memory is short.
  public init(schema: ProfileSchema, epoch: Epoch) throws(IngestionError) {
    guard let parser = RecordParser(schema: schema, onlyDay: epoch.day) else {
      throw .spill(folder: "memory", reason: "no room for a parser")
    }
    self.parser = parser
  }

  /// Calls `body` for each line of `log` in order: where it stands, without its line feed, and what
  /// it is. The last line may end without a line feed.
  public func check(_ log: [UInt8], body: (Range<Int>, Finding) -> Void) {
    let padded = log + [UInt8](repeating: 0, count: Int(ASSAY_JSON_PADDING))
    padded.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      var start = 0
      while start < log.count {
        let rest = UnsafeRawBufferPointer(start: base + start, count: log.count - start)
        let end = rest.firstNewline.map { start + $0 } ?? log.count
        body(start..<end, finding(base + start, length: end - start))
        start = end + 1
      }
    }
  }

  private func finding(_ line: UnsafePointer<UInt8>, length: Int) -> Finding {
    let bytes = UnsafeBufferPointer(start: line, count: length)
    if bytes.allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 }) { return .blank }
    guard length <= RecordParser.longestRecord else {
      return .rejected(
        .tooLong, detail: "a record may have \(RecordParser.longestRecord) bytes")
    }
    switch parser.parse(line, length: length) {
    case .record: return .record
    case .otherEpoch: return .otherEpoch
    case .rejected(let reason, let detail): return .rejected(reason, detail: detail)
    }
  }
}
