import Contributions
import Crypto
import Foundation
import Synchronization

/// Takes batches of records into the logs of their epochs: what it acknowledged is on disk, whole
/// and once, whatever stops the process.
///
/// One process has a folder at a time. Batches that wait at the same time share their syncs. Each
/// epoch's log is a folder that `assay run` reads once ``IntakeArchive`` has sealed it.
public final class Intake: Sendable {
  public let settings: IntakeSettings
  private let checks: BatchChecks
  private let writer: IntakeWriter
  /// Held until the intake is closed, or gone.
  private let lock: FolderLock

  /// Opens a folder, and makes it where there is none.
  ///
  /// - Throws: `IntakeError.locked`, `.cannotWrite`, `.diskFull`. Logs of epochs are opened when
  ///   the first batch for them comes.
  public convenience init(_ settings: IntakeSettings) throws(IntakeError) {
    try self.init(settings, disk: Disk())
  }

  init(_ settings: IntakeSettings, disk: Disk) throws(IntakeError) {
    self.settings = settings
    try disk.makeFolders(settings.folder)
    lock = try FolderLock(folder: settings.folder)
    checks = BatchChecks()
    writer = IntakeWriter(settings: settings, disk: disk)
  }

  /// Takes a batch in, and returns once it is on disk.
  ///
  /// The batch is NDJSON; its last line may end without a line feed. Lines that a run could not use
  /// are in the log all the same, where a run quarantines them, so that nothing is lost unseen;
  /// lines of other days are refused. The receipt counts both and lists the first of them.
  ///
  /// - Parameters:
  ///   - batchID: 1 to 256 printable ASCII characters, unique within the profile's epoch. Callers
  ///     who must not meet each other's ids give each a prefix.
  ///   - epoch: the day of the batch's records.
  /// - Returns: the receipt; for a batch with the same id and bytes the one it had, as `duplicate`.
  /// - Throws: `IntakeError`; nothing of the batch is in the log then, unless the disk fails at
  ///   taking it back. Sent again with the same id it is there once in any case.
  public func append(
    _ ndjson: [UInt8], profile: String, epoch: Epoch, batchID: String
  ) async throws(IntakeError) -> IntakeReceipt {
    guard let schema = settings.schemas[profile] else { throw .unknownProfile(profile) }
    guard JournalEntry.isValid(batchID: batchID) else { throw .badBatchID }
    guard ndjson.count <= settings.batchBytes else {
      throw .batchTooLarge(bytes: ndjson.count, limit: settings.batchBytes)
    }
    try checkDay(epoch)
    try writer.reserve(ndjson.count)
    let answer = await withCheckedContinuation {
      (continuation: CheckedContinuation<WaitingBatch.Answer, Never>) in
      do throws(IntakeError) {
        let checked = try checks.check(ndjson, schema: schema, epoch: epoch)
        writer.enqueue(
          WaitingBatch(
            id: batchID, place: EpochPlace(profile: profile, epoch: epoch), batch: checked,
            reserved: ndjson.count, answer: continuation))
      } catch {
        writer.release(ndjson.count)
        continuation.resume(returning: .failure(error))
      }
    }
    return try answer.get()
  }

  /// What was done since the start.
  public var statistics: IntakeStatistics { writer.statistics }

  /// Waits for what was begun, closes the files and gives the folder back; batches that come later
  /// are refused as `closed`.
  public func close() async {
    await writer.close()
    lock.giveBack()
  }

  private func checkDay(_ epoch: Epoch) throws(IntakeError) {
    let today = Epoch(containing: settings.now()).day
    let first = Epoch(day: today - settings.daysBack)
    let last = Epoch(day: today + settings.daysAhead)
    guard first <= epoch, epoch <= last else {
      throw .epochOutOfRange(epoch, from: first, to: last)
    }
  }
}

/// Which log a batch belongs to.
struct EpochPlace: Hashable, Sendable {
  var profile: String
  var epoch: Epoch

  /// The folder's name below the profile's: as a bundle's, without a revision.
  var folderName: String {
    let digits = String(max(epoch.day, 0))
    return "epoch-" + String(repeating: "0", count: max(6 - digits.count, 0)) + digits
  }

  func path(below folder: String) -> String { "\(folder)/\(profile)/\(folderName)" }
}
