import Contributions
import Foundation
import Ledger

/// Signing a bundle's root for a ledger: each key holder on a machine of their own, merged after.
public enum RootSigning {
  /// The ledger that a bundle's root is signed for, beside the root.
  public static let configurationFile = "ledger/config.json"
  /// A note of the transaction that posts it.
  public static let transactionFile = "ledger/tx.json"

  /// What the signers of a bundle sign.
  ///
  /// - Parameters:
  ///   - parent: the struct hash of the root that the ledger took last; zero before the first.
  /// - Throws: `BundleError`, among them `.malformed` for a bundle that does not verify: nobody
  ///   should sign it.
  public static func commitment(
    of bundle: BundleReader, for configuration: LedgerConfiguration, parent: Digest32
  ) throws(BundleError) -> RootFile.Commitment {
    let report = try BundleVerifier.verify(path: bundle.path)
    guard report.isGood else {
      throw .malformed(
        "it does not verify: \(report.failures.prefix(3).joined(separator: "; "))")
    }
    let predicate = try bundle.statement().predicate
    return RootFile.Commitment(
      domain: configuration.domain,
      message: VerdictRoot(
        epoch: predicate.epoch, revision: predicate.revision, root: try bundle.rootFile().root,
        leafCount: UInt64(clamping: predicate.leafCount),
        manifestHash: Keccak256.hash(try bundle.stored("statement.json")), parent: parent,
        configDigest: configuration.digest))
  }

  /// Adds one signature to the bundle's root.
  ///
  /// - Returns: the root with it.
  /// - Throws: `RootSigningError`, `BundleError`, or what the signer throws.
  public static func sign(
    _ bundle: BundleReader, for configuration: LedgerConfiguration, parent: Digest32,
    by signer: some RootSigner
  ) throws -> RootFile {
    let present = try bundle.rootFile()
    let commitment = try commitment(of: bundle, for: configuration, parent: parent)
    if let other = present.commitment, other != commitment {
      throw RootSigningError.otherCommitment(
        difference(commitment.message, other.message, domains: (commitment.domain, other.domain)))
    }
    guard configuration.signers.contains(signer.address) else {
      throw RootSigningError.notASigner(signer.address)
    }
    let signature = try signer.sign(commitment)
    guard let recovered = try? signature.recover(commitment.digest), recovered == signer.address
    else { throw RootSigningError.wrongSignature(signer.address) }
    let signed = try adding(
      [signature], to: present, commitment: commitment, configuration: configuration)
    try write(signed, configuration, to: bundle)
    return signed
  }

  /// Brings the signatures of copies of one bundle together.
  ///
  /// Of more signatures than the ledger's threshold, those of the lowest addresses are kept: it
  /// takes exactly as many.
  ///
  /// - Throws: `RootSigningError`, `BundleError`.
  public static func merge(
    _ bundle: BundleReader, with others: [BundleReader]
  ) throws -> RootFile {
    var merged = try bundle.rootFile()
    var configuration = try bundle.ledgerConfiguration()
    for other in others {
      let file = try other.rootFile()
      guard let commitment = file.commitment, let theirs = try other.ledgerConfiguration() else {
        throw RootSigningError.unsigned(path: other.path)
      }
      let expected = try RootSigning.commitment(
        of: bundle, for: theirs, parent: commitment.message.parent)
      if commitment != expected || (merged.commitment ?? commitment) != commitment {
        let present = merged.commitment ?? expected
        throw RootSigningError.otherCommitment(
          difference(
            present.message, commitment.message, domains: (present.domain, commitment.domain)))
      }
      configuration = theirs
      merged = try adding(
        file.signatures, to: merged, commitment: commitment, configuration: theirs)
    }
    guard let configuration else { throw RootSigningError.unsigned(path: bundle.path) }
    try write(merged, configuration, to: bundle)
    return merged
  }

  private static func adding(
    _ signatures: [RecoverableSignature], to file: RootFile, commitment: RootFile.Commitment,
    configuration: LedgerConfiguration
  ) throws -> RootFile {
    var bySigner: [EthereumAddress: RecoverableSignature] = [:]
    for signature in file.signatures + signatures {
      let signer = try signature.recover(commitment.digest)
      guard configuration.signers.contains(signer) else {
        throw RootSigningError.notASigner(signer)
      }
      bySigner[signer] = signature
    }
    let kept = bySigner.sorted { $0.key < $1.key }.prefix(configuration.threshold)
    return RootFile(
      root: file.root, leafCount: file.leafCount, commitment: commitment,
      signatures: kept.map(\.value))
  }

