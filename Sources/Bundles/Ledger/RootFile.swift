import Contributions
import Foundation
import Ledger

/// The root of a bundle as a ledger takes it: `ledger/root.json`.
public struct RootFile: Sendable, Equatable {
  /// What is signed: the struct, and the contract that it is for.
  public struct Commitment: Sendable, Equatable {
    public let domain: LedgerDomain
    public let message: VerdictRoot

    public init(domain: LedgerDomain, message: VerdictRoot) {
      self.domain = domain
      self.message = message
    }

    /// What wallets show and sign.
    public var typedData: TypedData { message.typedData(under: domain) }

    /// The EIP-712 digest.
    public var digest: Digest32 { message.digest(under: domain) }
  }

  public static let name = "ledger/root.json"

  public let root: Digest32
  public let leafCount: Int
  /// `nil` until a ledger is configured.
  public let commitment: Commitment?
  /// Over the commitment's digest, in ascending order of the signers' addresses.
  public let signatures: [RecoverableSignature]

  init(root: Digest32, leafCount: Int) {
    self.init(root: root, leafCount: leafCount, commitment: nil, signatures: [])
  }

  init(
    root: Digest32, leafCount: Int, commitment: Commitment?, signatures: [RecoverableSignature]
  ) {
    self.root = root
    self.leafCount = leafCount
    self.commitment = commitment
    self.signatures = signatures
  }

  /// What the verdicts alone determine of it.
  public var unsigned: RootFile { RootFile(root: root, leafCount: leafCount) }

  /// The one JSON form.
  public var json: CanonicalJSON {
    .object([
      "root": .string(root.hex), "leaf_count": .integer(Int64(leafCount)),
      "leaf_encoding": .array(VerdictLeaf.encoding.map { .string($0) }),
      "typed_data": commitment.map { $0.typedData.json } ?? .null,
      "signatures": .array(signatures.map { .string($0.hex) }),
    ])
  }

  /// Reads the file.
  ///
  /// - Throws: `BundleError.malformed`, also for a spelling of it other than `json`.
  public init(json bytes: [UInt8]) throws(BundleError) {
    do {
      let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
      guard let object, let root = object["root"] as? String,
        let leafCount = object["leaf_count"] as? Int,
        let signatures = object["signatures"] as? [String]
      else { throw BundleError.malformed("members are missing or have a wrong type") }
      self.init(
        root: try Digest32(hex: root), leafCount: leafCount,
        commitment: try Self.commitment(object["typed_data"]),
        signatures: try signatures.map { try RecoverableSignature(hex: $0) })
    } catch {
      throw .malformed("\(Self.name) does not hold what it should: \(error)")
    }
    guard json.bytes == bytes else {
      throw .malformed("\(Self.name) is not in its one form")
    }
  }

  private static func commitment(_ typedData: Any?) throws -> Commitment? {
    guard let typedData = typedData as? [String: Any] else { return nil }
    let bytes = try JSONSerialization.data(withJSONObject: typedData)
    let (message, domain) = try VerdictRoot.read(try TypedData(json: Array(bytes)))
    return Commitment(domain: domain, message: message)
  }

  /// The accounts that signed, in the order of the signatures.
  ///
  /// - Throws: `BundleError.malformed` where a signature is of nobody, or they are not in strictly
  ///   ascending order of their signers.
  public func signers() throws(BundleError) -> [EthereumAddress] {
    guard let digest = commitment?.digest else {
      guard signatures.isEmpty else { throw .malformed("\(Self.name): signatures of nothing") }
      return []
    }
    var signers: [EthereumAddress] = []
    for signature in signatures {
      do {
        signers.append(try signature.recover(digest))
      } catch {
        throw .malformed("\(Self.name): \(error)")
      }
    }
    guard zip(signers, signers.dropFirst()).allSatisfy(<) else {
      throw .malformed("\(Self.name): signatures are not in ascending order of distinct signers")
    }
    return signers
  }
}

extension BundleReader {
  /// The root, and who signed it for which ledger.
  ///
  /// - Throws: `BundleError`.
  public func rootFile() throws(BundleError) -> RootFile {
    try RootFile(json: try stored(RootFile.name))
  }

  /// Writes a file of the ledger's part of the bundle, which the statement does not cover.
  ///
  /// - Throws: `BundleError.cannotWrite`.
  public func writeLedgerFile(_ bytes: [UInt8], named name: String) throws(BundleError) {
    guard name.hasPrefix("ledger/") else {
      throw .cannotWrite(path: "\(path)/\(name)", reason: "it is not the ledger's")
    }
    try AtomicFile.write(bytes, to: "\(path)/\(name)")
  }
}
