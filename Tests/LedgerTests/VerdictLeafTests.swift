import Ledger
import Testing

@Suite struct VerdictLeafTests {
  /// Every field has distinct bytes, and integers use their full width.
  private func wideLeaf() throws -> VerdictLeaf {
    func digest(_ first: UInt8) throws -> Digest32 { try Digest32(bytes: first..<first + 32) }
    return VerdictLeaf(
      epoch: .max - 1, seq: .max - 2, contribution: try digest(0), subject: try digest(32),
      code: .abstain, scorePpm: 999_999, reasonBits: 1 << 63 + 5, unitsMicro: 123_456_789_012,
      evidence: try digest(64), supersedes: try digest(96))
  }

  /// Computed with the Python packages eth-abi and pycryptodome.
  @Test func encodesAndHashesAsEthereumTools() throws {
    let leaf = try wideLeaf()
    #expect(leaf.abiEncoded.count == 320)
    #expect(
      Keccak256.hash(leaf.abiEncoded).hex
        == "0x769da99d67d60ce8f4e2f6357a8f839dc428345614febf9a693b4f40941fc378")
    #expect(leaf.hash.hex == "0x82df47c173404dabd0f29f14a9a687d404c859e5a3e80df96e10ab7bec8a3099")
    #expect(leaf.hash == Keccak256.hash(Keccak256.hash(leaf.abiEncoded).bytes))
  }

  @Test func hasOneWordAField() throws {
    let bytes = try wideLeaf().abiEncoded
    let words = stride(from: 0, to: 320, by: 32).map { Array(bytes[$0..<$0 + 32]) }
    #expect(words.count == VerdictLeaf.encoding.count)
    for (word, type) in zip(words, VerdictLeaf.encoding) {
      guard type.hasPrefix("uint"), let bits = Int(type.dropFirst(4)) else { continue }
      #expect(word.prefix(32 - bits / 8).allSatisfy { $0 == 0 }, "\(type)")
    }
    #expect(words[4].last == 255)
    #expect(words[9] == Array(96..<128))
  }

  @Test func changesItsHashWithEveryField() throws {
    let leaf = try wideLeaf()
    let changes: [(inout VerdictLeaf) -> Void] = [
      { $0.epoch += 1 }, { $0.seq += 1 }, { $0.contribution = .zero }, { $0.subject = .zero },
      { $0.code = .hold }, { $0.scorePpm += 1 }, { $0.reasonBits += 1 }, { $0.unitsMicro += 1 },
      { $0.evidence = .zero }, { $0.supersedes = .zero },
    ]
    var hashes: Set<Digest32> = [leaf.hash]
    for change in changes {
      var changed = leaf
      change(&changed)
      hashes.insert(changed.hash)
    }
    #expect(hashes.count == 1 + VerdictLeaf.encoding.count)
  }

  /// Computed with eth-abi and pycryptodome.
  @Test func standsForAnEpochWithoutNodes() {
    let sentinel = VerdictLeaf.sentinel(epoch: 20412)
    #expect(sentinel.abiEncoded.prefix(32).suffix(2) == [0x4f, 0xbc])
    #expect(sentinel.abiEncoded.dropFirst(32).allSatisfy { $0 == 0 })
    #expect(
      sentinel.hash.hex == "0x0512b6d94fa94f9b1c09ac41ee1c4eafab375e65831f1738c1082dc2649c85c3")
  }

  /// Computed with pycryptodome.
  @Test func namesSubjectAndContribution() {
    #expect(
      VerdictLeaf.subject(node: "hs-Zürich-07").hex
        == "0x86335b9e07264371fe33a626a50781945f86498774cfc9ea02c25b079b9c4a75")
    #expect(
      VerdictLeaf.contribution(profile: "helium-poc", node: "hs-Zürich-07", epoch: 20412).hex
        == "0x879d67b40bb66df2307e9ef2c7edfccb72a17dda211f34b687113b5c70263e0f")
  }

  @Test func keepsTheCodesOfVerdicts() {
    #expect(VerdictCode.allCases.map(\.rawValue) == [0, 1, 2, 255])
    #expect(VerdictCode.allCases.map { "\($0)" } == ["reject", "accept", "hold", "abstain"])
  }
}
