import Contributions
import Glibc

/// The nodes one worker has met, each with a small number in order of first appearance.
struct NodeTable: ~Copyable {
  private var bytes = UnsafeMutableRawPointer.allocate(byteCount: 1 << 16, alignment: 8)
  private var capacity = 1 << 16
  private var used = 0
  private var ends: [Int] = []
  private var hashes: [UInt64] = []
  private var slots = [UInt32](repeating: .max, count: 1024)

  deinit {
    bytes.deallocate()
  }

  var count: Int { ends.count }

  /// The number of the node whose identity is `text`, and the hash of that identity.
  mutating func number(of text: UnsafeRawBufferPointer) -> (number: UInt32, hash: UInt64) {
    let hash = ByteHash.hash(text)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != .max {
      let number = slots[slot]
      if hashes[Int(number)] == hash, equals(number, text) { return (number, hash) }
      slot = (slot + 1) & mask
    }
    return (add(text, hash: hash, slot: slot), hash)
  }

  /// The identity of a node.
  func identity(_ number: Int) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: bytes + start(number), count: ends[number] - start(number)))
  }

  private func start(_ number: Int) -> Int {
    number == 0 ? 0 : ends[number - 1]
  }

  private func equals(_ number: UInt32, _ text: UnsafeRawBufferPointer) -> Bool {
    let start = start(Int(number))
    guard ends[Int(number)] - start == text.count, let base = text.baseAddress else { return false }
    return memcmp(bytes + start, base, text.count) == 0
  }

  private mutating func add(_ text: UnsafeRawBufferPointer, hash: UInt64, slot: Int) -> UInt32 {
    if used + text.count > capacity { enlarge(by: text.count) }
    if let base = text.baseAddress { (bytes + used).copyMemory(from: base, byteCount: text.count) }
    used += text.count
    let number = UInt32(ends.count)
    ends.append(used)
    hashes.append(hash)
    slots[slot] = number
    if ends.count * 2 > slots.count { rehash() }
    return number
  }

  private mutating func enlarge(by count: Int) {
    let larger = max(capacity * 2, used + count)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
    moved.copyMemory(from: bytes, byteCount: used)
    bytes.deallocate()
    bytes = moved
    capacity = larger
  }

  private mutating func rehash() {
    slots = [UInt32](repeating: .max, count: slots.count * 2)
    let mask = slots.count - 1
    for number in hashes.indices {
      var slot = Int(truncatingIfNeeded: hashes[number]) & mask
      while slots[slot] != .max { slot = (slot + 1) & mask }
      slots[slot] = UInt32(number)
    }
  }
}
