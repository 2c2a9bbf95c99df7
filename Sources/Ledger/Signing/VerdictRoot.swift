/// What the signers of a network approve once an epoch: the root of all its verdicts.
///
/// EIP-712 struct
/// `VerdictRoot(uint64 epoch,uint32 revision,bytes32 root,uint64 leafCount,bytes32 manifestHash,`
/// `bytes32 parent,bytes32 configDigest)`. EIP-712 itself does not keep a signature from being used
/// twice: `epoch`, `revision`, `parent` and `configDigest` do.
public struct VerdictRoot: Hashable, Sendable {
  public var epoch: UInt64
  /// 0 for the first root of the epoch.
  public var revision: UInt32
  /// The root of the ``StandardMerkleTree`` over the epoch's ``VerdictLeaf`` hashes.
  public var root: Digest32
  public var leafCount: UInt64
  /// keccak256 of the bytes of `statement.json`.
  public var manifestHash: Digest32
  /// The ``structHash`` of the root that the ledger accepted last; zero for the first.
  public var parent: Digest32
  /// ``LedgerConfiguration/digest``.
  public var configDigest: Digest32

  public init(
    epoch: UInt64, revision: UInt32, root: Digest32, leafCount: UInt64, manifestHash: Digest32,
    parent: Digest32, configDigest: Digest32
  ) {
    self.epoch = epoch
    self.revision = revision
    self.root = root
    self.leafCount = leafCount
    self.manifestHash = manifestHash
    self.parent = parent
    self.configDigest = configDigest
  }

  static let typeName = "VerdictRoot"

  static let members: [TypedData.Member] = [
    .init("epoch", "uint64"), .init("revision", "uint32"), .init("root", "bytes32"),
    .init("leafCount", "uint64"), .init("manifestHash", "bytes32"), .init("parent", "bytes32"),
    .init("configDigest", "bytes32"),
  ]

  /// keccak256 of the struct's text:
  /// 0xcc1167f9b1078e6283b1d3b9d04d2c5bc7f6198fdd79664db31fc57e426fed5e.
  public static let typeHash: Digest32 = {
    let text = members.map { "\($0.type) \($0.name)" }.joined(separator: ",")
    return Keccak256.hash("\(typeName)(\(text))".utf8)
  }()

  /// keccak256(typeHash ‖ the seven fields as words): what the next root names as its parent.
  public var structHash: Digest32 {
    Keccak256.hash(
      ABI.encode([
        .word(Self.typeHash), .unsigned(epoch), .unsigned(UInt64(revision)), .word(root),
        .unsigned(leafCount), .word(manifestHash), .word(parent), .word(configDigest),
      ]))
  }

  /// What the signers sign: keccak256(0x19 ‖ 0x01 ‖ domain separator ‖ ``structHash``).
  public func digest(under domain: LedgerDomain) -> Digest32 {
    TypedData.digest(domainSeparator: domain.separator, messageHash: structHash)
  }

  /// The root as wallets show and sign it.
  public func typedData(under domain: LedgerDomain) -> TypedData {
    TypedData(
      types: Self.types, primaryType: Self.typeName, domain: domain.values, message: values,
      domainSeparator: domain.separator, messageHash: structHash)
  }

  static let types = [TypedData.domainType: LedgerDomain.members, typeName: members]

  private var values: [String: TypedValue] {
    [
      "epoch": .unsigned(epoch), "revision": .unsigned(UInt64(revision)), "root": .digest(root),
      "leafCount": .unsigned(leafCount), "manifestHash": .digest(manifestHash),
      "parent": .digest(parent), "configDigest": .digest(configDigest),
    ]
  }
}
