import NIOCore

/// Follows the length-prefixed messages of a call without keeping their bytes.
///
/// A message is a byte that says whether it is compressed, its length (u32, big-endian) and that many
/// bytes; HTTP/2 cuts the sequence of them anywhere.
struct MessageFraming {
  enum Fault: Error, Equatable {
    /// The length says more bytes than a message may have.
    case tooLarge(Int)
    /// Compressed, or neither compressed nor not.
    case badFlag(UInt8)
    /// The call ended within a message.
    case truncated
  }

  private let limit: Int
  private var prefix: [UInt8] = []
  private var missing = 0

  /// - Parameter limit: bytes that a message may have.
  init(limit: Int) {
    self.limit = limit
    prefix.reserveCapacity(5)
  }

  mutating func read(_ buffer: ByteBuffer) throws(Fault) {
    var bytes = buffer.readableBytesView
    while !bytes.isEmpty {
      if missing > 0 {
        let step = min(missing, bytes.count)
        bytes = bytes.dropFirst(step)
        missing -= step
      } else {
        prefix.append(bytes.removeFirst())
        if prefix.count == 5 { try begin() }
      }
    }
  }

  func end() throws(Fault) {
    guard missing == 0, prefix.isEmpty else { throw .truncated }
  }

  private mutating func begin() throws(Fault) {
    guard prefix[0] == 0 else { throw .badFlag(prefix[0]) }
    let length = prefix.dropFirst().reduce(0) { $0 << 8 | Int($1) }
    guard length <= limit else { throw .tooLarge(length) }
    missing = length
    prefix.removeAll(keepingCapacity: true)
  }
}
