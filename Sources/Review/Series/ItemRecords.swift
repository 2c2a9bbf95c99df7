import Contributions
import Foundation
import GRDB
import Relations

/// What is kept of an item's records: them over time beside their peers, and their places.
public struct ItemRecords: Sendable {
  public let grid: SeriesGrid
  /// Channels that the node reported.
  public let series: [RecordSeries]
  /// The peers' bands by the channel's name; none where too few peers were accepted.
  public let bands: [String: PeerBand]
  /// Accepted nodes of the peer group that the bands are drawn from.
  public let peers: Int
  public let place: NodePlace?
  /// The items of the ends of ``place``, in their order; `nil` for an end that is not in the queue.
  public let tieItems: [Int64?]
  public let path: NodePath?
}

extension ReviewStore {
  /// What an index kept of an item's records; `nil` before the first index of its epoch, and where
  /// the records are not the ones that the verdict is on.
  public func records(of item: ReviewItem) async throws(ReviewError) -> ItemRecords? {
    let verdict = item.record.verdict
    let row = item.row
    return try await read { db in
      let own = try Row.fetchOne(
        db, sql: "SELECT * FROM item_records WHERE item_id = ? AND evidence = ?",
        arguments: [row.id, Data(verdict.evidence)])
      let key: StatementArguments = [row.profile, Int64(clamping: row.epoch)]
      let index = try Row.fetchOne(
        db, sql: "SELECT * FROM record_index WHERE profile = ? AND epoch = ?", arguments: key)
      guard let own, let index else { return nil }
      let band = try Row.fetchOne(
        db, sql: "SELECT * FROM peer_band WHERE profile = ? AND epoch = ? AND peer_group = ?",
        arguments: key + [verdict.group.stored])
      let decoder = JSONDecoder()
      let bands = try band.map { try decoder.decode([PeerBand].self, from: $0["bands"] as Data) }
      let places = try (own["places"] as Data?).map {
        try decoder.decode(NodePlaces.self, from: $0)
      }
      return ItemRecords(
        grid: SeriesGrid(start: index["start"], width: index["width"]),
        series: try decoder.decode([RecordSeries].self, from: own["series"] as Data),
        bands: Dictionary(
          (bands ?? []).map { ($0.channel, $0) }, uniquingKeysWith: { first, _ in first }),
        peers: band?["nodes"] ?? 0, place: places?.place,
        tieItems: try (places?.place?.ties ?? []).map { tie in
          try Item.id(db, profile: row.profile, epoch: row.epoch, node: tie.node)
        }, path: places?.path)
    }
  }
}

extension ReviewStore {
  /// Epochs without an index of their records, or with one of an earlier revision: the latest
  /// revision of each, the latest epoch first.
  public func bundlesWithoutRecords(limit: Int) async throws(ReviewError) -> [ImportedBundle] {
    try await read { db in
      let people = try Person.all(db)
      return try Row.fetchAll(
        db,
        sql: """
          SELECT \(ImportedBundle.columns) FROM bundle
          WHERE NOT EXISTS (SELECT 1 FROM record_index
              WHERE record_index.profile = bundle.profile AND record_index.epoch = bundle.epoch
                AND record_index.revision >= bundle.revision)
            AND revision = (SELECT MAX(later.revision) FROM bundle AS later
              WHERE later.profile = bundle.profile AND later.epoch = bundle.epoch)
          ORDER BY epoch DESC, profile LIMIT ?
          """,
        arguments: [limit]
      ).map { try ImportedBundle($0, people: people) }
    }
  }
}
