import Contributions

/// A 32-byte digest, ordered as a big-endian unsigned integer.
///
/// Four words rather than an array: a million of them need 32 MB and no reference counting, and
/// one comparison is that of the first word in nearly every case.
public struct Digest32: Hashable, Sendable {
  /// Bytes 0–7, 8–15, 16–23 and 24–31, each as a big-endian word.
  let word0: UInt64
  let word1: UInt64
  let word2: UInt64
  let word3: UInt64

  /// Thirty-two zero bytes, which stand for "none" in a leaf.
  public static let zero = Digest32(0, 0, 0, 0)

  init(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
    self.word0 = word0
    self.word1 = word1
    self.word2 = word2
    self.word3 = word3
  }

  /// The digest of these 32 bytes, first byte most significant.
  ///
  /// - Throws: ``DigestError/wrongLength(_:)`` for any other number of bytes.
  public init(bytes: some Sequence<UInt8>) throws(DigestError) {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var count = 0
    for byte in bytes {
      let carry = (words.1 >> 56, words.2 >> 56, words.3 >> 56)
      words.0 = words.0 << 8 | carry.0
      words.1 = words.1 << 8 | carry.1
      words.2 = words.2 << 8 | carry.2
      words.3 = words.3 << 8 | UInt64(byte)
      count += 1
    }
    guard count == 32 else { throw .wrongLength(count) }
    self.init(words.0, words.1, words.2, words.3)
  }

  /// The digest written as `0x` and 64 lower-case hexadecimal digits.
  ///
  /// Upper case and a missing prefix are refused, so that a digest has one spelling in any file.
  ///
  /// - Throws: ``DigestError/notHex(_:)`` for any other text.
  public init(hex: String) throws(DigestError) {
    guard hex.utf8.count == 66, hex.utf8.starts(with: "0x".utf8),
      let bytes = Hex.decode(hex.dropFirst(2))
    else { throw .notHex(hex) }
    try self.init(bytes: bytes)
  }

  /// `0x` and 64 lower-case hexadecimal digits.
  public var hex: String { "0x" + Hex.encode(bytes) }

  /// The 32 bytes, most significant first.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      write(to: UnsafeMutableRawBufferPointer(buffer), at: 0)
      count = 32
    }
  }

  /// Writes the 32 bytes at `offset`; the buffer must hold them.
  func write(to buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
    buffer.storeBytes(of: word0.bigEndian, toByteOffset: offset, as: UInt64.self)
    buffer.storeBytes(of: word1.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
    buffer.storeBytes(of: word2.bigEndian, toByteOffset: offset + 16, as: UInt64.self)
    buffer.storeBytes(of: word3.bigEndian, toByteOffset: offset + 24, as: UInt64.self)
  }
}

extension Digest32: Comparable {
  public static func < (lhs: Digest32, rhs: Digest32) -> Bool {
    if lhs.word0 != rhs.word0 { return lhs.word0 < rhs.word0 }
    if lhs.word1 != rhs.word1 { return lhs.word1 < rhs.word1 }
    if lhs.word2 != rhs.word2 { return lhs.word2 < rhs.word2 }
    return lhs.word3 < rhs.word3
  }
}

extension Digest32: CustomStringConvertible {
  /// The same text as ``hex``.
  public var description: String { hex }
}

/// Why bytes or text are no ``Digest32``.
public enum DigestError: Error, Equatable, CustomStringConvertible {
  /// The number of bytes given; 32 are needed.
  case wrongLength(Int)
  /// The text given.
  case notHex(String)

  public var description: String {
    switch self {
    case .wrongLength(let count): "a digest has 32 bytes, not \(count)"
    case .notHex(let text):
      "a digest is written as 0x and 64 lower-case hexadecimal digits, not as '\(text)'"
    }
  }
}
