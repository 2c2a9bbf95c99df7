import Contributions
import Crypto
import Ingestion
import Synchronization

/// A batch as it will stand in the log.
struct CheckedBatch: Sendable {
  /// Whole lines; empty when every line is of another day.
  var bytes: [UInt8] = []
  var accepted = 0
  var quarantined = 0
  var refused = 0
  var problems: [IntakeReceipt.Problem] = []
  /// SHA-256 of the batch as sent: tells whether an id is used for other bytes.
  var requestDigest: [UInt8] = []
  /// SHA-256 of `bytes`.
  var digest: [UInt8] = []
}

/// Checks batches, many at a time, with parsers that are kept between them.
final class BatchChecks: Sendable {
  private struct Key: Hashable {
    var profile: String
    var epoch: Epoch
  }

  /// A checker is used by one task at a time: it is taken out of the pool for that long.
  private struct Box: @unchecked Sendable {
    let checker: RecordChecker
  }

  private let idle = Mutex<[Key: [Box]]>([:])

  /// Parsers kept for one day of one profile, and days for which any are kept: each has buffers of
  /// a few megabytes.
  private static let keptPerDay = 4
  private static let keptDays = 8

  /// - Throws: `IntakeError.emptyBatch`, `.overloaded` when memory is short.
  func check(
    _ ndjson: [UInt8], schema: ProfileSchema, epoch: Epoch
  ) throws(IntakeError) -> CheckedBatch {
    let key = Key(profile: schema.name, epoch: epoch)
    let box = try take(key, schema)
    defer { giveBack(box, key) }
    var batch = CheckedBatch()
    var kept: [Range<Int>] = []
    var line = 0
    box.checker.check(ndjson) { range, finding in
      line += 1
      switch finding {
      case .blank: return
      case .record:
        batch.accepted += 1
        Self.append(range, to: &kept)
      case .rejected(let reason, let detail):
        batch.quarantined += 1
        batch.note(line, reason.rawValue, detail)
        Self.append(range, to: &kept)
      case .otherEpoch:
        batch.refused += 1
        batch.note(line, "other_epoch", "its ts is not of \(epoch)")
      }
    }
    guard batch.accepted + batch.quarantined + batch.refused > 0 else { throw .emptyBatch }
    for range in kept {
      batch.bytes += ndjson[range]
      batch.bytes.append(10)
    }
    batch.requestDigest = Array(SHA256.hash(data: ndjson))
    batch.digest = Array(SHA256.hash(data: batch.bytes))
    return batch
  }

  /// Adds a line, as part of the run of lines before it where it follows on one.
  private static func append(_ range: Range<Int>, to kept: inout [Range<Int>]) {
    guard let last = kept.last, last.upperBound + 1 == range.lowerBound else {
      return kept.append(range)
    }
    kept[kept.count - 1] = last.lowerBound..<range.upperBound
  }

  private func take(_ key: Key, _ schema: ProfileSchema) throws(IntakeError) -> Box {
    if let box = idle.withLock({ $0[key]?.popLast() }) { return box }
    do throws(IngestionError) {
      return Box(checker: try RecordChecker(schema: schema, epoch: key.epoch))
    } catch {
      throw .overloaded
    }
  }

  private func giveBack(_ box: Box, _ key: Key) {
    idle.withLock { idle in
      if idle[key] == nil, idle.count >= Self.keptDays { idle.removeAll() }
      guard idle[key, default: []].count < Self.keptPerDay else { return }
      idle[key, default: []].append(box)
    }
  }
}

extension CheckedBatch {
  fileprivate mutating func note(_ line: Int, _ reason: String, _ detail: String) {
    guard problems.count < IntakeReceipt.listedProblems else { return }
    problems.append(IntakeReceipt.Problem(line: line, reason: reason, detail: detail))
  }
}
