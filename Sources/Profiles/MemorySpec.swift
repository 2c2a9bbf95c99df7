import Contributions

/// What a profile remembers of a node from one epoch to later ones.
public struct MemorySpec: Sendable {
  /// Channels of the node's series whose course is new every day: one that comes again is a replay.
  public let channels: [String]
  /// Fields that name something handed in once only, such as a session or an image.
  public let tokens: [(kind: String, field: String)]

  public init(channels: [String] = [], tokens: [(kind: String, field: String)] = []) {
    self.channels = channels
    self.tokens = tokens
  }

  /// Hashes of the node's tokens, ascending, each once. Short texts are counters, not names, and
  /// are left out.
  func tokens(in records: NodeRecords) -> [UInt64] {
    var hashes: Set<UInt64> = []
    for token in tokens {
      let table = records[kind: token.kind]
      var seen: Set<Int32> = []
      for code in table.codes(token.field) where code >= 0 && seen.insert(code).inserted {
        let text = table.text(code)
        if text.utf8.count >= 8 { hashes.insert(StableHash.of("\(token.field)\u{1F}\(text)")) }
      }
    }
    return hashes.sorted()
  }
}

extension NodeProfile {
  /// The last position that a claim gives.
  static func lastPosition(in records: NodeRecords) -> Position? {
    let claims = records[kind: "claim"]
    return Position(claims.lastNumber("lat"), claims.lastNumber("lon"))
  }
}
