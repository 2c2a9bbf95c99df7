extension LogTree {
  /// Whether `proof` leads from the entry's hash at `index` to the root of the tree of `size`
  /// entries.
  ///
  /// The algorithm of RFC 9162, section 2.1.3.2. False for anything that is not exactly a proof:
  /// an index outside the tree, a hash too many or too few.
  public static func isIncluded(
    leafHash: Digest32, index: Int, size: Int, root: Digest32, proof: [Digest32]
  ) -> Bool {
    guard index >= 0, index < size else { return false }
    var position = index
    var last = size - 1
    var hash = leafHash
    for sibling in proof {
      guard last > 0 else { return false }
      if position & 1 == 1 || position == last {
        hash = LogHash.node(sibling, hash)
        // A node without sibling moves up until it is a right child.
        while position & 1 == 0 && position != 0 {
          position >>= 1
          last >>= 1
        }
      } else {
        hash = LogHash.node(hash, sibling)
      }
      position >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }

  /// Whether `proof` shows that the tree of `newSize` entries begins with the tree of `oldSize`.
  ///
  /// The algorithm of RFC 9162, section 2.1.4.2; for the sizes which it leaves out: the empty tree
  /// is the beginning of any tree, and equal trees have equal roots, both with an empty proof.
  /// False for anything that is not exactly a proof.
  public static func isConsistent(
    oldSize: Int, oldRoot: Digest32, newSize: Int, newRoot: Digest32, proof: [Digest32]
  ) -> Bool {
    guard oldSize >= 0, oldSize <= newSize else { return false }
    if oldSize == newSize {
      return proof.isEmpty && oldRoot == newRoot && (oldSize > 0 || oldRoot == LogHash.empty)
    }
    if oldSize == 0 { return proof.isEmpty && oldRoot == LogHash.empty }
    // A complete old tree is itself the first node, which the proof then leaves out.
    let isComplete = oldSize & (oldSize - 1) == 0
    let nodes = (isComplete ? [oldRoot] : []) + proof
    guard let first = nodes.first else { return false }
    var position = oldSize - 1
    var last = newSize - 1
    while position & 1 == 1 {
      position >>= 1
      last >>= 1
    }
    var (oldHash, newHash) = (first, first)
    for node in nodes.dropFirst() {
      guard last > 0 else { return false }
      if position & 1 == 1 || position == last {
        oldHash = LogHash.node(node, oldHash)
        newHash = LogHash.node(node, newHash)
        while position & 1 == 0 && position != 0 {
          position >>= 1
          last >>= 1
        }
      } else {
        newHash = LogHash.node(newHash, node)
      }
      position >>= 1
      last >>= 1
    }
    return last == 0 && oldHash == oldRoot && newHash == newRoot
  }
}
