/// What a verdict says, with the code that a leaf carries.
public enum VerdictCode: UInt8, CaseIterable, Sendable {
  case reject = 0
  case accept = 1
  case hold = 2
  /// Too little evidence to judge; never a pass.
  case abstain = 255
}

/// One verdict as the ledger commits to it: ten static ABI words, 320 bytes.
public struct VerdictLeaf: Hashable, Sendable {
  /// Days since 1970-01-01 for daily epochs.
  public var epoch: UInt64
  /// The position of the node in its epoch, nodes ordered by the bytes of their name.
  public var seq: UInt32
  /// What was judged; see ``contribution(profile:node:epoch:)``.
  public var contribution: Digest32
  /// Who was judged; see ``subject(node:)``.
  public var subject: Digest32
  public var code: VerdictCode
  /// Millionths.
  public var scorePpm: UInt32
  /// Bit b is set if the reason with bit b of the profile's catalogue applies.
  public var reasonBits: UInt64
  /// Millionths of a contribution unit.
  public var unitsMicro: UInt64
  /// SHA-256 over the node's canonical records.
  public var evidence: Digest32
  /// The hash of the leaf that this one replaces, else ``Digest32/zero``.
  public var supersedes: Digest32

  public init(
    epoch: UInt64, seq: UInt32, contribution: Digest32, subject: Digest32, code: VerdictCode,
    scorePpm: UInt32, reasonBits: UInt64, unitsMicro: UInt64, evidence: Digest32,
    supersedes: Digest32 = .zero
  ) {
    self.epoch = epoch
    self.seq = seq
    self.contribution = contribution
    self.subject = subject
    self.code = code
    self.scorePpm = scorePpm
    self.reasonBits = reasonBits
    self.unitsMicro = unitsMicro
    self.evidence = evidence
    self.supersedes = supersedes
  }

  /// The one leaf of an epoch without nodes, as a tree cannot be empty: all zero but the epoch.
  ///
  /// Its code is therefore that of `reject`, and its subject the zero digest, which is no node's.
  public static func sentinel(epoch: UInt64) -> VerdictLeaf {
    VerdictLeaf(
      epoch: epoch, seq: 0, contribution: .zero, subject: .zero, code: .reject, scorePpm: 0,
      reasonBits: 0, unitsMicro: 0, evidence: .zero)
  }

  /// keccak256(UTF-8 of `node`).
  public static func subject(node: String) -> Digest32 {
    Keccak256.hash(node.utf8)
  }

  /// keccak256(`profile` ‖ 0x00 ‖ `node` ‖ 0x00 ‖ `epoch` in decimal), text as UTF-8.
  ///
  /// Distinct arguments give distinct messages as long as `profile` and `node` hold no U+0000.
  public static func contribution(profile: String, node: String, epoch: UInt64) -> Digest32 {
    Keccak256.hash("\(profile)\0\(node)\0\(epoch)".utf8)
  }
}

extension VerdictLeaf {
  /// The ABI types of the fields in order, as the `leafEncoding` of a tree dump names them.
  public static let encoding: [String] = [
    "uint64", "uint32", "bytes32", "bytes32", "uint8", "uint32", "uint64", "uint64", "bytes32",
    "bytes32",
  ]

  private static let encodedSize = 320

  /// `abi.encode` of the ten fields: 32 bytes each, integers big-endian and padded on the left.
  public var abiEncoded: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.encodedSize) { buffer, count in
      write(to: UnsafeMutableRawBufferPointer(buffer))
      count = Self.encodedSize
    }
  }

  /// keccak256(keccak256(``abiEncoded``)).
  ///
  /// Hashed twice, so that no inner node of a tree, a hash of 64 bytes, can pass for a leaf.
  public var hash: Digest32 {
    withUnsafeTemporaryAllocation(byteCount: Self.encodedSize, alignment: 8) { buffer in
      write(to: buffer)
      return Keccak256.hash(Keccak256.hash(UnsafeRawBufferPointer(buffer)))
    }
  }

  /// Writes the 320 bytes; the buffer must hold them.
  private func write(to buffer: UnsafeMutableRawBufferPointer) {
    Self.word(epoch).write(to: buffer, at: 0)
    Self.word(UInt64(seq)).write(to: buffer, at: 32)
    contribution.write(to: buffer, at: 64)
    subject.write(to: buffer, at: 96)
    Self.word(UInt64(code.rawValue)).write(to: buffer, at: 128)
    Self.word(UInt64(scorePpm)).write(to: buffer, at: 160)
    Self.word(reasonBits).write(to: buffer, at: 192)
    Self.word(unitsMicro).write(to: buffer, at: 224)
    evidence.write(to: buffer, at: 256)
    supersedes.write(to: buffer, at: 288)
  }

  private static func word(_ value: UInt64) -> Digest32 { Digest32(0, 0, 0, value) }
}
