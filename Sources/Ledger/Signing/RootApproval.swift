/// The signatures of exactly as many signers as a configuration demands for one root.
///
/// A value of this type was checked as the contract checks it: what it holds can be posted.
public struct RootApproval: Hashable, Sendable {
  public let root: VerdictRoot
  public let configuration: LedgerConfiguration
  /// In ascending order of ``signers``.
  public let signatures: [RecoverableSignature]
  /// Who signed, ascending.
  public let signers: [EthereumAddress]

  /// Checks signatures of 65 bytes each, in the order in which they are to be posted.
  ///
  /// - Throws: ``RootApprovalError``, of several faults the first in the order of its cases, and
  ///   of several signatures the first that is wrong.
  public init(
    of root: VerdictRoot, under configuration: LedgerConfiguration, signatures: [[UInt8]]
  ) throws(RootApprovalError) {
    try Self.requireConfiguration(configuration, of: root)
    guard signatures.count == configuration.threshold else {
      throw .wrongCount(signatures.count, threshold: configuration.threshold)
    }
    let digest = root.digest(under: configuration.domain)
    var checked: [RecoverableSignature] = []
    var signers: [EthereumAddress] = []
    for (index, bytes) in signatures.enumerated() {
      let (signature, signer) = try Self.check(bytes, index: index, digest: digest)
      guard configuration.signers.contains(signer) else {
        throw .notASigner(index: index, signer)
      }
      if let last = signers.last {
        guard signer != last else { throw .duplicateSigner(index: index, signer) }
        guard signer > last else { throw .unsorted(index: index) }
      }
      checked.append(signature)
      signers.append(signer)
    }
    self.root = root
    self.configuration = configuration
    self.signatures = checked
    self.signers = signers
  }

  /// Checks signatures that were collected in any order, and sorts them.
  ///
  /// - Throws: ``RootApprovalError``; places are those of the sorted signatures.
  public init(
    of root: VerdictRoot, under configuration: LedgerConfiguration,
    collected: [RecoverableSignature]
  ) throws(RootApprovalError) {
    let digest = root.digest(under: configuration.domain)
    // One without a signer keeps its place at the front, and the check reports it.
    let sorted =
      collected
      .map { (signer: (try? $0.recover(digest)) ?? .zero, bytes: $0.bytes) }
      .sorted { $0.signer < $1.signer }
    try self.init(of: root, under: configuration, signatures: sorted.map(\.bytes))
  }

  /// The signatures one after the other, as the contract takes them.
  public var signatureBytes: [UInt8] { signatures.flatMap(\.bytes) }

  /// The call that posts the root.
  public var call: RegistryCall { .postRoot(root, signatures: signatureBytes) }

  private static func requireConfiguration(
    _ configuration: LedgerConfiguration, of root: VerdictRoot
  ) throws(RootApprovalError) {
    let digest = configuration.digest
    guard root.configDigest == digest else {
      throw .otherConfiguration(root.configDigest, expected: digest)
    }
  }

  private static func check(
    _ bytes: [UInt8], index: Int, digest: Digest32
  ) throws(RootApprovalError) -> (RecoverableSignature, EthereumAddress) {
    do {
      let signature = try RecoverableSignature(bytes: bytes)
      return (signature, try signature.recover(digest))
    } catch {
      throw .wrongSignature(index: index, error)
    }
  }
}

/// Why signatures do not approve a root. `index` is the place of the signature, from 0.
public enum RootApprovalError: Error, Equatable, CustomStringConvertible {
  case otherConfiguration(Digest32, expected: Digest32)
  case wrongCount(Int, threshold: Int)
  case wrongSignature(index: Int, RecoverableSignatureError)
  case notASigner(index: Int, EthereumAddress)
  case duplicateSigner(index: Int, EthereumAddress)
  case unsorted(index: Int)

  public var description: String {
    switch self {
    case .otherConfiguration(let digest, let expected):
      "the root names configuration \(digest), the ledger has \(expected)"
    case .wrongCount(let count, let threshold):
      "\(count) signatures were given, exactly \(threshold) are needed"
    case .wrongSignature(let index, let reason): "signature \(index): \(reason)"
    case .notASigner(let index, let address):
      "signature \(index) is by \(address), which is no signer of this configuration,"
        + " or for another root"
    case .duplicateSigner(let index, let address):
      "signature \(index) is one more by \(address)"
    case .unsorted(let index): "signature \(index) is out of order: sort them by signer"
    }
  }
}
