import Dispatch
import Synchronization

/// Runs a task and everything it starts on the thread that asks for it.
///
/// A C caller brings threads of its own and knows nothing of Swift's. Waiting for a task that runs on
/// Swift's shared pool would be safe from such a thread but not from one of that pool: as many waiters
/// as the pool has threads, two on two cores, and nobody is left to do the work. Here the waiting
/// thread does the work itself, so no call depends on any other thread, and the library starts none.
final class CallerExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  /// Counts the jobs; a job of a call may be enqueued from any thread.
  private let arrived = DispatchSemaphore(value: 0)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    arrived.signal()
  }

  /// The result of `body`, once it is there.
  static func run<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) -> Result {
    let executor = CallerExecutor()
    let outcome = Outcome<Result>()
    Task(executorPreference: executor) {
      outcome.value = await body()
    }
    return executor.work(until: outcome)
  }

  /// Written and read by jobs of one call, which run on one thread.
  private final class Outcome<Result>: @unchecked Sendable {
    var value: Result?
  }

  private func work<Result>(until outcome: Outcome<Result>) -> Result {
    while true {
      if let value = outcome.value { return value }
      arrived.wait()
      let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      job?.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
