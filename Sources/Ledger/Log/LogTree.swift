/// The Merkle tree of an append-only log, as RFC 6962 defines it: SHA-256, leaves in the order in
/// which they came.
///
/// Kept are the hashes of all complete subtrees, 2·n in all (64 bytes an entry), so that a root or
/// a proof for any earlier size costs O(log² n) hashes, and a tile is a slice. Not to be taken for
/// ``StandardMerkleTree``, which sorts its leaves and whose proofs contracts check.
public struct LogTree: Sendable {
  /// `levels[k][i]` = MTH(D[i·2ᵏ : (i+1)·2ᵏ]), for every subtree that is complete.
  private var levels: [[Digest32]] = [[]]

  /// The empty tree.
  public init() {}

  /// The tree over these leaf hashes, in order; see ``LogHash/leaf(_:)``.
  public init(leafHashes: some Sequence<Digest32>) {
    for hash in leafHashes { append(leafHash: hash) }
  }

  /// The number of entries.
  public var size: Int { levels[0].count }

  /// Adds one entry at the end, with one further hash on average.
  public mutating func append(leafHash: Digest32) {
    var hash = leafHash
    var level = 0
    while true {
      if level == levels.count { levels.append([]) }
      levels[level].append(hash)
      let count = levels[level].count
      guard count.isMultiple(of: 2) else { return }
      hash = LogHash.node(levels[level][count - 2], hash)
      level += 1
    }
  }

  /// The hashes of the entries, in order.
  public var leafHashes: [Digest32] { levels[0] }

  /// The hash of the whole tree; of no entries it is SHA-256 of no bytes.
  public var root: Digest32 { size == 0 ? LogHash.empty : hash(of: 0..<size) }

  /// The hash of the tree when it had `size` entries.
  ///
  /// - Throws: ``LogError/outOfRange(_:)`` for a size that the tree never had.
  public func root(size: Int) throws(LogError) -> Digest32 {
    try requireSize(size)
    return size == 0 ? LogHash.empty : hash(of: 0..<size)
  }

  /// The hashes of a tile: `width` complete subtrees of 256^level entries from the first one of the
  /// tile on.
  ///
  /// - Throws: ``LogError/outOfRange(_:)`` when the tree does not hold that many.
  public func hashes(level: Int, tile: Int, width: Int) throws(LogError) -> ArraySlice<Digest32> {
    let row = 8 * level
    guard level >= 0, tile >= 0, (1...256).contains(width), row < levels.count,
      tile <= levels[row].count / 256, levels[row].count - 256 * tile >= width
    else { throw .outOfRange("tile \(tile) of width \(width) at level \(level), size \(size)") }
    return levels[row][256 * tile..<256 * tile + width]
  }

  /// The hashes that lead from an entry to the root of the tree of `size` entries, the leaf's
  /// sibling first: PATH(m, D[n]) of RFC 9162, section 2.1.3.1.
  ///
  /// - Throws: ``LogError/outOfRange(_:)``.
  public func inclusionProof(index: Int, size: Int) throws(LogError) -> [Digest32] {
    try requireSize(size)
    guard (0..<size).contains(index) else { throw .outOfRange("entry \(index) of \(size)") }
    var range = 0..<size
    var path: [Digest32] = []
    while range.count > 1 {
      let middle = Self.middle(of: range)
      if index < middle {
        path.append(hash(of: middle..<range.upperBound))
        range = range.lowerBound..<middle
      } else {
        path.append(hash(of: range.lowerBound..<middle))
        range = middle..<range.upperBound
      }
    }
    return path.reversed()
  }

  /// The hashes that show the tree of `new` entries to begin with the tree of `old`: PROOF(m, D[n])
  /// of RFC 9162, section 2.1.4.1; nothing for `old` 0, with which every tree begins, and for equal
  /// sizes.
  ///
  /// - Throws: ``LogError/outOfRange(_:)``.
  public func consistencyProof(from old: Int, to new: Int) throws(LogError) -> [Digest32] {
    try requireSize(new)
    guard (0...new).contains(old) else { throw .outOfRange("size \(old) of \(new)") }
    guard old > 0, old < new else { return [] }
    var range = 0..<new
    var path: [Digest32] = []
    while range.upperBound != old {
      let middle = Self.middle(of: range)
      if old <= middle {
        path.append(hash(of: middle..<range.upperBound))
        range = range.lowerBound..<middle
      } else {
        path.append(hash(of: range.lowerBound..<middle))
        range = middle..<range.upperBound
      }
    }
    // What is left is a subtree of the old tree; the verifier knows it when it is all of that.
    if range.lowerBound > 0 { path.append(hash(of: range)) }
    return path.reversed()
  }

  private func requireSize(_ size: Int) throws(LogError) {
    guard (0...self.size).contains(size) else { throw .outOfRange("size \(size) of \(self.size)") }
  }

  /// Where RFC 6962 parts a range: after the largest power of two below its length.
  private static func middle(of range: Range<Int>) -> Int {
    let length = range.count - 1
    return range.lowerBound + 1 << (Int.bitWidth - 1 - length.leadingZeroBitCount)
  }

  /// MTH over a range that starts where a subtree of its length could; never empty.
  private func hash(of range: Range<Int>) -> Digest32 {
    let level = range.count.trailingZeroBitCount
    if range.count == 1 << level { return levels[level][range.lowerBound >> level] }
    let middle = Self.middle(of: range)
    return LogHash.node(
      hash(of: range.lowerBound..<middle), hash(of: middle..<range.upperBound))
  }
}
