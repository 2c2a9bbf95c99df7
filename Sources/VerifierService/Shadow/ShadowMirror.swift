import Assay
import Foundation
import Logging
import Synchronization

/// Lets the candidate judge what the active verifier has answered, behind the answers.
///
/// One request at a time, so that the candidate takes at most one processor from those who wait;
/// what does not find room in the queue is dropped and counted.
final class ShadowMirror: Sendable {
  struct Job: Sendable {
    let request: VerifyRequest
    let caller: String
    let answer: VerifyResponse
    let candidate: Verifier
    /// Which loading of the files the candidate is of.
    let generation: Int
  }

  private struct State {
    var report = ShadowReport()
    var generation = 1
    /// Records of the requests that wait; they bound its memory where requests are large.
    var waitingRecords = 0
  }

  private let queue: AsyncStream<Job>
  private let entrance: AsyncStream<Job>.Continuation
  private let state = Mutex(State())
  private let recordLimit: Int
  private let log: ShadowLog?
  private let metrics: HostMetrics
  private let logger: Logger

  /// - Parameters:
  ///   - waiting: requests that may wait.
  ///   - records: records that they may have together; one request may always wait.
  init(
    waiting: Int, records: Int, log: ShadowLog?, metrics: HostMetrics, logger: Logger
  ) {
    (queue, entrance) = AsyncStream.makeStream(
      of: Job.self, bufferingPolicy: .bufferingOldest(max(waiting, 1)))
    recordLimit = records
    self.log = log
    self.metrics = metrics
    self.logger = logger
  }

  var report: ShadowReport { state.withLock { $0.report } }

  /// Begins a new report: the candidate is another one now.
  func restart(generation: Int) {
    state.withLock { state in
      state.report = ShadowReport()
      state.generation = generation
    }
  }

  func offer(_ job: Job) {
    let records = job.request.recordCount
    let hasRoom = state.withLock { state in
      guard state.waitingRecords == 0 || state.waitingRecords + records <= recordLimit
      else { return false }
      state.waitingRecords += records
      return true
    }
    guard hasRoom else { return drop() }
    if case .enqueued = entrance.yield(job) { return }
    state.withLock { $0.waitingRecords -= records }
    drop()
  }

  private func drop() {
    state.withLock { $0.report.dropped += 1 }
    metrics.shadowDropped.increment()
  }

  /// Judges until ``stop()`` and what was offered before it.
  func run() async {
    for await job in queue { await judge(job) }
  }

  func stop() {
    entrance.finish()
  }

  private func judge(_ job: Job) async {
    state.withLock { $0.waitingRecords -= job.request.recordCount }
    let answer = await job.candidate.verify(job.request)
    let (compared, differences) = ShadowDifference.between(
      job.request, caller: job.caller, active: job.answer, candidate: answer)
    state.withLock { state in
      // What was still waiting when the candidate changed is not about this one.
      guard state.generation == job.generation else { return }
      state.report.add(compared: compared, differences: differences)
    }
    metrics.count(compared: compared, differences: differences)
    guard let log, !differences.isEmpty else { return }
    do throws(SetupError) {
      try log.append(
        differences, active: job.answer.profiles, candidate: answer.profiles)
    } catch {
      logger.error("shadow differences not written", metadata: ["error": "\(error)"])
    }
  }
}
