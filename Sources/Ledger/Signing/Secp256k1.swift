import CSecp256k1

/// The few functions of libsecp256k1 that signing and recovery need, on plain byte arrays.
enum Secp256k1 {
  /// The order n of the group, big-endian.
  ///
  /// Source: SEC 2, version 2.0, section 2.4.1.
  static let order = Digest32(
    0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_fffe, 0xbaae_dce6_af48_a03b, 0xbfd2_5e8c_d036_4141)

  /// (n − 1) / 2: of the two valid values s and n − s of a signature, the low one is at most this.
  static let halfOrder = Digest32(
    0x7fff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0x5d57_6e73_57a4_501d, 0xdfe9_2f46_681b_20a0)

  /// Whether these are the 32 bytes of a number from 1 to n − 1.
  static func isSecret(_ bytes: [UInt8]) -> Bool {
    bytes.count == 32 && secp256k1_ec_seckey_verify(Context.shared.pointer, bytes) == 1
  }

  /// The public key x ‖ y of a secret; nil unless it ``isSecret(_:)``.
  static func publicKey(ofSecret secret: [UInt8]) -> [UInt8]? {
    guard isSecret(secret), let context = Context.blinded() else { return nil }
    var key = secp256k1_pubkey()
    guard secp256k1_ec_pubkey_create(context.pointer, &key, secret) == 1 else { return nil }
    return serialized(&key)
  }

  /// The signature r ‖ s of `digest` and the parity of its point, with the nonce of RFC 6979 and
  /// a low s; nil unless the secret ``isSecret(_:)``.
  static func sign(_ digest: [UInt8], secret: [UInt8]) -> (compact: [UInt8], parity: Int32)? {
    guard digest.count == 32, isSecret(secret), let context = Context.blinded() else { return nil }
    var signature = secp256k1_ecdsa_recoverable_signature()
    guard
      secp256k1_ecdsa_sign_recoverable(context.pointer, &signature, digest, secret, nil, nil) == 1
    else { return nil }
    var compact = [UInt8](repeating: 0, count: 64)
    var parity: Int32 = 0
    secp256k1_ecdsa_recoverable_signature_serialize_compact(
      context.pointer, &compact, &parity, &signature)
    return (compact, parity)
  }

  /// The public key x ‖ y that made this signature of `digest`; nil if there is none.
  static func recover(digest: [UInt8], compact: [UInt8], parity: Int32) -> [UInt8]? {
    guard digest.count == 32, compact.count == 64, 0...1 ~= parity else { return nil }
    let context = Context.shared.pointer
    var signature = secp256k1_ecdsa_recoverable_signature()
    var key = secp256k1_pubkey()
    guard
      secp256k1_ecdsa_recoverable_signature_parse_compact(context, &signature, compact, parity)
        == 1, secp256k1_ecdsa_recover(context, &key, &signature, digest) == 1
    else { return nil }
    return serialized(&key)
  }

  private static func serialized(_ key: inout secp256k1_pubkey) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 65)
    var count = bytes.count
    secp256k1_ec_pubkey_serialize(
      Context.shared.pointer, &bytes, &count, &key, UInt32(SECP256K1_EC_UNCOMPRESSED))
    return Array(bytes.dropFirst())
  }

  /// The working memory of the library.
  ///
  /// Unchecked because the pointer is never written through once `init` has returned, and the
  /// library allows any number of threads to read a context.
  private final class Context: @unchecked Sendable {
    let pointer: OpaquePointer

    /// For work without secrets.
    static let shared = Context()

    init() {
      // The library aborts the process itself when it has no memory, so nil does not occur.
      pointer = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE))
    }

    /// A context of its own for one use of a secret, blinded with fresh random bytes against
    /// leaks through timing and power. It costs less than the signature.
    static func blinded() -> Context? {
      var generator = SystemRandomNumberGenerator()
      let seed = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let context = Context()
      return secp256k1_context_randomize(context.pointer, seed) == 1 ? context : nil
    }

    deinit { secp256k1_context_destroy(pointer) }
  }
}
