/// What the tiles of a log hold.
///
/// Source: https://c2sp.org/tlog-tiles.
public enum LogTile {
  /// The most bytes that an entry of a tile may have: its length is written in 16 bits.
  public static let largestEntry = 65_535

  /// A tile of hashes: 32 bytes each.
  public static func bytes(of hashes: some Sequence<Digest32>) -> [UInt8] {
    hashes.flatMap(\.bytes)
  }

  /// The hashes of a tile.
  ///
  /// - Throws: ``LogError/notATile(_:)`` for any other length than 32·`width`.
  public static func hashes(_ bytes: [UInt8], width: Int) throws(LogError) -> [Digest32] {
    guard bytes.count == 32 * width else {
      throw .notATile("\(width) hashes do not have \(bytes.count) bytes")
    }
    var hashes: [Digest32] = []
    for start in stride(from: 0, to: bytes.count, by: 32) {
      guard let hash = try? Digest32(bytes: bytes[start..<start + 32]) else { break }
      hashes.append(hash)
    }
    return hashes
  }

  /// A bundle of entries: each behind its length in 16 bits, big-endian.
  ///
  /// - Throws: ``LogError/notATile(_:)`` for an entry above ``largestEntry``.
  public static func bytes(ofEntries entries: [[UInt8]]) throws(LogError) -> [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries {
      guard entry.count <= largestEntry else {
        throw .notATile("an entry has \(entry.count) bytes, more than \(largestEntry)")
      }
      bytes.append(UInt8(entry.count >> 8))
      bytes.append(UInt8(entry.count & 0xFF))
      bytes += entry
    }
    return bytes
  }

  /// The entries of a bundle.
  ///
  /// - Throws: ``LogError/notATile(_:)`` when there are not exactly `count`, to the last byte.
  public static func entries(_ bytes: [UInt8], count: Int) throws(LogError) -> [[UInt8]] {
    var entries: [[UInt8]] = []
    var rest = bytes[...]
    while let high = rest.popFirst(), let low = rest.popFirst() {
      let length = Int(high) << 8 | Int(low)
      guard rest.count >= length, entries.count < count else {
        throw .notATile("its entries are not \(count), or not of the lengths written")
      }
      entries.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    let read = entries.reduce(0) { $0 + 2 + $1.count }
    guard entries.count == count, read == bytes.count else {
      throw .notATile("its entries are not \(count), or not of the lengths written")
    }
    return entries
  }
}
