import Glibc

/// Distinct strings, kept once and named by small codes in order of first appearance.
public struct TextPool: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var hashes: [UInt64] = []
  private var slots: [Int32] = []

  public init() {}

  /// Number of distinct strings.
  public var count: Int { ends.count }

  /// The code of `text`, new or old.
  public mutating func intern(_ text: UnsafeRawBufferPointer) -> Int32 {
    if (ends.count + 1) * 2 > slots.count { grow() }
    let mask = slots.count - 1
    let hash = ByteHash.hash(text)
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      let code = slots[slot]
      // Equal hashes are nearly always equal strings: others are told apart without their bytes.
      if hashes[Int(code)] == hash, equals(code, text) { return code }
      slot = (slot + 1) & mask
    }
    let code = Int32(ends.count)
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    hashes.append(hash)
    slots[slot] = code
    return code
  }

  /// The string of `code`; empty for a code that was never given.
  public func text(_ code: Int32) -> String {
    guard code >= 0, Int(code) < ends.count else { return "" }
    return String(decoding: bytes[range(code)], as: UTF8.self)
  }

  private func range(_ code: Int32) -> Range<Int> {
    (code == 0 ? 0 : ends[Int(code) - 1])..<ends[Int(code)]
  }

  private func equals(_ code: Int32, _ text: UnsafeRawBufferPointer) -> Bool {
    let range = range(code)
    guard range.count == text.count else { return false }
    return bytes.withUnsafeBytes { bytes in
      guard let own = bytes.baseAddress, let other = text.baseAddress else { return true }
      return memcmp(own + range.lowerBound, other, text.count) == 0
    }
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: max(16, slots.count * 2))
    let mask = slots.count - 1
    for (code, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(code)
    }
  }
}
