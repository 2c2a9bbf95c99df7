import Testing

@testable import Ledger

/// The definitions of RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1, written down as they stand
/// there; roots are remembered by range, nothing else is clever.
private struct Definition {
  let leaves: [Digest32]
  private var roots: [Range<Int>: Digest32] = [:]

  init(_ leaves: [Digest32]) { self.leaves = leaves }

  private func split(_ range: Range<Int>) -> Int {
    var k = 1
    while 2 * k < range.count { k *= 2 }
    return range.lowerBound + k
  }

  mutating func root(_ range: Range<Int>) -> Digest32 {
    if let root = roots[range] { return root }
    guard range.count > 1 else { return range.isEmpty ? LogHash.empty : leaves[range.lowerBound] }
    let k = split(range)
    let root = LogHash.node(root(range.lowerBound..<k), root(k..<range.upperBound))
    roots[range] = root
    return root
  }

  mutating func path(_ m: Int, _ range: Range<Int>) -> [Digest32] {
    guard range.count > 1 else { return [] }
    let k = split(range)
    let (left, right) = (range.lowerBound..<k, k..<range.upperBound)
    return m < k ? path(m, left) + [root(right)] : path(m, right) + [root(left)]
  }

  mutating func subproof(_ m: Int, _ range: Range<Int>, _ isWhole: Bool) -> [Digest32] {
    if m == range.upperBound { return isWhole ? [] : [root(range)] }
    let k = split(range)
    let (left, right) = (range.lowerBound..<k, k..<range.upperBound)
    return m <= k
      ? subproof(m, left, isWhole) + [root(right)]
      : subproof(m, right, false) + [root(left)]
  }
}

@Suite struct LogTreeOracleTests {
  private static let leaves = (0..<130).map { LogHash.leaf("entry \($0)".utf8) }
  private static let tree = LogTree(leafHashes: leaves)

  /// All sizes, indices and old sizes.
  @Test func rootsAndProofsAreThoseOfTheDefinition() throws {
    var definition = Definition(Self.leaves)
    for size in 0...130 {
      let root = definition.root(0..<size)
      #expect(try Self.tree.root(size: size) == root)
      #expect(LogTree(leafHashes: Self.leaves[..<size]).root == root)
      for index in 0..<size {
        let path = definition.path(index, 0..<size)
        #expect(try Self.tree.inclusionProof(index: index, size: size) == path)
        let expected = index == 0 ? [] : definition.subproof(index, 0..<size, true)
        #expect(try Self.tree.consistencyProof(from: index, to: size) == expected)
      }
    }
  }

  @Test(arguments: 0...130)
  func everyProofOfEverySizeVerifies(size: Int) throws {
    let tree = Self.tree
    let root = try tree.root(size: size)
    for index in 0..<size {
      let proof = try tree.inclusionProof(index: index, size: size)
      let isIncluded = LogTree.isIncluded(
        leafHash: Self.leaves[index], index: index, size: size, root: root, proof: proof)
      #expect(isIncluded)
    }
    for old in 0...size {
      let proof = try tree.consistencyProof(from: old, to: size)
      let isConsistent = LogTree.isConsistent(
        oldSize: old, oldRoot: try tree.root(size: old), newSize: size, newRoot: root,
        proof: proof)
      #expect(isConsistent)
    }
  }

  /// A proof with one thing wrong: a bit, a hash too many or too few, two exchanged.
  private func damaged(_ proof: [Digest32], root: Digest32) -> [[Digest32]] {
    var variants = [proof + [root], [root] + proof, proof + [LogHash.empty]]
    for index in proof.indices {
      var flipped = proof
      flipped[index] = Digest32(proof[index].word0, proof[index].word1 ^ 8, 0, 0)
      variants.append(flipped)
      variants.append(Array(proof[..<index] + proof[(index + 1)...]))
      var swapped = proof
      swapped.swapAt(index, 0)
      if swapped != proof { variants.append(swapped) }
    }
    return variants
  }

  @Test(arguments: [1, 2, 3, 5, 6, 7, 8, 9, 12, 13, 16, 17, 31])
  func noDamagedInclusionProofVerifies(size: Int) throws {
    let root = try Self.tree.root(size: size)
    for index in 0..<size {
      let leaf = Self.leaves[index]
      let proof = try Self.tree.inclusionProof(index: index, size: size)
      func isIncluded(
        _ leaf: Digest32, _ index: Int, _ size: Int, _ root: Digest32, _ proof: [Digest32]
      ) -> Bool {
        LogTree.isIncluded(leafHash: leaf, index: index, size: size, root: root, proof: proof)
      }
      for variant in damaged(proof, root: root) {
        #expect(!isIncluded(leaf, index, size, root, variant))
      }
      for other in [-1, index - 1, index + 1, size, Int.max] where other != index {
        #expect(!isIncluded(leaf, other, size, root, proof))
      }
      for other in [-1, 0, 2 * size, index] where other != size {
        #expect(!isIncluded(leaf, index, other, root, proof))
      }
      #expect(!isIncluded(LogHash.empty, index, size, root, proof))
      #expect(!isIncluded(leaf, index, size, LogHash.empty, proof))
    }
  }

  @Test(arguments: [1, 2, 3, 5, 6, 7, 8, 9, 12, 13, 16, 17, 31])
  func noDamagedConsistencyProofVerifies(size: Int) throws {
    let root = try Self.tree.root(size: size)
    for old in 0...size {
      let oldRoot = try Self.tree.root(size: old)
      let proof = try Self.tree.consistencyProof(from: old, to: size)
      func isConsistent(
        _ old: Int, _ oldRoot: Digest32, _ size: Int, _ root: Digest32, _ proof: [Digest32]
      ) -> Bool {
        LogTree.isConsistent(
          oldSize: old, oldRoot: oldRoot, newSize: size, newRoot: root, proof: proof)
      }
      for variant in damaged(proof, root: root) {
        #expect(!isConsistent(old, oldRoot, size, root, variant))
      }
      for other in [-1, old - 1, old + 1, size + 1] {
        #expect(!isConsistent(other, oldRoot, size, root, proof))
      }
      #expect(!isConsistent(old, Self.leaves[100], size, root, proof))
      // Nothing is claimed of the new root by an empty proof from the empty tree.
      #expect(!isConsistent(old, oldRoot, size, Self.leaves[100], proof) || old == 0)
      if old < size { #expect(!isConsistent(size, root, old, oldRoot, proof)) }
    }
  }

  @Test func whatATreeDoesNotHaveIsRefused() {
    let tree = LogTree(leafHashes: Self.leaves[..<5])
    for size in [-1, 6] {
      #expect(throws: LogError.self) { try tree.root(size: size) }
    }
    #expect(throws: LogError.self) { try tree.inclusionProof(index: 5, size: 5) }
    #expect(throws: LogError.self) { try tree.inclusionProof(index: -1, size: 5) }
    #expect(throws: LogError.self) { try tree.inclusionProof(index: 0, size: 6) }
    #expect(throws: LogError.self) { try tree.consistencyProof(from: 4, to: 3) }
    #expect(throws: LogError.self) { try tree.consistencyProof(from: 1, to: 6) }
    #expect(throws: LogError.self) { try tree.hashes(level: 0, tile: 0, width: 6) }
    #expect(throws: LogError.self) { try tree.hashes(level: 1, tile: 0, width: 1) }
  }
}
