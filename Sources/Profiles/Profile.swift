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

/// A network's features, rules, groups and units: everything that is done to one node alone.
public struct Profile: Sendable {
  public let schema: ProfileSchema
  public let features: [FeatureSpec]
  /// The reason table, by bit.
  public let reasons: [ReasonCode]
  /// What a contribution unit is.
  public let unitName: String
  /// Records below which a node is not judged.
  public let minimumRecords: Int
  private let extract: @Sendable (NodeRecords) -> NodeProfile

  public var name: String { schema.name }

  /// - Parameters:
  ///   - evidence: what features and rules share, worked out once per node.
  ///   - reasons: those of relations, beside the rules' own and the common ones.
  ///   - groups: peer groups without the last, which every node is in.
  ///   - units: contribution units that count toward reward.
  public init<Evidence>(
    schema: ProfileSchema, features: [Feature<Evidence>], rules: [Rule<Evidence>],
    reasons: [ReasonCode] = [], unitName: String, minimumRecords: Int,
    evidence: @escaping @Sendable (NodeRecords) -> Evidence,
    groups: @escaping @Sendable (Evidence) -> [String],
    units: @escaping @Sendable (Evidence) -> Double,
    comparables: @escaping @Sendable (Evidence) -> [NodeProfile.ComparableResult] = { _ in [] }
  ) {
    self.schema = schema
    self.features = features.map(\.spec)
    self.reasons = (ReasonCode.common + rules.map(\.reason) + reasons).sorted { $0.bit < $1.bit }
    self.unitName = unitName
    self.minimumRecords = minimumRecords
    extract = { records in
      let evidence = evidence(records)
      return NodeProfile(
        node: records.node, recordCount: records.count, evidence: records.evidence,
        features: features.map { $0.spec.quantised($0.value(evidence)) },
        findings: rules.compactMap { $0.finding(evidence) },
        groups: groups(evidence) + [NodeProfile.everyone],
        unitsMicro: NodeProfile.micro(units(evidence)),
        identities: NodeProfile.identities(in: records), comparables: comparables(evidence))
    }
  }

  /// What `records` say, by this profile.
  public func profile(_ records: NodeRecords) -> NodeProfile {
    extract(records)
  }

  /// Every profile that can run, in the order of the schemas.
  public static let builtIn: [Profile] = [
    .wireless, .compute, .general(.storage), .general(.mobility), .general(.environment),
  ]

  /// The profile called `name`, or `nil`.
  public static func named(_ name: String) -> Profile? {
    builtIn.first { $0.name == name }
  }
}

extension NodeProfile {
  /// The group that holds every node.
  public static let everyone = "all"

  static func micro(_ units: Double) -> Int64 {
    guard units.isFinite, units > 0 else { return 0 }
    return Int64(min(units * 1_000_000, 9_007_199_254_740_991).rounded(.down))
  }

  /// The values of every field with the role `identity`, by field and value.
  static func identities(in records: NodeRecords) -> [Identity] {
    var found: [Identity] = []
    for table in records.tables where !table.isEmpty {
      for field in table.kind.fields where field.role == .identity {
        found += identities(field.name, in: table)
      }
    }
    // By bytes: Swift's strings take some different ones for equal.
    return found.sorted {
      $0.field == $1.field
        ? $0.value.utf8.lexicographicallyPrecedes($1.value.utf8) : $0.field < $1.field
    }
  }

  private static func identities(_ field: String, in table: RecordTable) -> [Identity] {
    struct Sighting {
      var first: Int64
      var last: Int64
      var count = 1
    }
    var sightings: [Int32: Sighting] = [:]
    for (row, code) in table.codes(field).enumerated() where code >= 0 {
      let moment = table.timestamps[row]
      if var seen = sightings[code] {
        seen.last = moment
        seen.count += 1
        sightings[code] = seen
      } else {
        sightings[code] = Sighting(first: moment, last: moment)
      }
    }
    return sightings.map { code, seen in
      Identity(
        field: field, value: table.text(code), first: seen.first, last: seen.last,
        sightings: seen.count)
    }
  }
}
