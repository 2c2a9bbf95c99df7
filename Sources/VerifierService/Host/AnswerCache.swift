import Assay
import Synchronization

/// Remembers what was answered to which request id, so that a caller may ask again.
///
/// It holds a bounded number of answers and bytes for a bounded time, in two generations: a full
/// young one becomes the old one, whose place it takes, and what is asked for again is young again.
/// So the answers that were used last stay, as in an LRU list, without the list.
final class AnswerCache: Sendable {
  struct Key: Hashable {
    let caller: String
    let requestID: String
  }

  /// What is to be done with a request.
  enum Start {
    /// The caller of this method judges it, and must call ``finish(_:with:)``.
    case judge
    /// It was answered before.
    case answered(VerifyResponse)
    /// The id was used for other content.
    case conflict
    /// Somebody judges it at this moment.
    case running
  }

  private enum Entry {
    case running(digest: [UInt8], waiting: [CheckedContinuation<Void, Never>])
    case answered(digest: [UInt8], VerifyResponse, until: ContinuousClock.Instant)
  }

  private struct State {
    var running: [Key: Entry] = [:]
    var young: [Key: Entry] = [:]
    var old: [Key: Entry] = [:]
    var youngBytes = 0
    var oldBytes = 0
  }

  private let countLimit: Int
  private let byteLimit: Int
  private let life: Duration
  private let state = Mutex(State())

  init(countLimit: Int, byteLimit: Int, life: Duration) {
    self.countLimit = countLimit
    self.byteLimit = byteLimit
    self.life = life
  }

  /// Answers and bytes that are kept now.
  var load: (answers: Int, bytes: Int) {
    state.withLock { ($0.young.count + $0.old.count, $0.youngBytes + $0.oldBytes) }
  }

  func start(_ key: Key, digest: [UInt8]) -> Start {
    state.withLock { state in
      if case .running(let other, _)? = state.running[key] {
        return other == digest ? .running : .conflict
      }
      if case .answered(let other, let answer, let end)? = state.young[key] ?? state.old[key],
        ContinuousClock.now < end
      {
        guard other == digest else { return .conflict }
        refresh(key, in: &state)
        return .answered(answer)
      }
      state.running[key] = .running(digest: digest, waiting: [])
      return .judge
    }
  }

  /// Returns once nobody judges the request any more; ask ``start(_:digest:)`` again then.
  func wait(for key: Key) async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        guard case .running(let digest, let waiting)? = state.running[key] else { return true }
        state.running[key] = .running(digest: digest, waiting: waiting + [continuation])
        return false
      }
      if isOver { continuation.resume() }
    }
  }

  /// Ends what ``start(_:digest:)`` began.
  ///
  /// - Parameter answer: `nil` where there is none that is worth keeping.
  func finish(_ key: Key, with answer: VerifyResponse?) {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      guard case .running(let digest, let waiting)? = state.running.removeValue(forKey: key)
      else { return [] }
      if let answer {
        remove(key, in: &state)
        insert(
          .answered(digest: digest, answer, until: ContinuousClock.now + life), key, in: &state)
      }
      return waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  // MARK: Generations

  private func refresh(_ key: Key, in state: inout State) {
    guard let entry = state.old.removeValue(forKey: key) else { return }
    state.oldBytes -= Self.bytes(of: entry, key)
    insert(entry, key, in: &state)
  }

  private func remove(_ key: Key, in state: inout State) {
    if let entry = state.young.removeValue(forKey: key) {
      state.youngBytes -= Self.bytes(of: entry, key)
    }
    if let entry = state.old.removeValue(forKey: key) {
      state.oldBytes -= Self.bytes(of: entry, key)
    }
  }

  private func insert(_ entry: Entry, _ key: Key, in state: inout State) {
    let bytes = Self.bytes(of: entry, key)
    guard bytes <= byteLimit / 2 else { return }
    if state.young.count >= countLimit / 2 || state.youngBytes + bytes > byteLimit / 2 {
      (state.old, state.oldBytes) = (state.young, state.youngBytes)
      (state.young, state.youngBytes) = ([:], 0)
    }
    state.young[key] = entry
    state.youngBytes += bytes
  }

  /// What an entry takes, roughly: its JSON, about twice as much again as values, and a row.
  private static func bytes(of entry: Entry, _ key: Key) -> Int {
    guard case .answered(_, let answer, _) = entry else { return 0 }
    return 3 * answer.json.count + key.requestID.utf8.count + 256
  }
}
