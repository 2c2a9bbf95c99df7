import Foundation
import Ledger

@testable import Bundles

/// A ledger's signers, their keys ascending by address.
struct LedgerFixture {
  let keys: [LedgerKey]
  let configuration: LedgerConfiguration

  init(signers: Int = 4, threshold: Int = 2, chainID: UInt64 = 31_337) throws {
    keys = try (1...signers).map {
      try LedgerKey(secret: Array(repeating: UInt8($0), count: 32))
    }.sorted { $0.address < $1.address }
    configuration = try LedgerConfiguration(
      chainID: chainID, contract: EthereumAddress("0x" + String(repeating: "c", count: 40)),
      configCount: 1, threshold: threshold, signers: keys.map(\.address))
  }

  static var stranger: LedgerKey {
    get throws { try LedgerKey(secret: Array(repeating: 99, count: 32)) }
  }
}

/// A bundle and copies of it, each for a key holder.
struct SigningFixture {
  let folder: TemporaryFolder
  let ledger: LedgerFixture
  let bundle: BundleReader

  init(_ contents: BundleContents = .tiny, ledger: LedgerFixture? = nil) throws {
    folder = try TemporaryFolder()
    self.ledger = try ledger ?? LedgerFixture()
    bundle = BundleReader(path: try BundleWriter(contents, keys: []).write(below: folder.path))
  }

  /// A copy of the bundle as it is now, signed by some of the keys.
  func copy(
    _ name: String, signedBy signers: [Int] = [], parent: Digest32 = .zero,
    for configuration: LedgerConfiguration? = nil
  ) throws -> BundleReader {
    let path = "\(folder.path)/\(name)"
    try FileManager.default.copyItem(atPath: bundle.path, toPath: path)
    let copy = BundleReader(path: path)
    for signer in signers {
      _ = try RootSigning.sign(
        copy, for: configuration ?? ledger.configuration, parent: parent, by: ledger.keys[signer])
    }
    return copy
  }

  func addresses(_ signers: [Int]) -> [EthereumAddress] { signers.map { ledger.keys[$0].address } }

  /// The root with other parts, written without judging them.
  func put(
    _ commitment: RootFile.Commitment?, _ signatures: [RecoverableSignature],
    in target: BundleReader
  ) throws {
    let file = try target.rootFile()
    let changed = RootFile(
      root: file.root, leafCount: file.leafCount, commitment: commitment, signatures: signatures)
    try target.writeLedgerFile(changed.json.bytes, named: RootFile.name)
  }
}