  private static func write(
    _ file: RootFile, _ configuration: LedgerConfiguration, to bundle: BundleReader
  ) throws(BundleError) {
    try bundle.writeLedgerFile(configuration.json.bytes, named: configurationFile)
    try bundle.writeLedgerFile(file.json.bytes, named: RootFile.name)
  }

  /// The members in which two things to sign differ, in words.
  private static func difference(
    _ one: VerdictRoot, _ other: VerdictRoot, domains: (LedgerDomain, LedgerDomain)
  ) -> String {
    var members: [String] = []
    if domains.0 != domains.1 { members.append("chain or contract") }
    if one.epoch != other.epoch { members.append("epoch") }
    if one.revision != other.revision { members.append("revision") }
    if one.root != other.root || one.leafCount != other.leafCount { members.append("root") }
    if one.manifestHash != other.manifestHash { members.append("statement") }
    if one.parent != other.parent { members.append("parent") }
    if one.configDigest != other.configDigest { members.append("signers or threshold") }
    return members.joined(separator: ", ")
  }
}

/// Who signs roots: a key in a file, or a command that keeps its key elsewhere.
public protocol RootSigner: Sendable {
  var address: EthereumAddress { get }
  /// The signature of the commitment's digest.
  func sign(_ commitment: RootFile.Commitment) throws -> RecoverableSignature
}

extension LedgerKey: RootSigner {
  public func sign(_ commitment: RootFile.Commitment) throws -> RecoverableSignature {
    try sign(commitment.digest)
  }
}

/// Why a root cannot be signed or signatures merged.
public enum RootSigningError: Error, Equatable, CustomStringConvertible {
  /// What differs from what was signed already.
  case otherCommitment(String)
  case notASigner(EthereumAddress)
  case wrongSignature(EthereumAddress)
  case unsigned(path: String)
  case signerCommand(String)

  public var description: String {
    switch self {
    case .otherCommitment(let members):
      "the signatures would not be of the same thing; different are: \(members)"
    case .notASigner(let address): "\(address) is not among the ledger's signers"
    case .wrongSignature(let address): "the signature is not that of \(address)"
    case .unsigned(let path): "\(path): its root is signed for no ledger yet"
    case .signerCommand(let reason): "the signer command failed: \(reason)"
    }
  }
}

extension BundleReader {
  /// The ledger that the root is signed for; `nil` before the first signature.
  ///
  /// - Throws: `BundleError`.
  public func ledgerConfiguration() throws(BundleError) -> LedgerConfiguration? {
    guard try fileNames().contains(RootSigning.configurationFile) else { return nil }
    do {
      return try LedgerConfiguration(json: try stored(RootSigning.configurationFile))
    } catch let error as BundleError {
      throw error
    } catch {
      throw .malformed("\(RootSigning.configurationFile): \(error)")
    }
  }
}

extension RootSigning {
  /// The bundle's root with as many signatures as its ledger takes.
  ///
  /// - Throws: `RootSigningError.unsigned`, `RootApprovalError`, `BundleError`.
  public static func approval(of bundle: BundleReader) throws -> RootApproval {
    guard let configuration = try bundle.ledgerConfiguration() else {
      throw RootSigningError.unsigned(path: bundle.path)
    }
    return try approval(of: try bundle.rootFile(), under: configuration, path: bundle.path)
  }

  /// A root with as many signatures as the ledger takes, for its chain and contract.
  ///
  /// - Parameter path: where the root was read, for messages.
  /// - Throws: `RootSigningError.unsigned`, `.otherCommitment`; `RootApprovalError`.
  public static func approval(
    of file: RootFile, under configuration: LedgerConfiguration, path: String
  ) throws -> RootApproval {
    guard let commitment = file.commitment else { throw RootSigningError.unsigned(path: path) }
    // A configuration's digest holds both, but what was signed is said under a domain of its own.
    guard commitment.domain == configuration.domain else {
      throw RootSigningError.otherCommitment("chain or contract")
    }
    return try RootApproval(
      of: commitment.message, under: configuration, signatures: file.signatures.map(\.bytes))
  }
}
