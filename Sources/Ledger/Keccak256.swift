/// Keccak-256 as Ethereum uses it: rate 1088 bits, capacity 512, 24 rounds, output 256 bits, and
/// the original padding byte `0x01`.
///
/// This is not SHA3-256 of FIPS 202, which pads with `0x06` and so gives other digests. Neither
/// swift-crypto nor OpenSSL 3.0 has this function.
///
/// Source: Bertoni, Daemen, Peeters, Van Assche, "The Keccak reference", version 3.0 (2011).
public enum Keccak256 {
  /// Bytes absorbed by one permutation: (1600 − 512) / 8.
  static let rate = 136

  /// The digest of the bytes of a buffer, which may be empty.
  public static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest32 {
    withState { state in
      var offset = 0
      while bytes.count - offset >= rate {
        absorb(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + rate]), into: state)
        KeccakPermutation.apply(to: state)
        offset += rate
      }
      absorbLast(UnsafeRawBufferPointer(rebasing: bytes[offset...]), into: state)
      KeccakPermutation.apply(to: state)
    }
  }

  /// The digest of a sequence of bytes, which may be empty.
  ///
  /// A sequence without contiguous storage is copied first.
  public static func hash(_ bytes: some Sequence<UInt8>) -> Digest32 {
    if let digest = bytes.withContiguousStorageIfAvailable({ hash(UnsafeRawBufferPointer($0)) }) {
      return digest
    }
    return Array(bytes).withUnsafeBytes { hash($0) }
  }

  /// The digest of the 32 bytes of `digest`, as a double hash needs it.
  static func hash(_ digest: Digest32) -> Digest32 {
    withState { state in
      store(digest, in: state, at: 0)
      state[4] = 0x01
      state[16] = 1 << 63
      KeccakPermutation.apply(to: state)
    }
  }

  /// The digest of the 64 bytes `first ‖ second`.
  static func hash(_ first: Digest32, _ second: Digest32) -> Digest32 {
    withState { state in
      store(first, in: state, at: 0)
      store(second, in: state, at: 4)
      state[8] = 0x01
      state[16] = 1 << 63
      KeccakPermutation.apply(to: state)
    }
  }

  private typealias State = UnsafeMutablePointer<UInt64>

  /// Runs `body` on a zeroed state and reads the digest from its first four lanes.
  @inline(__always)
  private static func withState(_ body: (State) -> Void) -> Digest32 {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 25) { lanes in
      lanes.initialize(repeating: 0)
      guard let state = lanes.baseAddress else { return .zero }
      body(state)
      return Digest32(
        state[0].byteSwapped, state[1].byteSwapped, state[2].byteSwapped, state[3].byteSwapped)
    }
  }

  /// Lanes are little-endian words of the message; a digest holds big-endian ones.
  @inline(__always)
  private static func store(_ digest: Digest32, in state: State, at lane: Int) {
    state[lane] = digest.word0.byteSwapped
    state[lane + 1] = digest.word1.byteSwapped
    state[lane + 2] = digest.word2.byteSwapped
    state[lane + 3] = digest.word3.byteSwapped
  }

  /// Xors one whole block into the state.
  @inline(__always)
  private static func absorb(_ block: UnsafeRawBufferPointer, into state: State) {
    for lane in 0..<rate / 8 {
      let word: UInt64 = block.loadUnaligned(fromByteOffset: lane * 8, as: UInt64.self)
      state[lane] ^= UInt64(littleEndian: word)
    }
  }

  /// Xors the last, shorter block and its padding: `0x01`, zeros, and the top bit of the block.
  private static func absorbLast(_ rest: UnsafeRawBufferPointer, into state: State) {
    withUnsafeTemporaryAllocation(byteCount: rate, alignment: 8) { block in
      block.initializeMemory(as: UInt8.self, repeating: 0)
      block.copyMemory(from: rest)
      block[rest.count] = 0x01
      block[rate - 1] |= 0x80
      absorb(UnsafeRawBufferPointer(block), into: state)
    }
  }
}
