import Contributions

/// A secp256k1 signature that tells its signer: 65 bytes r ‖ s ‖ v with v 27 or 28.
///
/// Of the two values of s that are valid for every signature, only the low one is taken: with both
/// allowed, anyone could turn one signature into another (EIP-2).
public struct RecoverableSignature: Hashable, Sendable {
  public let r: Digest32
  public let s: Digest32
  /// 27 plus ``yParity``.
  public let v: UInt8

  /// - Throws: ``RecoverableSignatureError``, of several faults the first in the order of its
  ///   cases.
  public init(bytes: [UInt8]) throws(RecoverableSignatureError) {
    guard bytes.count == 65, let r = try? Digest32(bytes: bytes[..<32]),
      let s = try? Digest32(bytes: bytes[32..<64])
    else { throw .wrongLength(bytes.count) }
    guard r > .zero, r < Secp256k1.order else { throw .rOutOfRange }
    guard s > .zero, s < Secp256k1.order else { throw .sOutOfRange }
    guard s <= Secp256k1.halfOrder else { throw .highS }
    guard 27...28 ~= bytes[64] else { throw .wrongV(bytes[64]) }
    self.r = r
    self.s = s
    v = bytes[64]
  }

  /// The signature written as `0x` and 130 lower-case hexadecimal digits.
  ///
  /// - Throws: ``RecoverableSignatureError``.
  public init(hex: String) throws(RecoverableSignatureError) {
    guard hex.hasPrefix("0x"), let bytes = Hex.decode(hex.dropFirst(2)) else { throw .notHex }
    try self.init(bytes: bytes)
  }

  /// The 65 bytes.
  public var bytes: [UInt8] { r.bytes + s.bytes + [v] }

  /// `0x` and 130 lower-case hexadecimal digits.
  public var hex: String { "0x" + Hex.encode(bytes) }

  /// Whether the y coordinate of the signature's point is odd: 0 or 1.
  public var yParity: UInt8 { v - 27 }

  /// The account whose key signed `digest`.
  ///
  /// Almost any signature has a signer for almost any digest, so the result proves nothing before
  /// it is compared with the accounts expected.
  ///
  /// - Throws: ``RecoverableSignatureError/noSigner`` if r is no point of the curve.
  public func recover(_ digest: Digest32) throws(RecoverableSignatureError) -> EthereumAddress {
    guard
      let publicKey = Secp256k1.recover(
        digest: digest.bytes, compact: r.bytes + s.bytes, parity: Int32(yParity))
    else { throw .noSigner }
    return EthereumAddress(publicKey: publicKey)
  }
}

extension RecoverableSignature: CustomStringConvertible {
  /// The same text as ``hex``.
  public var description: String { hex }
}

/// Why bytes are no ``RecoverableSignature``, or have no signer.
public enum RecoverableSignatureError: Error, Equatable, CustomStringConvertible {
  case notHex
  /// The number of bytes given; 65 are needed.
  case wrongLength(Int)
  case rOutOfRange
  case sOutOfRange
  case highS
  /// The last byte given.
  case wrongV(UInt8)
  case noSigner

  public var description: String {
    switch self {
    case .notHex: "a signature is written as 0x and 130 lower-case hexadecimal digits"
    case .wrongLength(let count): "a signature has 65 bytes r, s and v, not \(count)"
    case .rOutOfRange: "r of the signature is zero or not below the group's order"
    case .sOutOfRange: "s of the signature is zero or not below the group's order"
    case .highS: "s of the signature is in the upper half, where others could have moved it"
    case .wrongV(let v): "v of the signature is \(v), not 27 or 28"
    case .noSigner: "the signature is of no key"
    }
  }
}
