import Bundles
import Contributions
import Foundation
import Ledger

/// What a bundle keeps of the transaction that brings its root to the chain.
struct PostingNote {
  let bundle: BundleReader
  let approval: RootApproval

  /// Notes a transaction: before it is sent with its sender, once it is seen with its block.
  func write(
    _ hash: Digest32, sender: EthereumAddress? = nil, block: UInt64? = nil
  ) throws(BundleError) {
    var members: [String: CanonicalJSON] = [
      "transaction": .string(hash.hex), "struct_hash": .string(approval.root.structHash.hex),
      "chain_id": .string(String(approval.configuration.chainID)),
      "contract": .string(approval.configuration.contract.description),
    ]
    members["sender"] = sender.map { .string($0.description) }
    members["block"] = block.map { .string(String($0)) }
    try bundle.writeLedgerFile(
      CanonicalJSON.object(members).bytes, named: RootSigning.transactionFile)
  }

  /// The transaction sent for this very root before; `nil` where there is none.
  func transaction() throws(BundleError) -> Digest32? {
    guard try bundle.fileNames().contains(RootSigning.transactionFile),
      let object = try? JSONSerialization.jsonObject(
        with: Data(try bundle.stored(RootSigning.transactionFile))) as? [String: Any],
      object["struct_hash"] as? String == approval.root.structHash.hex,
      let text = object["transaction"] as? String
    else { return nil }
    return try? Digest32(hex: text)
  }
}
