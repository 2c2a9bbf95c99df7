/// A 64-bit hash of a text that is the same in every process and on every machine.
///
/// For what is kept between runs or ordered by hash. It has no key: whoever wants collisions can
/// make them, so nothing may be accused by a single equal hash.
public enum StableHash {
  /// FNV-1a over the UTF-8 bytes (Fowler, Noll & Vo, 64 bits), its bits mixed once more so that
  /// short texts spread.
  public static func of(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    let product = hash.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}
