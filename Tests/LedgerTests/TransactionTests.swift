import Contributions
import Ledger
import Testing

@Suite struct TransactionTests {
  /// The examples of Ethereum's page on RLP.
  @Test(
    arguments: [
      (.bytes(Array("dog".utf8)), "0x83646f67"), (.bytes([]), "0x80"), (.list([]), "0xc0"),
      (.list([.bytes(Array("cat".utf8)), .bytes(Array("dog".utf8))]), "0xc88363617483646f67"),
      (.number(0), "0x80"), (.bytes([0]), "0x00"), (.number(15), "0x0f"),
      (.number(1024), "0x820400"),
      (
        .list([.list([]), .list([.list([])]), .list([.list([]), .list([.list([])])])]),
        "0xc7c0c1c0c3c0c1c0"
      ),
      (
        .bytes(Array("Lorem ipsum dolor sit amet, consectetur adipisicing elit".utf8)),
        "0xb8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e73656374657475"
          + "72206164697069736963696e6720656c6974"
      ),
    ] as [(RLP, String)])
  func reproducesThePublishedEncodings(item: RLP, encoded: String) {
    #expect(hexed(item.encoded) == encoded)
  }

  /// Random nested items, encoded by the Python package rlp.
  @Test func encodesAsAnotherImplementation() throws {
    for golden in try GoldenFile.load().rlp {
      #expect(hexed(golden.item.value.encoded) == golden.encoded)
    }
    let long = RLP.bytes([UInt8](repeating: 7, count: 70_000)).encoded
    #expect(hexed(Array(long.prefix(5))) == "0xba01117007")
    #expect(long.count == 70_004)
  }

  /// The example of EIP-155.
  @Test func reproducesThePublishedTransaction() throws {
    let transaction = LegacyTransaction(
      call: TransactionCall(
        chainID: 1, nonce: 9, gasLimit: 21_000,
        to: try EthereumAddress("0x3535353535353535353535353535353535353535"),
        value: UInt256(1_000_000_000_000_000_000)),
      gasPrice: 20_000_000_000)
    #expect(
      transaction.signingHash.hex
        == "0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53")
    let signed = try transaction.signed(
      with: LedgerKey(text: String(repeating: "46", count: 32)))
    #expect(
      hexed(signed.raw)
        == "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a7640000"
        + "8025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"
        + "a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83")
  }

  /// Transactions of both formats, signed by eth-account.
  @Test func signsAsAnotherImplementation() throws {
    for golden in try GoldenFile.load().transactions {
      let key = try LedgerKey(text: golden.secret)
      let call = TransactionCall(
        chainID: try #require(UInt64(golden.chainId)), nonce: try #require(UInt64(golden.nonce)),
        gasLimit: try #require(UInt64(golden.gas)),
        to: golden.to == "0x" ? nil : try EthereumAddress(golden.to),
        value: try #require(UInt256(decimal: golden.value)), data: try unhex(golden.data))
      let signed =
        if let price = golden.gasPrice {
          try LegacyTransaction(call: call, gasPrice: #require(UInt64(price))).signed(with: key)
        } else {
          try EIP1559Transaction(
            call: call,
            maxPriorityFeePerGas: #require(golden.maxPriorityFeePerGas.flatMap { UInt64($0) }),
            maxFeePerGas: #require(golden.maxFeePerGas.flatMap { UInt64($0) })
          ).signed(with: key)
        }
      #expect(hexed(signed.raw) == golden.raw)
      #expect(signed.hash.hex == golden.hash)
      #expect(signed.sender.description == golden.sender)
    }
  }

  /// v = 2 × (2⁶⁴ − 1) + 35 or 36 needs nine bytes: 0x02 00…00 21 or 22.
  @Test func bindsToTheLargestChainId() throws {
    let call = TransactionCall(chainID: .max, nonce: 0, gasLimit: 0, to: nil)
    let key = try ledgerKeys(1)[0]
    let raw = try LegacyTransaction(call: call, gasPrice: 0).signed(with: key).raw
    let text = Hex.encode(raw)
    #expect(text.contains("89020000000000000021a0") || text.contains("89020000000000000022a0"))
  }
}
