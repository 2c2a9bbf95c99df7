extension VerdictRoot {
  /// The root and its domain that typed data stands for.
  ///
  /// Types, domain name and version must be exactly those of this format, so that nothing was
  /// signed that the result does not show.
  ///
  /// - Throws: ``VerdictRootError``.
  public static func read(
    _ data: TypedData
  ) throws(VerdictRootError) -> (root: VerdictRoot, domain: LedgerDomain) {
    guard data.primaryType == typeName, data.types == types else { throw .wrongTypes }
    guard data.domain["name"] == .string(LedgerDomain.name),
      data.domain["version"] == .string(LedgerDomain.version)
    else { throw .wrongDomain }
    guard case .unsigned(let chain) = data.domain["chainId"], let chainID = chain.uint64,
      case .address(let contract) = data.domain["verifyingContract"]
    else { throw .chainOutOfRange }
    let message = Message(data.message)
    let root = VerdictRoot(
      epoch: try message.number("epoch"),
      revision: UInt32(truncatingIfNeeded: try message.number("revision")),
      root: try message.digest("root"), leafCount: try message.number("leafCount"),
      manifestHash: try message.digest("manifestHash"), parent: try message.digest("parent"),
      configDigest: try message.digest("configDigest"))
    return (root, LedgerDomain(chainID: chainID, contract: contract))
  }

  /// The members of a message whose types were checked; typed data holds them to their ranges.
  private struct Message {
    private let values: [String: TypedValue]

    init(_ values: [String: TypedValue]) { self.values = values }

    func number(_ name: String) throws(VerdictRootError) -> UInt64 {
      guard case .unsigned(let number) = values[name], let word = number.uint64 else {
        throw .wrongTypes
      }
      return word
    }

    func digest(_ name: String) throws(VerdictRootError) -> Digest32 {
      guard case .bytes(let bytes) = values[name], let digest = try? Digest32(bytes: bytes) else {
        throw .wrongTypes
      }
      return digest
    }
  }
}

/// Why typed data is no ``VerdictRoot``.
public enum VerdictRootError: Error, Equatable, CustomStringConvertible {
  case wrongTypes
  case wrongDomain
  case chainOutOfRange

  public var description: String {
    switch self {
    case .wrongTypes: "the types of the signed data are not those of a VerdictRoot"
    case .wrongDomain:
      "the signed data is not for '\(LedgerDomain.name)', version \(LedgerDomain.version)"
    case .chainOutOfRange: "the chain id of the signed data is not below 2^64"
    }
  }
}
