import Contributions
import Ledger
import Testing

@Suite struct LedgerConfigurationTests {
  /// Digests of keccak256 over `abi.encode` by eth-abi, for 1 to 32 signers.
  @Test func agreesWithAnotherImplementation() throws {
    for golden in try GoldenFile.load().configurations {
      let configuration = try LedgerConfiguration(json: Array(golden.json.utf8))
      #expect(configuration.digest.hex == golden.digest)
      #expect(configuration.json.text == golden.json)
    }
  }

  @Test func readsNumbersAsTextAndInAnySpelling() throws {
    let text = """
      { "signers" : [ "0x00000000000000000000000000000000000000aa" ], "threshold" : "1",
        "contract" : "0x00000000000000000000000000000000000000BB", "chain_id": 18446744073709551615,
        "config_count": "7" }
      """
    let configuration = try LedgerConfiguration(json: Array(text.utf8))
    #expect(configuration.chainID == .max)
    #expect(configuration.configCount == 7)
    #expect(configuration.domain.contract == configuration.contract)
    #expect(try LedgerConfiguration(json: configuration.json.bytes) == configuration)
  }

  @Test func hasAnotherDigestForEveryOtherMember() throws {
    let signers = try ledgerKeys(3).map(\.address)
    let digests = try [
      (1, signers[0], 1, 2, signers), (2, signers[0], 1, 2, signers),
      (1, signers[1], 1, 2, signers), (1, signers[0], 2, 2, signers),
      (1, signers[0], 1, 3, signers), (1, signers[0], 1, 2, Array(signers.dropLast())),
    ].map { chain, contract, count, threshold, signers in
      try LedgerConfiguration(
        chainID: chain, contract: contract, configCount: count, threshold: threshold,
        signers: signers
      ).digest
    }
    #expect(Set(digests).count == digests.count)
  }

  @Test func refusesWhatNoContractHas() throws {
    let signers = try ledgerKeys(33).map(\.address)
    func make(
      chain: UInt64 = 1, contract: EthereumAddress? = nil, count: UInt64 = 1, threshold: Int = 1,
      signers list: [EthereumAddress]
    ) throws -> LedgerConfiguration {
      try LedgerConfiguration(
        chainID: chain, contract: contract ?? signers[0], configCount: count,
        threshold: threshold, signers: list)
    }
    let (a, b, c) = (signers[0], signers[1], signers[2])
    typealias Fault = LedgerConfigurationError
    #expect(throws: Fault.zero("chain_id")) { try make(chain: 0, signers: [a]) }
    #expect(throws: Fault.zero("contract")) { try make(contract: .zero, signers: [a]) }
    #expect(throws: Fault.zero("config_count")) { try make(count: 0, signers: [a]) }
    #expect(throws: Fault.wrongSignerCount(0)) { try make(signers: []) }
    #expect(throws: Fault.wrongSignerCount(33)) { try make(signers: signers) }
    #expect(throws: Fault.zero("signers[0]")) { try make(signers: [.zero, a]) }
    #expect(throws: Fault.zero("signers[1]")) { try make(signers: [a, .zero]) }
    #expect(throws: Fault.duplicateSigner(index: 2)) { try make(signers: [a, b, b]) }
    #expect(throws: Fault.unsorted(index: 2)) { try make(signers: [a, c, b]) }
    for threshold in [-1, 0, 4] {
      #expect(throws: Fault.wrongThreshold(threshold, signers: 3)) {
        try make(threshold: threshold, signers: [a, b, c])
      }
    }
    #expect(try make(threshold: 32, signers: signers.dropLast()).signers.count == 32)
  }

  /// One member of a good configuration replaced by other JSON text.
  @Test func namesTheMemberThatIsWrong() throws {
    let address = "\"0x00000000000000000000000000000000000000aa\""
    let good = [
      "chain_id": "1", "config_count": "1", "contract": address, "signers": "[\(address)]",
      "threshold": "1",
    ]
    func read(_ members: [String: String]) throws -> LedgerConfiguration {
      let text = members.map { "\"\($0)\":\($1)" }.joined(separator: ",")
      return try LedgerConfiguration(json: Array("{\(text)}".utf8))
    }
    func error(_ member: String, _ value: String?) -> LedgerConfigurationError? {
      var members = good
      members[member] = value
      return #expect(throws: LedgerConfigurationError.self) { try read(members) }
    }
    #expect(throws: Never.self) { try read(good) }
    for member in good.keys { #expect(error(member, nil) == .missing(member)) }
    #expect(error("note", "1") == .unexpected("note"))
    let integer = "an integer from 0 to 2^64 - 1"
    for member in ["chain_id", "config_count", "threshold"] {
      for value in ["-1", "1.5", "1e3", "\"0x1\"", "18446744073709551616", "null", "[]"] {
        #expect(error(member, value) == .wrongValue(member, expected: integer))
      }
    }
    #expect(error("threshold", "0") == .wrongThreshold(0, signers: 1))
    #expect(
      error("threshold", "18446744073709551615") == .wrongThreshold(.max, signers: 1))
    #expect(error("contract", "1") == .wrongValue("contract", expected: "an address as text"))
    #expect(error("contract", "\"0x1\"") == .wrongAddress("contract", .notHex("0x1")))
    #expect(error("signers", "{}") == .wrongValue("signers", expected: "an array of addresses"))
    #expect(
      error("signers", "[\(address),1]")
        == .wrongValue("signers[1]", expected: "an address as text"))
    #expect(error("signers", "[\"a\"]") == .wrongAddress("signers[0]", .notHex("a")))
    #expect(throws: LedgerConfigurationError.notAnObject) {
      try LedgerConfiguration(json: Array("[]".utf8))
    }
    #expect(throws: LedgerConfigurationError.notJSON(.syntax(offset: 0))) {
      try LedgerConfiguration(json: [])
    }
    #expect("\(LedgerConfigurationError.missing("threshold"))" == "threshold is missing")
  }
}
