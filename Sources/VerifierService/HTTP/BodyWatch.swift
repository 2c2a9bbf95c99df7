import NIOCore
import Synchronization

/// Ends bodies that take too long.
///
/// One look a second over all that are being read, since a timer for each would cost more than most
/// requests' whole body.
final class BodyWatch: Sendable {
  /// What the reader of a body that took too long gets.
  struct TooSlow: Error {}

  private struct State {
    var next = 0
    var reading: [Int: (end: ContinuousClock.Instant, channel: any Channel)] = [:]
  }

  private let state = Mutex(State())
  private let limit: Duration

  init(limit: Duration) {
    self.limit = limit
  }

  /// Ends the reading of `channel` with ``TooSlow`` if ``done(_:)`` does not come within the limit.
  func begin(_ channel: any Channel) -> Int {
    state.withLock { state in
      state.next += 1
      state.reading[state.next] = (ContinuousClock.now + limit, channel)
      return state.next
    }
  }

  func done(_ number: Int) {
    state.withLock { _ = $0.reading.removeValue(forKey: number) }
  }

  /// Looks until the task is cancelled.
  func run() async {
    while (try? await Task.sleep(for: .seconds(1))) != nil {
      let now = ContinuousClock.now
      let late = state.withLock { state in
        let late = state.reading.filter { $0.value.end <= now }
        for number in late.keys { state.reading[number] = nil }
        return late.values.map(\.channel)
      }
      for channel in late { channel.pipeline.fireErrorCaught(TooSlow()) }
    }
  }
}

/// Bytes of bodies that are held at a time.
final class ByteBudget: Sendable {
  private let left: Mutex<Int>

  init(_ bytes: Int) {
    left = Mutex(bytes)
  }

  /// Whether there is room for so many more; they are taken then.
  func take(_ bytes: Int) -> Bool {
    left.withLock { left in
      guard bytes <= left else { return false }
      left -= bytes
      return true
    }
  }

  func giveBack(_ bytes: Int) {
    left.withLock { $0 += bytes }
  }
}
