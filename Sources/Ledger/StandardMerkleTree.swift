import Foundation

/// The complete binary tree of OpenZeppelin's `StandardMerkleTree`, format `standard-v1`.
///
/// The N leaf hashes are sorted ascending; sorted leaf j is node 2N − 2 − j of 2N − 1 nodes, the
/// root is node 0, the children of node i are 2i + 1 and 2i + 2, and a parent is
/// keccak256(min ‖ max) of its children. There is no padding, and no odd node is promoted. As pairs
/// are ordered by value, a proof needs no left or right.
///
/// Source: OpenZeppelin merkle-tree 1.0, `src/core.ts`.
public struct StandardMerkleTree: Sendable {
  /// All 2N − 1 nodes, in the order in which a dump lists them.
  public let nodes: [Digest32]

  /// The tree over these leaf hashes, in any order; equal ones are leaves of their own.
  ///
  /// Holds 64 bytes a leaf, besides the 32 of `leafHashes`; ``root(ofLeafHashes:tasks:)`` needs
  /// half of that.
  ///
  /// - Parameter tasks: how many threads share the work; all processors unless told otherwise.
  /// - Throws: ``MerkleTreeError/noLeaves``; an epoch without nodes has
  ///   ``VerdictLeaf/sentinel(epoch:)``.
  public init(
    leafHashes: [Digest32], tasks: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws(MerkleTreeError) {
    guard !leafHashes.isEmpty else { throw .noLeaves }
    let count = 2 * leafHashes.count - 1
    nodes = [Digest32](unsafeUninitializedCapacity: count) { buffer, initialized in
      var leaves = UnsafeMutableBufferPointer(rebasing: buffer[(leafHashes.count - 1)..<count])
      ParallelDigests.sort(leafHashes, into: leaves, tasks: tasks)
      leaves.reverse()
      Self.fillInnerNodes(of: buffer, count: leafHashes.count - 1, tasks: tasks)
      initialized = count
    }
  }

  /// Hashes the first `count` nodes, one level after the other, as each needs the one below.
  private static func fillInnerNodes(
    of nodes: UnsafeMutableBufferPointer<Digest32>, count: Int, tasks: Int
  ) {
    // Safe as each share writes places of its own and reads those of the level below.
    nonisolated(unsafe) let nodes = nodes
    var end = count
    while end > 0 {
      // The level of node i begins at the largest 2^d − 1 that is at most i.
      let first = (1 << (Int.bitWidth - 1 - end.leadingZeroBitCount)) - 1
      ParallelDigests.forEachShare(of: end - first, tasks: tasks) { range in
        for index in range.lowerBound + first..<range.upperBound + first {
          nodes[index] = parent(nodes[2 * index + 1], nodes[2 * index + 2])
        }
      }
      end = first
    }
  }

  /// What a ledger stores: the hash that commits to every leaf.
  public var root: Digest32 { nodes[0] }

  /// The number N of leaves.
  public var leafCount: Int { nodes.count / 2 + 1 }

  /// The leaf hash at `position` in ascending order.
  ///
  /// - Throws: ``MerkleTreeError/noSuchPosition(_:leafCount:)`` outside 0..<N.
  public func sortedLeaf(at position: Int) throws(MerkleTreeError) -> Digest32 {
    nodes[try node(ofSortedLeaf: position)]
  }

  /// The siblings on the way from the leaf at `position` in ascending order to the root, bottom up:
  /// ⌊log₂ N⌋ or ⌈log₂ N⌉ digests, none in a tree of one leaf.
  ///
  /// - Throws: ``MerkleTreeError/noSuchPosition(_:leafCount:)`` outside 0..<N.
  public func proof(forSortedLeaf position: Int) throws(MerkleTreeError) -> [Digest32] {
    var siblings: [Digest32] = []
    var index = try node(ofSortedLeaf: position)
    while index > 0 {
      siblings.append(nodes[index.isMultiple(of: 2) ? index - 1 : index + 1])
      index = (index - 1) / 2
    }
    return siblings
  }

  /// The proof for the leaf with this hash; of equal leaves, the first in order.
  ///
  /// - Throws: ``MerkleTreeError/noSuchLeaf(_:)`` if the tree has no such leaf.
  public func proof(for leafHash: Digest32) throws(MerkleTreeError) -> [Digest32] {
    var low = 0
    var high = leafCount
    while low < high {
      let middle = (low + high) / 2
      if nodes[nodes.count - 1 - middle] < leafHash { low = middle + 1 } else { high = middle }
    }
    guard low < leafCount, nodes[nodes.count - 1 - low] == leafHash else {
      throw .noSuchLeaf(leafHash)
    }
    return try proof(forSortedLeaf: low)
  }

  private func node(ofSortedLeaf position: Int) throws(MerkleTreeError) -> Int {
    guard (0..<leafCount).contains(position) else {
      throw .noSuchPosition(position, leafCount: leafCount)
    }
    return nodes.count - 1 - position
  }

  @inline(__always)
  private static func parent(_ first: Digest32, _ second: Digest32) -> Digest32 {
    first < second ? Keccak256.hash(first, second) : Keccak256.hash(second, first)
  }
}

extension StandardMerkleTree {
  /// Whether `proof` leads from the leaf hash `leaf` to `root`.
  ///
  /// `leaf` must be computed from the values it stands for, as by ``VerdictLeaf/hash``: any inner
  /// node of the tree has a proof as well.
  public static func verify(leaf: Digest32, proof: [Digest32], root: Digest32) -> Bool {
    proof.reduce(leaf, parent) == root
  }

  /// The root of the tree over these leaf hashes, without the tree.
  ///
  /// From the last node to the first, each pair of nodes is used once and in the order in which
  /// nodes were made. So the tree is a queue: take two from the front, put their parent at the
  /// back, until one is left. The queue reuses the places of the N sorted leaves.
  ///
  /// - Parameter tasks: how many threads share the sorting; all processors unless told otherwise.
  /// - Throws: ``MerkleTreeError/noLeaves``.
  public static func root(
    ofLeafHashes leafHashes: [Digest32],
    tasks: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws(MerkleTreeError) -> Digest32 {
    guard !leafHashes.isEmpty else { throw .noLeaves }
    var queue: [Digest32] = ParallelDigests.sorted(leafHashes, tasks: tasks)
    var front = 0
    var back = 0
    func advance(_ index: inout Int) {
      index = index + 1 == queue.count ? 0 : index + 1
    }
    for _ in 1..<queue.count {
      let first = queue[front]
      advance(&front)
      let second = queue[front]
      advance(&front)
      queue[back] = parent(first, second)
      advance(&back)
    }
    return queue[front]
  }
}

/// Why a tree or a proof cannot be made.
public enum MerkleTreeError: Error, Equatable, CustomStringConvertible {
  case noLeaves
  /// The position asked for, and the number of leaves.
  case noSuchPosition(Int, leafCount: Int)
  /// The leaf hash asked for.
  case noSuchLeaf(Digest32)

  public var description: String {
    switch self {
    case .noLeaves: "a Merkle tree needs at least one leaf"
    case .noSuchPosition(let position, let leafCount):
      "the tree has \(leafCount) leaves, so none at position \(position)"
    case .noSuchLeaf(let hash): "the tree has no leaf \(hash)"
    }
  }
}
