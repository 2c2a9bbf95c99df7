import Contributions
import Foundation

/// Where an intake keeps its logs, and how much it takes.
public struct IntakeSettings: Sendable {
  /// The folder that holds `PROFILE/epoch-NNNNNN/`; made when it is not there.
  public var folder: String
  /// The profiles whose records are taken, by name.
  public var schemas: [String: ProfileSchema]
  /// A part of an epoch's log is closed, and the next one begun, once it has so many bytes. 256
  /// MiB: few files for a day's log, each of a size that is copied and read again without a
  /// thought.
  public var partBytes: Int64 = 256 << 20
  /// The most bytes a batch may have.
  public var batchBytes = 8 << 20
  /// The most bytes that may wait for the disk; beyond it batches are refused as `overloaded`.
  public var waitingBytes = 64 << 20
  /// The most batches of one epoch. Each takes up to 50 bytes of memory, so that this bounds it.
  public var batchesPerEpoch = 2_000_000
  /// How many days before today's an epoch may be.
  public var daysBack: Int64 = 7
  /// How many days after today's an epoch may be: clocks differ.
  public var daysAhead: Int64 = 1
  /// Bytes of the file system left alone, so that sealing and everything else still work when it
  /// fills: below it batches are refused as `diskFull`.
  public var freeBytes: Int64 = 64 << 20
  /// Milliseconds since 1970-01-01 UTC; another clock in tests.
  public var now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }

  public init(folder: String, schemas: [ProfileSchema]) {
    self.folder = folder
    self.schemas = Dictionary(
      schemas.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
