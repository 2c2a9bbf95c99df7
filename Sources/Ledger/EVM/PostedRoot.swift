/// What the registry returns for `rootOf`: a root as the ledger holds it.
public struct PostedRoot: Hashable, Sendable {
  /// How far the ledger believes a root.
  public enum Status: UInt8, Sendable {
    case notPosted = 0
    /// It can still be challenged, and nothing can be settled by it yet.
    case inWindow = 1
    case challenged = 2
    case accepted = 3
    /// A challenge was upheld: nothing can ever be settled by it.
    case revoked = 4
  }

  public let root: Digest32
  public let leafCount: UInt64
  /// Unix seconds of the block.
  public let postedAt: UInt64
  public let status: Status

  /// Reads what the call returned.
  ///
  /// - Throws: ``ABIError``.
  public init(returned data: [UInt8]) throws(ABIError) {
    let words = try ABIWords(data)
    root = try words.digest(at: 0)
    leafCount = try words.uint64(at: 1)
    postedAt = try words.uint64(at: 2)
    guard let code = UInt8(exactly: try words.uint64(at: 3)), let status = Status(rawValue: code)
    else { throw .outOfRange(3) }
    self.status = status
  }
}

extension VerdictRoot {
  /// The first topic of the log entry that the registry writes for each root:
  /// `RootPosted(uint64 indexed epoch, uint32 indexed revision, bytes32 indexed structHash,`
  /// `bytes32 root, uint64 leafCount, bytes32 manifestHash, bytes32 parent, bytes32 configDigest)`.
  public static let postedTopic = Keccak256.hash(
    "RootPosted(uint64,uint32,bytes32,bytes32,uint64,bytes32,bytes32,bytes32)".utf8)

  /// The root of such a log entry.
  ///
  /// - Throws: ``ABIError/outOfRange(_:)`` with the place of the topic, or of the word of the data
  ///   counted on from the topics, that is wrong; of topic 3 if it is not the struct hash of the
  ///   rest.
  public init(postedTopics topics: [Digest32], data: [UInt8]) throws(ABIError) {
    let words = try ABIWords(topics.flatMap(\.bytes) + data)
    guard topics.count == 4, topics[0] == Self.postedTopic else { throw .outOfRange(0) }
    guard let revision = UInt32(exactly: try words.uint64(at: 2)) else { throw .outOfRange(2) }
    self.init(
      epoch: try words.uint64(at: 1), revision: revision, root: try words.digest(at: 4),
      leafCount: try words.uint64(at: 5), manifestHash: try words.digest(at: 6),
      parent: try words.digest(at: 7), configDigest: try words.digest(at: 8))
    guard structHash == topics[3] else { throw .outOfRange(3) }
  }
}
