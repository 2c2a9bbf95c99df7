import Contributions
import Foundation
import Synchronization

/// A batch on its way to the disk.
struct WaitingBatch: Sendable {
  typealias Answer = Result<IntakeReceipt, IntakeError>

  var id: String
  var place: EpochPlace
  var batch: CheckedBatch
  /// Bytes counted as waiting until it is answered.
  var reserved: Int
  var answer: CheckedContinuation<Answer, Never>
}

/// Writes batches in groups: those that came while the last group was being synced are the next.
///
/// Disks block, so all of it happens on a queue of its own; `logs` is touched there only.
final class IntakeWriter: @unchecked Sendable {
  private struct State {
    var waiting: [WaitingBatch] = []
    var isRunning = false
    var isClosed = false
    var statistics = IntakeStatistics()
  }

  private let settings: IntakeSettings
  private let disk: Disk
  private let queue = DispatchQueue(label: "assay.intake")
  private let state = Mutex(State())
  private var logs: [EpochPlace: EpochLog] = [:]

  /// Bytes of batches in one group, but for a single larger one: bounds what a recovery reads.
  private static let groupBytes = 16 << 20

  init(settings: IntakeSettings, disk: Disk) {
    self.settings = settings
    self.disk = disk
  }

  var statistics: IntakeStatistics { state.withLock { $0.statistics } }

  /// Counts bytes as waiting.
  ///
  /// - Throws: `IntakeError.overloaded` when too many do, `.closed`.
  func reserve(_ bytes: Int) throws(IntakeError) {
    let error: IntakeError? = state.withLock { state in
      if state.isClosed { return .closed }
      // A batch alone is always let in, whatever the limit.
      let waiting = state.statistics.waitingBytes
      if waiting > 0, waiting + bytes > settings.waitingBytes { return .overloaded }
      state.statistics.waitingBytes += bytes
      return nil
    }
    if let error { throw error }
  }

  func release(_ bytes: Int) {
    state.withLock { $0.statistics.waitingBytes -= bytes }
  }

  func enqueue(_ batch: WaitingBatch) {
    let begins = state.withLock { state in
      state.waiting.append(batch)
      defer { state.isRunning = true }
      return !state.isRunning
    }
    if begins { queue.async { self.run() } }
  }

  func close() async {
    state.withLock { $0.isClosed = true }
    await withCheckedContinuation { continuation in
      queue.async {
        self.run()
        self.logs.removeAll()
        continuation.resume()
      }
    }
  }

  private func run() {
    while let batches = takeWaiting() {
      for (place, batches) in Dictionary(grouping: batches, by: \.place) {
        write(batches, at: place)
      }
    }
  }

  /// The next batches to write together; `nil` when none wait, and the queue rests.
  private func takeWaiting() -> [WaitingBatch]? {
    state.withLock { state in
      var bytes = 0
      var count = 0
      for waiting in state.waiting {
        bytes += waiting.batch.bytes.count
        guard count == 0 || bytes <= Self.groupBytes else { break }
        count += 1
      }
      guard count > 0 else {
        state.isRunning = false
        return nil
      }
      defer { state.waiting.removeFirst(count) }
      return Array(state.waiting[..<count])
    }
  }

  private func write(_ batches: [WaitingBatch], at place: EpochPlace) {
    let answers: [WaitingBatch.Answer]
    do throws(IntakeError) {
      answers = try log(at: place).commit(batches)
    } catch {
      if case .sealed = error { logs[place] = nil }
      answers = batches.map { _ in .failure(error) }
    }
    state.withLock { $0.statistics.count(answers) }
    for (batch, answer) in zip(batches, answers) {
      release(batch.reserved)
      batch.answer.resume(returning: answer)
    }
  }

  /// The epoch's log, opened again when somebody changed its files.
  private func log(at place: EpochPlace) throws(IntakeError) -> EpochLog {
    if let log = logs[place], log.isIntact { return log }
    logs[place] = nil
    dropOld()
    let log = try EpochLog(place, settings: settings, disk: disk)
    state.withLock { $0.statistics.cutBytes += log.cutBytes }
    logs[place] = log
    return log
  }

  /// Closes logs of days for which no batch is taken any more.
  private func dropOld() {
    let first = Epoch(containing: settings.now()).day - settings.daysBack
    logs = logs.filter { $0.key.epoch.day >= first }
  }
}

extension IntakeStatistics {
  fileprivate mutating func count(_ answers: [WaitingBatch.Answer]) {
    var isWritten = false
    for answer in answers {
      switch answer {
      case .success(let receipt) where receipt.duplicate:
        duplicates += 1
      case .success(let receipt):
        isWritten = true
        batches += 1
        records += receipt.accepted
        quarantined += receipt.quarantined
        refused += receipt.refused
        bytes += receipt.bytes
      case .failure(let error) where error.isTransient:
        failures += 1
      case .failure:
        break
      }
    }
    if isWritten { groups += 1 }
  }
}
