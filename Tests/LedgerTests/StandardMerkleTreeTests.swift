import Ledger
import Testing

@Suite struct StandardMerkleTreeTests {
  private func leaves(_ count: Int, seed: UInt64 = 7) throws -> [Digest32] {
    var generator = SplitMix64(state: seed)
    return try (0..<count).map { _ in try Digest32(bytes: generator.bytes(32)) }
  }

  /// The tree written down recursively from its definition, on byte arrays.
  private func naiveRoot(_ leaves: [Digest32]) -> [UInt8] {
    let sorted = leaves.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
    func node(_ index: Int) -> [UInt8] {
      if index >= sorted.count - 1 { return sorted[2 * sorted.count - 2 - index] }
      let children = [node(2 * index + 1), node(2 * index + 2)]
      let ordered = children.sorted { $0.lexicographicallyPrecedes($1) }
      return Keccak256.hash(ordered[0] + ordered[1]).bytes
    }
    return node(0)
  }

  /// The vector `test/dumps/standard-v1.sorted.1_0_6.json` of OpenZeppelin merkle-tree: the strings
  /// "a" to "f", of which the ABI encoding is written out here.
  @Test func reproducesTheDumpOfOpenZeppelin() throws {
    let hashes = try "abcdef".utf8.map { letter in
      var abi = [UInt8](repeating: 0, count: 96)
      (abi[31], abi[63], abi[64]) = (32, 1, letter)
      return try Digest32(bytes: Keccak256.hash(Keccak256.hash(abi).bytes).bytes)
    }
    let tree = try StandardMerkleTree(leafHashes: hashes)
    #expect(
      tree.nodes.map(\.hex) == [
        "0x6deb52b5da8fd108f79fab00341f38d2587896634c646ee52e49f845680a70c8",
        "0x52426e0f1f65ff7e209a13b8c29cffe82e3acaf3dad0a9b9088f3b9a61a929c3",
        "0xfd3cf45654e88d1cc5d663578c82c76f4b5e3826bacaa1216441443504538f51",
        "0x8076923e76cf01a7c048400a2304c9a9c23bbbdac3a98ea3946340fdafbba34f",
        "0x965b92c6cf08303cc4feb7f3e0819c436c2cec17c6f0688a6af139c9a368707c",
        "0xeba909cf4bb90c6922771d7f126ad0fd11dfde93f3937a196274e1ac20fd2f5b",
        "0xc62a8cfa41edc0ef6f6ae27a2985b7d39c7fea770787d7e104696c6e81f64848",
        "0x9cf5a63718145ba968a01c1d557020181c5b252f665cf7386d370eddb176517b",
        "0x9c15a6a0eaeed500fd9eed4cbeab71f797cefcc67bfd46683e4d2e6ff7f06d1c",
        "0x9a4f64e953595df82d1b4f570d34c4f4f0cfaf729a61e9d60e83e579e1aa283e",
        "0x19ba6c6333e0e9a15bf67523e0676e2f23eb8e574092552d5e888c64a4bb3681",
      ])
  }

  /// A root that a Python implementation of the format and a contract agree on.
  @Test func commitsToThreeVerdicts() throws {
    func repeating(_ byte: UInt8) throws -> Digest32 {
      try Digest32(bytes: repeatElement(byte, count: 32))
    }
    let hashes = try (0..<3).map { seq in
      VerdictLeaf(
        epoch: 1, seq: UInt32(seq), contribution: try repeating(UInt8(seq) + 1),
        subject: try repeating(9), code: .accept, scorePpm: 900_000 - UInt32(seq), reasonBits: 0,
        unitsMicro: 1_000_000, evidence: try repeating(7)
      ).hash
    }
    #expect(
      try StandardMerkleTree(leafHashes: hashes).root.hex
        == "0x350c0a285f7b91723e2b24f26dd83cb608503012938fc2801e9cb462787d5485")
  }

  /// Leaf i is the double hash of the two bytes of i, low byte first; the digest of the roots for 1
  /// to 300 leaves was computed with pycryptodome.
  @Test func agreesWithAnotherImplementationForEverySizeTo300() throws {
    let hashes = (0..<300).map {
      Keccak256.hash(Keccak256.hash([UInt8($0 & 255), UInt8($0 >> 8)]).bytes)
    }
    var roots: [UInt8] = []
    for count in 1...300 {
      roots += try StandardMerkleTree(leafHashes: Array(hashes.prefix(count))).root.bytes
    }
    let expected = "0x400efb6e1a0dd5b7597efcea263f14bd0b74d803096ac0e939061196166c51bd"
    #expect(Keccak256.hash(roots).hex == expected)
  }

  @Test(arguments: 1...40)
  func hasTheRootOfItsDefinitionInAnyOrder(count: Int) throws {
    let hashes = try leaves(count)
    let tree = try StandardMerkleTree(leafHashes: hashes)
    var generator = SplitMix64(state: UInt64(count))
    #expect(tree.root.bytes == naiveRoot(hashes))
    #expect(
      try StandardMerkleTree(leafHashes: hashes.shuffled(using: &generator)).root == tree.root)
    #expect(try StandardMerkleTree.root(ofLeafHashes: hashes) == tree.root)
    #expect(tree.leafCount == count)
    #expect(try (0..<count).map { try tree.sortedLeaf(at: $0) } == hashes.sorted())
  }

  @Test(arguments: 1...40)
  func provesEveryLeafAndNothingElse(count: Int) throws {
    let hashes = try leaves(count)
    let tree = try StandardMerkleTree(leafHashes: hashes)
    var generator = SplitMix64(state: UInt64(count))
    for (position, leaf) in hashes.sorted().enumerated() {
      let proof = try tree.proof(forSortedLeaf: position)
      #expect(try tree.proof(for: leaf) == proof)
      #expect(StandardMerkleTree.verify(leaf: leaf, proof: proof, root: tree.root))
      let wrongLeaf = try flip(leaf, using: &generator)
      let wrongRoot = try flip(tree.root, using: &generator)
      #expect(!StandardMerkleTree.verify(leaf: wrongLeaf, proof: proof, root: tree.root))
      #expect(!StandardMerkleTree.verify(leaf: leaf, proof: proof, root: wrongRoot))
      #expect(!StandardMerkleTree.verify(leaf: leaf, proof: proof + [leaf], root: tree.root))
      for index in proof.indices {
        var damaged = proof
        damaged[index] = try flip(proof[index], using: &generator)
        #expect(!StandardMerkleTree.verify(leaf: leaf, proof: damaged, root: tree.root))
        damaged.remove(at: index)
        #expect(!StandardMerkleTree.verify(leaf: leaf, proof: damaged, root: tree.root))
      }
    }
  }

  @Test func failsForEveryFlippedBit() throws {
    let hashes = try leaves(11)
    let tree = try StandardMerkleTree(leafHashes: hashes)
    let proof = try tree.proof(for: hashes[4])
    for bit in 0..<256 {
      let leaf = try flip(hashes[4], bit: bit)
      #expect(!StandardMerkleTree.verify(leaf: leaf, proof: proof, root: tree.root))
      for index in proof.indices {
        var damaged = proof
        damaged[index] = try flip(proof[index], bit: bit)
        #expect(!StandardMerkleTree.verify(leaf: hashes[4], proof: damaged, root: tree.root))
      }
    }
  }

  /// Three times keccak256("x") and twice keccak256("y"): root computed with pycryptodome.
  @Test func keepsEqualLeaves() throws {
    let (x, y) = (Keccak256.hash("x".utf8), Keccak256.hash("y".utf8))
    let tree = try StandardMerkleTree(leafHashes: [x, y, x, y, x])
    #expect(tree.root.hex == "0x0b3afe16d5200fbf60f4c8399bea6fb6e730445355f688400d5f5de5460e2719")
    #expect(try StandardMerkleTree.root(ofLeafHashes: [x, y, x, y, x]) == tree.root)
    for position in 0..<5 {
      let (leaf, proof) = (
        try tree.sortedLeaf(at: position), try tree.proof(forSortedLeaf: position)
      )
      #expect(StandardMerkleTree.verify(leaf: leaf, proof: proof, root: tree.root))
    }
    #expect(try tree.proof(for: max(x, y)) == tree.proof(forSortedLeaf: x < y ? 3 : 2))
  }

  @Test func saysWhatItCannotDo() throws {
    #expect(throws: MerkleTreeError.noLeaves) { try StandardMerkleTree(leafHashes: []) }
    #expect(throws: MerkleTreeError.noLeaves) { try StandardMerkleTree.root(ofLeafHashes: []) }
    let tree = try StandardMerkleTree(leafHashes: try leaves(3))
    for position in [-1, 3] {
      #expect(throws: MerkleTreeError.noSuchPosition(position, leafCount: 3)) {
        try tree.proof(forSortedLeaf: position)
      }
      #expect(throws: MerkleTreeError.noSuchPosition(position, leafCount: 3)) {
        try tree.sortedLeaf(at: position)
      }
    }
    let extremes = [Digest32.zero, try Digest32(bytes: repeatElement(255, count: 32))]
    for absent in extremes + [tree.root] {
      #expect(throws: MerkleTreeError.noSuchLeaf(absent)) { try tree.proof(for: absent) }
    }
  }

  private func flip(_ digest: Digest32, bit: Int) throws -> Digest32 {
    var bytes = digest.bytes
    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    return try Digest32(bytes: bytes)
  }

  private func flip(_ digest: Digest32, using generator: inout SplitMix64) throws -> Digest32 {
    try flip(digest, bit: Int.random(in: 0..<256, using: &generator))
  }
}
