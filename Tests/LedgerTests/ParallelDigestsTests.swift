import Ledger
import Testing

/// Trees large enough to be built by several threads.
@Suite struct ParallelDigestsTests {
  private func digests(_ count: Int, seed: UInt64) throws -> [Digest32] {
    var generator = SplitMix64(state: seed)
    return try (0..<count).map { _ in try Digest32(bytes: generator.bytes(32)) }
  }

  /// Roots of trees of 2047 to 5001 leaves, built in Python with pycryptodome's Keccak-256.
  @Test func agreesWithAnotherImplementationBeyondOneThread() throws {
    let hashes = (0..<5001).map { index in
      Keccak256.hash(
        Keccak256.hash((0..<4).map { UInt8(truncatingIfNeeded: index >> (8 * $0)) }).bytes)
    }
    for golden in try GoldenFile.load().trees {
      let leaves = Array(hashes.prefix(golden.count))
      #expect(try StandardMerkleTree(leafHashes: leaves).root.hex == golden.root)
      #expect(try StandardMerkleTree.root(ofLeafHashes: leaves).hex == golden.root)
    }
  }

  @Test(arguments: [1, 2, 2047, 2048, 5000])
  func givesTheSameForAnyNumberOfTasks(count: Int) throws {
    let hashes = try digests(count, seed: UInt64(count))
    let tree = try StandardMerkleTree(leafHashes: hashes, tasks: 1)
    #expect(try (0..<count).map { try tree.sortedLeaf(at: $0) } == hashes.sorted())
    for tasks in [-1, 0, 2, 5000] {
      #expect(try StandardMerkleTree(leafHashes: hashes, tasks: tasks).nodes == tree.nodes)
      #expect(try StandardMerkleTree.root(ofLeafHashes: hashes, tasks: tasks) == tree.root)
    }
  }

  /// Digests that differ in their last bytes only, all equal ones, and the two ends of the range.
  @Test func sortsDigestsThatAreNoHashes() throws {
    var generator = SplitMix64(state: 3)
    let near = try (0..<5000).map { _ in
      try Digest32(bytes: [UInt8](repeating: 7, count: 30) + generator.bytes(2))
    }
    let ends = [Digest32.zero, try Digest32(bytes: [UInt8](repeating: 255, count: 32))]
    let equal = [Digest32](repeating: near[0], count: 3000)
    for leaves in [near, equal, near + equal + ends, (0..<5000).map { ends[$0 % 2] }] {
      let tree = try StandardMerkleTree(leafHashes: leaves, tasks: 3)
      #expect(try leaves.indices.map { try tree.sortedLeaf(at: $0) } == leaves.sorted())
      #expect(try StandardMerkleTree.root(ofLeafHashes: leaves, tasks: 3) == tree.root)
    }
  }

  @Test(arguments: [0, 1, 2047, 2048, 5001])
  func hashesEveryLeafInOrder(count: Int) {
    let leaves = (0..<count).map { index in
      VerdictLeaf(
        epoch: 1, seq: UInt32(index), contribution: UInt256(UInt64(index)).word, subject: .zero,
        code: .hold, scorePpm: 5, reasonBits: 1 << UInt64(index % 64),
        unitsMicro: UInt64(index), evidence: .zero)
    }
    for tasks in [0, 1, 2, 5] {
      #expect(VerdictLeaf.hashes(of: leaves, tasks: tasks) == leaves.map(\.hash))
    }
  }
}
