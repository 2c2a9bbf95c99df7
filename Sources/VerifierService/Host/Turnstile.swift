import Synchronization

/// Lets a number of requests work at a time; others wait in the order they came, as many as may.
///
/// Without it every connection would start its work at once, all would be slow, and memory would
/// grow with the number of connections.
final class Turnstile: Sendable {
  enum Admission: Sendable, Equatable {
    /// It is this request's turn; ``leave()`` must follow.
    case entered
    /// As many wait as may wait.
    case full
    /// The deadline came before the turn.
    case late
  }

  private struct State {
    var working = 0
    var next = 0
    /// Those that wait, by number of arrival.
    var waiting: [Int: CheckedContinuation<Admission, Never>] = [:]
    /// The numbers in order; some may have left by deadline.
    var order: ArraySlice<Int> = []
  }

  private let places: Int
  private let seats: Int
  private let state = Mutex(State())

  /// - Parameters:
  ///   - places: requests that work at a time.
  ///   - seats: requests that may wait.
  init(places: Int, seats: Int) {
    self.places = max(places, 1)
    self.seats = max(seats, 0)
  }

  /// Requests that work and that wait now.
  var load: (working: Int, waiting: Int) {
    state.withLock { ($0.working, $0.waiting.count) }
  }

  /// Waits for a place, until `deadline`.
  func enter(until deadline: ContinuousClock.Instant) async -> Admission {
    guard ContinuousClock.now < deadline else { return .late }
    let isFree = state.withLock { state in
      guard state.working < places else { return false }
      state.working += 1
      return true
    }
    return isFree ? .entered : await wait(until: deadline)
  }

  /// Gives the place to the one who waits longest.
  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Admission, Never>? in
      while let number = state.order.popFirst() {
        if let waiter = state.waiting.removeValue(forKey: number) { return waiter }
      }
      state.working -= 1
      return nil
    }
    next?.resume(returning: .entered)
  }

  private func wait(until deadline: ContinuousClock.Instant) async -> Admission {
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    let alarm = Task {
      try? await Task.sleep(until: deadline, clock: .continuous)
      // Cancelled means that the turn has come.
      if !Task.isCancelled { giveUp(number) }
    }
    defer { alarm.cancel() }
    return await withCheckedContinuation { continuation in
      let answer = state.withLock { state -> Admission? in
        // A place may have become free since.
        if state.working < places {
          state.working += 1
          return .entered
        }
        guard state.waiting.count < seats else { return .full }
        guard ContinuousClock.now < deadline else { return .late }
        state.waiting[number] = continuation
        state.order.append(number)
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
  }

  private func giveUp(_ number: Int) {
    let waiter = state.withLock { $0.waiting.removeValue(forKey: number) }
    waiter?.resume(returning: .late)
  }
}
