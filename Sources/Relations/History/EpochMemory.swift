import Profiles

/// What was kept of an earlier epoch.
public struct EpochMemory: Sendable, Equatable {
  /// Days since 1970-01-01.
  public var epoch: Int64
  /// Names of the columns of `NodeMemory.features`.
  public var features: [String]
  /// Every node known by then, ordered by the bytes of its identity.
  public var nodes: [NodeMemory]
  /// Tokens handed in, ascending, with the place in `nodes` of who did.
  public var tokens: [Token]

  public struct Token: Sendable, Equatable {
    public var hash: UInt64
    public var node: UInt32

    public init(hash: UInt64, node: UInt32) {
      self.hash = hash
      self.node = node
    }
  }

  public init(epoch: Int64, features: [String], nodes: [NodeMemory], tokens: [Token]) {
    self.epoch = epoch
    self.features = features
    self.nodes = nodes
    self.tokens = tokens
  }
}

/// What was kept of one node.
public struct NodeMemory: Sendable, Equatable {
  public var node: String
  /// The first epoch it was seen in, and the last one up to this memory's.
  public var firstSeen: Int64
  public var lastSeen: Int64
  /// The verdict of the last epoch it was seen in, by its ledger code.
  public var verdict: UInt8
  /// The last claimed position, and how often it had moved by more than a kilometre since
  /// `firstSeen`.
  public var position: Position?
  public var moves: UInt32
  /// Its features in that epoch; empty for a node that was not seen in it.
  public var features: [Float]
  /// Its remembered series in that epoch.
  public var series: [NodeSeries]

  public init(
    node: String, firstSeen: Int64, lastSeen: Int64, verdict: UInt8, position: Position?,
    moves: UInt32, features: [Float], series: [NodeSeries]
  ) {
    self.node = node
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.verdict = verdict
    self.position = position
    self.moves = moves
    self.features = features
    self.series = series
  }
}

extension EpochMemory {
  /// What to keep of an epoch.
  ///
  /// - Parameters:
  ///   - nodes: of the epoch, in node order.
  ///   - features: each node's columns, with their names.
  ///   - verdicts: each node's ledger code.
  ///   - before: the newest earlier memory, whose nodes are carried on.
  public init(
    epoch: Int64, nodes: [NodeProfile], featureNames: [String], features: [[Double]],
    verdicts: [UInt8], channels: [String], before: EpochMemory?
  ) {
    let known = Dictionary(
      (before?.nodes ?? []).map { (Array($0.node.utf8), $0) }, uniquingKeysWith: { $1 })
    var kept: [NodeMemory] = []
    var seen: Set<[UInt8]> = []
    for (index, node) in nodes.enumerated() {
      let key = Array(node.node.utf8)
      seen.insert(key)
      let old = known[key]
      kept.append(
        NodeMemory(
          node: node.node, firstSeen: min(old?.firstSeen ?? epoch, epoch), lastSeen: epoch,
          verdict: verdicts[index], position: node.position ?? old?.position,
          moves: (old?.moves ?? 0) + (HistoryReview.hasMoved(from: old, to: node) ? 1 : 0),
          features: features[index].map { Float($0) },
          series: node.series.filter { channels.contains($0.channel) }))
    }
    for (key, var old) in known where !seen.contains(key) {
      old.features = []
      old.series = []
      kept.append(old)
    }
    kept.sort { $0.node.utf8.lexicographicallyPrecedes($1.node.utf8) }
    let places = Dictionary(
      kept.enumerated().map { (Array($1.node.utf8), UInt32($0)) }, uniquingKeysWith: { $1 })
    var tokens: [Token] = []
    for node in nodes {
      guard let place = places[Array(node.node.utf8)] else { continue }
      tokens += node.tokens.map { Token(hash: $0, node: place) }
    }
    tokens.sort { ($0.hash, $0.node) < ($1.hash, $1.node) }
    self.init(epoch: epoch, features: featureNames, nodes: kept, tokens: tokens)
  }
}
