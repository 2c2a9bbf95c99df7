import Synchronization

/// Whether new callers are welcome; once not, never again.
final class Readiness: Sendable {
  private struct State {
    var isDraining = false
    var next = 0
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  var isReady: Bool { state.withLock { !$0.isDraining } }

  func drain() {
    let waiting = state.withLock { state in
      state.isDraining = true
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Returns once ``drain()`` was called, or the task is cancelled.
  func untilDrained() async {
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          guard !state.isDraining, !Task.isCancelled else { return true }
          state.waiting[number] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
    }
  }
}
