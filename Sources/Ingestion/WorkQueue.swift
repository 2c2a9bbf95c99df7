import Foundation
import Synchronization

/// A block of whole lines of one file, in a buffer with padding behind it.
struct LineBlock {
  var position: BlockPosition
  var text: UnsafeRawBufferPointer
}

/// Hands the log out to workers: plain files by ranges that workers read themselves, packed files
/// and standard input by blocks that whoever asks first decompresses.
final class WorkQueue: Sendable {
  enum Item {
    /// Bytes `[start, end)` of a plain file: the lines that begin there.
    case range(file: Int, block: Int, start: Int64, end: Int64)
    /// The whole file, to be hashed.
    case hash(file: Int)
    /// The next block of a packed file.
    case stream(file: Int)
  }

  static let blockSize = 2 << 20

  private struct State {
    var pending: [Item]
    var idleStreams: [Int]
    var busyStreams = 0
  }

  private let state: Mutex<State>

  /// - Parameter plainSizes: the size of each plain file, `nil` for packed files and standard input.
  init(plainSizes: [Int64?]) {
    var pending: [Item] = []
    var streams: [Int] = []
    for (file, size) in plainSizes.enumerated() {
      guard let size else {
        streams.append(file)
        continue
      }
      pending.append(.hash(file: file))
      var start: Int64 = 0
      var block = 0
      while start < size {
        let end = min(start + Int64(Self.blockSize), size)
        pending.append(.range(file: file, block: block, start: start, end: end))
        start = end
        block += 1
      }
    }
    state = Mutex(State(pending: pending.reversed(), idleStreams: streams.reversed()))
  }

  /// The next piece of work; `nil` when there is none left, or none until another worker gives a
  /// stream back.
  func next() -> Item? {
    state.withLock { state in
      if let item = state.pending.popLast() { return item }
      guard let file = state.idleStreams.popLast() else { return nil }
      state.busyStreams += 1
      return .stream(file: file)
    }
  }

  /// Whether nothing is left to do.
  var isFinished: Bool {
    state.withLock { $0.pending.isEmpty && $0.idleStreams.isEmpty && $0.busyStreams == 0 }
  }

  /// Gives a stream back once its block is out.
  func giveBack(stream file: Int, finished: Bool) {
    state.withLock { state in
      state.busyStreams -= 1
      if !finished { state.idleStreams.append(file) }
    }
  }
}
