/// A fast hash of bytes for tables inside one process; nothing that is signed depends on it.
///
/// Its key is drawn anew by each process: identities come from strangers, who could otherwise send
/// many that collide.
public enum ByteHash {
  @usableFromInline static let key = UInt64.random(in: 0 ... .max)

  /// 64 well-mixed bits of `bytes`: eight bytes at a time through a 128-bit product.
  @inlinable
  public static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var state: UInt64 = key ^ UInt64(truncatingIfNeeded: bytes.count)
    guard let base = bytes.baseAddress else { return mix(state) }
    var offset = 0
    while offset + 8 <= bytes.count {
      state = mix(state ^ base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var tail: UInt64 = 0
    while offset < bytes.count {
      tail = tail << 8 | UInt64(base.load(fromByteOffset: offset, as: UInt8.self))
      offset += 1
    }
    return mix(state ^ tail)
  }

  @inlinable
  static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}
