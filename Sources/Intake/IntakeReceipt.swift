import Contributions

/// What became of a batch. The same batch has the same receipt again, but for `duplicate`.
public struct IntakeReceipt: Sendable, Equatable {
  /// A line of the batch that no verdict will rest on.
  public struct Problem: Sendable, Equatable {
    /// The line's number in the batch, from 1; blank lines count.
    public let line: Int
    /// Why: a rejection of the log format, or `other_epoch`.
    public let reason: String
    public let detail: String
  }

  public let batchID: String
  public let profile: String
  public let epoch: Epoch
  /// Records in the log that a run can use.
  public let accepted: Int
  /// Lines in the log that a run will quarantine, each with its reason, as it would in any log.
  public let quarantined: Int
  /// Lines of other days: they are not in the log. Send them again as batches of their epochs.
  public let refused: Int
  /// The first of those lines, at most `listedProblems`.
  public let problems: [Problem]
  /// Where the batch stands: `part-NNNNNN.ndjson` in the epoch's folder, and the byte it begins at.
  public let part: String
  public let offset: Int64
  public let bytes: Int64
  /// SHA-256 of those bytes.
  public let sha256: [UInt8]
  /// Whether the batch was there already.
  public let duplicate: Bool

  /// How many problems are listed; all are counted.
  public static let listedProblems = 100

  /// For answers.
  public var json: CanonicalJSON {
    .object([
      "batch_id": .string(batchID), "profile": .string(profile), "epoch": .clamped(epoch.day),
      "accepted": .clamped(Int64(accepted)), "quarantined": .clamped(Int64(quarantined)),
      "refused": .clamped(Int64(refused)), "duplicate": .bool(duplicate),
      "place": .object([
        "part": .string(part), "offset": .clamped(offset), "bytes": .clamped(bytes),
        "sha256": .string("0x" + Hex.encode(sha256)),
      ]),
      "problems": .array(
        problems.map {
          .object([
            "line": .clamped(Int64($0.line)), "reason": .string($0.reason),
            "detail": .string($0.detail),
          ])
        }),
    ])
  }
}

/// What an intake has done since it began.
public struct IntakeStatistics: Sendable, Equatable {
  public var batches = 0
  public var duplicates = 0
  public var records = 0
  public var quarantined = 0
  public var refused = 0
  public var bytes: Int64 = 0
  /// Groups of batches written together: each costs two syncs.
  public var groups = 0
  /// Batches that were not taken for want of room or for a failing disk.
  public var failures = 0
  /// Bytes taken away when logs were opened after a crash: of batches that nobody was told of.
  public var cutBytes: Int64 = 0
  /// Bytes that wait for the disk now.
  public var waitingBytes = 0
}
