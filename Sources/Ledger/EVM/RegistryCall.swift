/// A call of the verdict registry, the contract that keeps the roots.
public enum RegistryCall: Hashable, Sendable {
  /// Posts an approved root; anyone may send it. `signatures` are 65 bytes each, as
  /// ``RootApproval/signatureBytes`` has them.
  case postRoot(VerdictRoot, signatures: [UInt8])
  /// Asks whether a verdict stands; returns a `bool`.
  case verify(VerdictLeaf, revision: UInt32, proof: [Digest32])
  /// Settles a verdict, once; returns the units paid.
  case consume(VerdictLeaf, revision: UInt32, proof: [Digest32])
  /// Marks the leaf `old` as replaced by a correction that names it.
  case supersede(VerdictLeaf, revision: UInt32, proof: [Digest32], old: VerdictLeaf)
  /// Disputes a root; the transaction carries the bond.
  case challenge(epoch: UInt64, revision: UInt32)
  /// The arbiter's decision on a dispute.
  case resolve(epoch: UInt64, revision: UInt32, upheld: Bool)
  /// Ends a dispute that the arbiter did not decide in time.
  case timeOut(epoch: UInt64, revision: UInt32)

  /// What the registry knows of a root; returns a ``PostedRoot``.
  case rootOf(epoch: UInt64, revision: UInt32)
  /// The struct hash of the root accepted last, a `bytes32`: the parent of the next.
  case head
  /// The least epoch for which revision 0 can be posted, a `uint256`.
  case nextEpoch
  /// ``LedgerConfiguration/digest`` as the contract has it, a `bytes32`.
  case configDigest
  /// `uint256`.
  case configCount
  /// `uint256`.
  case threshold
  /// `address[]`.
  case signers
  /// ``LedgerDomain/separator`` as the contract has it, a `bytes32`.
  case domainSeparator
  /// The leaf that replaced this one, a `bytes32`; zero if none did.
  case supersededBy(epoch: UInt64, leafHash: Digest32)
  /// Whether a contribution was settled, a `bool`.
  case consumed(contribution: Digest32)
  /// The time before which nothing of the epoch can be settled, a `uint256` in Unix seconds.
  case consumeFrom(epoch: UInt64)

  /// The data of the transaction or of `eth_call`.
  public var data: [UInt8] { ABI.call(signature, arguments) }

  /// The name and the types of the arguments, of which the selector is made.
  public var signature: String {
    let proved = "\(Self.leafType),uint32,bytes32[]"
    return switch self {
    case .postRoot: "postRoot(uint64,uint32,bytes32,uint64,bytes32,bytes32,bytes)"
    case .verify: "verify(\(proved))"
    case .consume: "consume(\(proved))"
    case .supersede: "supersede(\(proved),\(Self.leafType))"
    case .challenge: "challenge(uint64,uint32)"
    case .resolve: "resolve(uint64,uint32,bool)"
    case .timeOut: "timeOut(uint64,uint32)"
    case .rootOf: "rootOf(uint64,uint32)"
    case .head: "head()"
    case .nextEpoch: "nextEpoch()"
    case .configDigest: "configDigest()"
    case .configCount: "configCount()"
    case .threshold: "threshold()"
    case .signers: "signers()"
    case .domainSeparator: "domainSeparator()"
    case .supersededBy: "supersededBy(uint64,bytes32)"
    case .consumed: "consumed(bytes32)"
    case .consumeFrom: "consumeFrom(uint64)"
    }
  }

  private static let leafType = "(\(VerdictLeaf.encoding.joined(separator: ",")))"

  private var arguments: [ABIValue] {
    switch self {
    case .postRoot(let root, let signatures):
      [
        .unsigned(root.epoch), .unsigned(UInt64(root.revision)), .word(root.root),
        .unsigned(root.leafCount), .word(root.manifestHash), .word(root.parent),
        .bytes(signatures),
      ]
    case .verify(let leaf, let revision, let proof), .consume(let leaf, let revision, let proof):
      [leaf.abiValue, .unsigned(UInt64(revision)), .array(proof)]
    case .supersede(let leaf, let revision, let proof, let old):
      [leaf.abiValue, .unsigned(UInt64(revision)), .array(proof), old.abiValue]
    case .resolve(let epoch, let revision, let upheld):
      [.unsigned(epoch), .unsigned(UInt64(revision)), .bool(upheld)]
    case .challenge(let epoch, let revision), .timeOut(let epoch, let revision),
      .rootOf(let epoch, let revision):
      [.unsigned(epoch), .unsigned(UInt64(revision))]
    case .supersededBy(let epoch, let leafHash): [.unsigned(epoch), .word(leafHash)]
    case .consumed(let contribution): [.word(contribution)]
    case .consumeFrom(let epoch): [.unsigned(epoch)]
    case .head, .nextEpoch, .configDigest, .configCount, .threshold, .signers, .domainSeparator:
      []
    }
  }
}

extension VerdictLeaf {
  /// The ten fields as the contract's struct.
  public var abiValue: ABIValue {
    .tuple([
      .unsigned(epoch), .unsigned(UInt64(seq)), .word(contribution), .word(subject),
      .unsigned(UInt64(code.rawValue)), .unsigned(UInt64(scorePpm)), .unsigned(reasonBits),
      .unsigned(unitsMicro), .word(evidence), .word(supersedes),
    ])
  }
}
