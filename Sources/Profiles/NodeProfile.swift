import Contributions

/// What one node's records say, before other nodes are looked at.
public struct NodeProfile: Sendable {
  public let node: String
  public let recordCount: Int
  /// SHA-256 of the node's canonical records.
  public let evidence: [UInt8]
  /// One value per feature of the profile, at its resolution; NaN where not measurable.
  public let features: [Double]
  public let findings: [RuleFinding]
  /// Peer groups the node belongs to, narrowest first; the last holds every node.
  public let groups: [String]
  /// Contribution units × 10⁶ that count toward reward.
  public let unitsMicro: Int64
  /// Things that can be at one node only.
  public let identities: [Identity]
  /// Results that compare with those of nodes in the same group, such as a benchmark's.
  public let comparables: [ComparableResult]
  /// Measurements over time that compare with other nodes' and with earlier days'.
  public internal(set) var series: [NodeSeries] = []
  /// Hashes of what may be handed in once only, such as a session's identity: ascending, each once.
  public internal(set) var tokens: [UInt64] = []
  /// Who claims the node, where its claim says so.
  public internal(set) var owner: String?
  /// The last claimed position, where one is claimed.
  public internal(set) var position: Position?
  /// What the profile's own relations need of the node; they know its type.
  public internal(set) var trace: (any Sendable)?

  /// One physical thing's identity as the node reported it.
  public struct Identity: Sendable, Equatable {
    /// The field it was in, such as `gpu_uuid`.
    public let field: String
    public let value: String
    /// First and last sighting, ms since 1970-01-01 UTC, and how many there were.
    public let first: Int64
    public let last: Int64
    public let sightings: Int

    public init(field: String, value: String, first: Int64, last: Int64, sightings: Int) {
      self.field = field
      self.value = value
      self.first = first
      self.last = last
      self.sightings = sightings
    }
  }

  /// A positive result under a key that makes it comparable.
  public struct ComparableResult: Sendable, Equatable {
    public let key: String
    /// Median and largest of the node's results.
    public let median: Double
    public let largest: Double
    public let count: Int

    public init(key: String, median: Double, largest: Double, count: Int) {
      self.key = key
      self.median = median
      self.largest = largest
      self.count = count
    }
  }
}

extension NodeProfile {
  /// The group that holds every node.
  public static let everyone = "all"

  static func micro(_ units: Double) -> Int64 {
    guard units.isFinite, units > 0 else { return 0 }
    return Int64(min(units * 1_000_000, 9_007_199_254_740_991).rounded(.down))
  }
}
