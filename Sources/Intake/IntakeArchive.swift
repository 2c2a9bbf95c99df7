import Contributions
import Foundation

/// What is done to epochs' logs from outside the process that takes records in, and beside it:
/// sealing before a night's run, listing, and pruning after it.
public struct IntakeArchive: Sendable {
  public let folder: String
  /// Milliseconds since 1970-01-01 UTC.
  private let now: @Sendable () -> Int64
  private let disk: Disk

  /// - Parameter now: the clock; another one in tests.
  public init(
    folder: String,
    now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
  ) {
    self.init(folder: folder, now: now, disk: Disk())
  }

  init(folder: String, now: @escaping @Sendable () -> Int64, disk: Disk) {
    self.folder = folder
    self.now = now
    self.disk = disk
  }

  /// Ends an epoch's log: from here on it is complete, checked, and takes no more records.
  ///
  /// A log that was sealed is checked against its seal again. An epoch without records is sealed
  /// too, empty, so that a late batch cannot make a log that no run will read.
  ///
  /// - Returns: the seal: every part with its size and SHA-256.
  /// - Throws: `IntakeError.notOver` for a day that is not over, `.damaged` when acknowledged
  ///   records are not there as they were, `.busy` when a batch is being written for more than ten
  ///   seconds.
  public func seal(profile: String, epoch: Epoch) throws(IntakeError) -> IntakeSeal {
    let today = Epoch(containing: now())
    guard epoch < today else { throw .notOver(epoch, today: today) }
    guard epoch.day >= 0 else { throw .noLog(profile: profile, epoch) }
    let isName = !profile.isEmpty && !profile.hasPrefix(".") && !profile.contains("/")
    guard isName else { throw .unknownProfile(profile) }
    return try EpochSealing(
      place: EpochPlace(profile: profile, epoch: epoch), folder: folder, disk: disk
    ).seal()
  }

  /// The epochs there are, by profile and day.
  public func epochs() throws(IntakeError) -> [IntakeEpoch] {
    try IntakeListing(folder: folder).epochs()
  }

  /// Removes the logs of epochs that lie more than `keepDays` days back and whose bundle holds:
  /// sealed, judged in a bundle below `bundles` that verifies, and from exactly these files. Their
  /// seals stay, and keep late batches out.
  ///
  /// - Parameters:
  ///   - bundles: the output folder of `assay run`.
  ///   - keepDays: whole days before today, at least 1.
  ///   - profile: this profile's epochs only; `nil` for those of all.
  /// - Returns: what was removed, and what was kept and why, for every epoch that is old enough.
  public func prune(
    bundles: String, keepDays: Int, profile: String? = nil
  ) throws(IntakeError) -> [IntakePruning] {
    let today = Epoch(containing: now()).day
    let pruner = IntakePruner(folder: folder, bundles: bundles, disk: disk)
    var done: [IntakePruning] = []
    for epoch in try epochs() {
      guard (profile ?? epoch.profile) == epoch.profile, epoch.state != .pruned,
        epoch.epoch.day < today - Int64(max(keepDays, 1))
      else { continue }
      done.append(try pruner.prune(epoch))
    }
    return done
  }
}

/// An epoch's log as it is on disk.
public struct IntakeEpoch: Sendable, Equatable {
  public enum State: String, Sendable {
    /// Takes records.
    case open
    case sealed
    /// Only the seal is left.
    case pruned
  }

  public let profile: String
  public let epoch: Epoch
  public let state: State
  /// Its folder.
  public let path: String
  /// Bytes of its parts.
  public let bytes: Int64

  public var json: CanonicalJSON {
    .object([
      "profile": .string(profile), "epoch": .clamped(epoch.day), "state": .string(state.rawValue),
      "path": .string(path), "bytes": .clamped(bytes),
    ])
  }
}

/// What pruning did to one epoch.
public struct IntakePruning: Sendable, Equatable {
  public let epoch: IntakeEpoch
  /// Why it was kept; `nil` when it was removed.
  public let keptBecause: String?

  public var json: CanonicalJSON {
    .object([
      "profile": .string(epoch.profile), "epoch": .clamped(epoch.epoch.day),
      "bytes": .clamped(epoch.bytes), "removed": .bool(keptBecause == nil),
      "kept_because": keptBecause.map { .string($0) } ?? .null,
    ])
  }
}
