import Contributions
import Ledger
import Testing

@Suite struct VerdictRootTests {
  private let domain = LedgerDomain(chainID: 31337, contract: EthereumAddress.zero)

  private func root(using generator: inout SplitMix64) throws -> VerdictRoot {
    VerdictRoot(
      epoch: generator.next(), revision: UInt32(truncatingIfNeeded: generator.next()),
      root: try Digest32(bytes: generator.bytes(32)), leafCount: generator.next(),
      manifestHash: try Digest32(bytes: generator.bytes(32)),
      parent: try Digest32(bytes: generator.bytes(32)),
      configDigest: try Digest32(bytes: generator.bytes(32)))
  }

  @Test func hasTheAgreedTypeHash() {
    #expect(
      VerdictRoot.typeHash.hex
        == "0xcc1167f9b1078e6283b1d3b9d04d2c5bc7f6198fdd79664db31fc57e426fed5e")
  }

  /// Roots under several domains, hashed by eth-account.
  @Test func agreesWithAnotherImplementation() throws {
    for typed in try GoldenFile.load().typedData.roots {
      let (root, domain) = try VerdictRoot.read(TypedData(json: Array(typed.json.utf8)))
      #expect(domain.separator.hex == typed.domainSeparator)
      #expect(root.structHash.hex == typed.messageHash)
      #expect(root.digest(under: domain).hex == typed.digest)
      #expect(root.typedData(under: domain).json.text == typed.json)
    }
  }

  /// The fixed encoding of this struct and the general one of EIP-712 are written independently.
  @Test func isTheTypedDataItShows() throws {
    var generator = SplitMix64(state: 712)
    for _ in 0..<200 {
      let root = try root(using: &generator)
      let domain = LedgerDomain(
        chainID: generator.next(), contract: try EthereumAddress(bytes: generator.bytes(20)))
      let data = root.typedData(under: domain)
      let again = try TypedData(
        types: data.types, primaryType: data.primaryType, domain: data.domain,
        message: data.message)
      #expect(again == data)
      #expect(again.digest == root.digest(under: domain))
      let read = try VerdictRoot.read(TypedData(json: data.json.bytes))
      #expect(read.root == root)
      #expect(read.domain == domain)
    }
  }

  @Test func hasAnotherDigestForEveryOtherField() throws {
    var generator = SplitMix64(state: 7)
    let first = try root(using: &generator)
    var others = [VerdictRoot](repeating: first, count: 7)
    others[0].epoch ^= 1
    others[1].revision ^= 1
    others[2].root = .zero
    others[3].leafCount ^= 1
    others[4].manifestHash = .zero
    others[5].parent = .zero
    others[6].configDigest = .zero
    var digests = Set(others.map { $0.digest(under: domain) })
    digests.insert(first.digest(under: domain))
    digests.insert(first.digest(under: LedgerDomain(chainID: 1, contract: domain.contract)))
    let contract = try EthereumAddress(bytes: generator.bytes(20))
    digests.insert(first.digest(under: LedgerDomain(chainID: 31337, contract: contract)))
    #expect(digests.count == 10)
  }

  @Test func refusesTypedDataOfAnythingElse() throws {
    var generator = SplitMix64(state: 8)
    let data = try root(using: &generator).typedData(under: domain)
    func read(
      types: [String: [TypedData.Member]]? = nil, domain: [String: TypedValue] = [:],
      message: [String: TypedValue] = [:], primaryType: String = "VerdictRoot"
    ) throws -> (root: VerdictRoot, domain: LedgerDomain) {
      try VerdictRoot.read(
        TypedData(
          types: types ?? data.types, primaryType: primaryType,
          domain: data.domain.merging(domain) { $1 },
          message: data.message.merging(message) { $1 }))
    }
    #expect(try read().root == VerdictRoot.read(data).root)
    #expect(throws: VerdictRootError.wrongDomain) { try read(domain: ["name": .string("Other")]) }
    #expect(throws: VerdictRootError.wrongDomain) { try read(domain: ["version": .string("2")]) }
    #expect(throws: VerdictRootError.chainOutOfRange) {
      try read(domain: ["chainId": .unsigned(.max)])
    }
    var types = data.types
    types["Other"] = []
    #expect(throws: VerdictRootError.wrongTypes) { try read(types: types) }
    types = data.types
    types["VerdictRoot"]?.append(.init("note", "string"))
    #expect(throws: VerdictRootError.wrongTypes) {
      try read(types: types, message: ["note": .string("")])
    }
  }
}
