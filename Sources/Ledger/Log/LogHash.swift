import Crypto

/// The hashes of RFC 6962, section 2.1, with SHA-256. The prefix keeps an entry from passing for an
/// inner node.
public enum LogHash {
  /// The root of an empty tree: SHA-256 of no bytes.
  public static let empty = digest(SHA256.hash(data: [UInt8]()))

  /// The leaf hash of an entry: SHA-256(0x00 ‖ entry).
  public static func leaf(_ entry: some Sequence<UInt8>) -> Digest32 {
    digest(SHA256.hash(data: [0] + Array(entry)))
  }

  /// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
  public static func node(_ left: Digest32, _ right: Digest32) -> Digest32 {
    withUnsafeTemporaryAllocation(byteCount: 65, alignment: 1) { buffer in
      buffer[0] = 1
      left.write(to: UnsafeMutableRawBufferPointer(rebasing: buffer[1...]), at: 0)
      right.write(to: UnsafeMutableRawBufferPointer(rebasing: buffer[33...]), at: 0)
      var hasher = SHA256()
      hasher.update(bufferPointer: UnsafeRawBufferPointer(buffer))
      return digest(hasher.finalize())
    }
  }

  private static func digest(_ hash: SHA256.Digest) -> Digest32 {
    hash.withUnsafeBytes { bytes in
      func word(_ index: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
      }
      return Digest32(word(0), word(1), word(2), word(3))
    }
  }

  /// The first four bytes of SHA-256, big-endian: the id of a key that signs notes.
  static func keyID(_ bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: digest(SHA256.hash(data: bytes)).word0 >> 32)
  }
}
