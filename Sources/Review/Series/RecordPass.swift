import Contributions
import Foundation
import Ingestion
import Profiles
import Relations

/// The one pass over the logs of a night: what its index holds of each node.
struct RecordPass: Sendable {
  /// What is taken of one node.
  private struct Glance: Sendable {
    var hasOwnEvidence = false
    var item: Int64?
    var series: Data?
    var path: NodePath?
    var group: Int?
    /// Medians of every channel, bucket by bucket; NaN where there is none.
    var medians: [Float] = []
    var trace: PlaceTrace?
    var evidence: [UInt8] = []
  }

  /// What an item's page draws.
  struct ItemView: Sendable {
    let item: Int64
    let evidence: [UInt8]
    /// JSON of ``RecordSeries``.
    let series: Data
    /// JSON of ``NodePlaces``; `nil` where nothing is known of its place.
    let places: Data?
  }

  struct GroupView: Sendable {
    let group: String
    /// Nodes that the bands are drawn from.
    let nodes: Int
    /// JSON of ``PeerBand``.
    let bands: Data
  }

  let grid: SeriesGrid
  let channels: [SeriesChannel]
  private(set) var items: [ItemView] = []
  private(set) var groups: [GroupView] = []
  /// Nodes of the log, and those whose records are what was judged.
  private(set) var nodes = 0
  private(set) var matched = 0

  /// - Throws: `IngestionError`; errors of encoding.
  init(_ plan: NightPlan, profile: Profile, reader: LogReader, logs: [LogFile]) async throws {
    let log = try await reader.read(logs)
    let grid = SeriesGrid(days: log.days)
    let channels = SeriesChannel.channels(of: profile.schema)
    let takesPlaces = PlaceTrace.exist(for: profile.schema)
    let glances = try await log.mapNodes { records in
      try Self.glance(
        records, plan, grid: grid, channels: channels, profile: takesPlaces ? profile : nil)
    }
    self.grid = grid
    self.channels = channels
    nodes = glances.count
    matched = glances.count(where: \.hasOwnEvidence)
    try takeGroups(glances, plan)
    try takeItems(glances, in: profile.schema)
  }

  /// - Parameter profile: `nil` where the network's places are not compared.
  private static func glance(
    _ records: NodeRecords, _ plan: NightPlan, grid: SeriesGrid, channels: [SeriesChannel],
    profile: Profile?
  ) throws -> Glance {
    var glance = Glance()
    guard let node = plan.nodes[Array(records.node.utf8)], node.evidence == records.evidence
    else { return glance }
    glance.hasOwnEvidence = true
    glance.trace = profile.flatMap { PlaceTrace($0.profile(records)) }
    guard node.item != nil || node.group != nil else { return glance }
    let series = channels.map { RecordSeries($0, of: records, grid: grid) }
    if node.group != nil {
      glance.group = node.group
      let silent = Array(repeating: Float.nan, count: SeriesGrid.buckets)
      glance.medians = series.flatMap { $0.map { $0.medians.map { $0 ?? .nan } } ?? silent }
    }
    if node.item != nil {
      glance.item = node.item
      glance.evidence = records.evidence
      glance.series = try JSONEncoder().encode(series.compactMap { $0 })
      glance.path = NodePath(of: records)
    }
    return glance
  }

  private mutating func takeGroups(_ glances: [Glance], _ plan: NightPlan) throws {
    var members: [Int: [[Float]]] = [:]
    for glance in glances {
      if let group = glance.group { members[group, default: []].append(glance.medians) }
    }
    for (group, peers) in members.sorted(by: { $0.key < $1.key }) {
      let bands = channels.indices.map { channel in
        let start = channel * SeriesGrid.buckets
        return PeerBand(
          channels[channel], peers: peers.map { $0[start..<(start + SeriesGrid.buckets)] })
      }.filter { !$0.isEmpty }
      groups.append(
        GroupView(
          group: plan.groups[group], nodes: peers.count, bands: try JSONEncoder().encode(bands)))
    }
  }

  private mutating func takeItems(_ glances: [Glance], in schema: ProfileSchema) throws {
    let traced = glances.indices.filter { glances[$0].trace != nil }
    let wanted = traced.indices.filter { glances[traced[$0]].item != nil }
    let found = Relations.places(
      of: Set(wanted), among: traced.compactMap { glances[$0].trace }, in: schema)
    let places = Dictionary(uniqueKeysWithValues: found.map { (traced[$0.key], $0.value) })
    for (index, glance) in glances.enumerated() {
      guard let item = glance.item, let series = glance.series else { continue }
      let own = NodePlaces(place: places[index], path: glance.path)
      items.append(
        ItemView(
          item: item, evidence: glance.evidence, series: series,
          places: own.isEmpty ? nil : try JSONEncoder().encode(own)))
    }
  }
}

/// Where a node claims to be, where it fits, and where it went.
struct NodePlaces: Sendable, Codable {
  let place: NodePlace?
  let path: NodePath?

  var isEmpty: Bool { place == nil && path == nil }
}
