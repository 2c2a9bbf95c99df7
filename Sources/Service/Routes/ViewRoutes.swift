import Foundation
import Hummingbird
import Relations
import Review

/// Nights, shadow runs, and what is drawn of a node's records, with their exports.
enum ViewRoutes {
  static let routes: [Route] = [
    .get("/nights/:id", .role(.viewer), night),
    .get("/nights/:id/night.csv", .role(.viewer)) { visit in
      Answers.download(
        try await nightTable(visit).csv, type: ExportRoutes.csvType, name: "night.csv")
    },
    .get("/nights/:id/night.json", .role(.viewer)) { visit in
      Answers.download(
        try await nightTable(visit).json, type: ExportRoutes.jsonType, name: "night.json")
    },
    .get("/shadows/:id", .role(.viewer), shadow),
    .get("/shadows/:id/flips.csv", .role(.viewer)) { visit in
      Answers.download(try await flips(visit).csv, type: ExportRoutes.csvType, name: "flips.csv")
    },
    .get("/shadows/:id/flips.json", .role(.viewer)) { visit in
      Answers.download(
        try await flips(visit).json, type: ExportRoutes.jsonType, name: "flips.json")
    },
    .get("/items/:id/records.csv", .role(.viewer)) { visit in
      Answers.download(
        try await records(visit).csv, type: ExportRoutes.csvType, name: "records.csv")
    },
    .get("/items/:id/records.json", .role(.viewer)) { visit in
      Answers.download(
        try await records(visit).json, type: ExportRoutes.jsonType, name: "records.json")
    },
    .get("/items/:id/places.csv", .role(.viewer)) { visit in
      Answers.download(try await places(visit).csv, type: ExportRoutes.csvType, name: "places.csv")
    },
    .get("/items/:id/places.json", .role(.viewer)) { visit in
      Answers.download(
        try await places(visit).json, type: ExportRoutes.jsonType, name: "places.json")
    },
  ]

  @Sendable static func night(_ visit: Visit) async throws -> Response {
    let night = try await visit.store.night(try visit.number("id"))
    let bundle = night.bundle
    let (profile, epoch): (String, UInt64) = (bundle.profile, bundle.epoch)
    let all: [ImportedBundle] = try await visit.store.bundles()
    let revisions = all.filter { $0.profile == profile && $0.epoch == epoch }
    return try visit.page(
      NightPage(
        shell: visit.shell("Night \(bundle.profile) \(bundle.epoch), revision \(bundle.revision)"),
        night: night, before: try await visit.store.night(before: bundle), revisions: revisions,
        shadows: try await visit.store.shadows(of: bundle.id)))
  }

  private static func nightTable(_ visit: Visit) async throws -> TableExport {
    let night = try await visit.store.night(try visit.number("id"))
    return NightTable.export(night, before: try await visit.store.night(before: night.bundle))
  }

  @Sendable static func shadow(_ visit: Visit) async throws -> Response {
    let run = try await visit.store.shadow(try visit.number("id"))
    let after: Int64? = try visit.query.number("after", called: "The place")
    return try visit.page(
      ShadowPage(
        shell: visit.shell("Shadow run \(run.id)"), run: run,
        flips: try await visit.store.flips(of: run, after: after, limit: ShadowPage.pageSize)))
  }

  private static func flips(_ visit: Visit) async throws -> TableExport {
    let run = try await visit.store.shadow(try visit.number("id"))
    var table = TableExport(columns: [
      "node", "item", "before", "after", "reasons_gained", "reasons_lost", "q_ppb_before",
      "q_ppb_after", "raw_micro_before", "raw_micro_after", "units_micro",
    ])
    var after: Int64?
    while true {
      let flips = try await visit.store.flips(of: run, after: after, limit: 5_000)
      for flip in flips { table.add(cells(flip)) }
      guard flips.count == 5_000, let last = flips.last else { return table }
      after = last.place
    }
  }

  private static func cells(_ flip: ShadowFlip) -> [TableExport.Cell] {
    [
      .text(flip.node), flip.itemID.map { .number($0) } ?? .text(""),
      .text(flip.before.rawValue), .text(flip.after.rawValue),
      .text(flip.reasonsGained.joined(separator: " ")),
      .text(flip.reasonsLost.joined(separator: " ")), .number(flip.qPpbBefore),
      .number(flip.qPpbAfter), .number(flip.rawMicroBefore), .number(flip.rawMicroAfter),
      .number(flip.unitsMicro),
    ]
  }

  // MARK: Records

  /// - Throws: `Refusal.notFound` where no index has the item's records.
  private static func itemRecords(_ visit: Visit) async throws -> ItemRecords {
    let item = try await visit.store.item(try visit.number("id"), now: visit.now)
    guard let records = try await visit.store.records(of: item) else { throw Refusal.notFound }
    return records
  }

  /// Values in millionths of their units: the desk's files have no fractions.
  private static func records(_ visit: Visit) async throws -> TableExport {
    let records = try await itemRecords(visit)
    var table = TableExport(columns: [
      "channel", "unit", "from_ms", "median_micro", "low_micro", "high_micro", "values",
      "peers_low_micro", "peers_median_micro", "peers_high_micro",
    ])
    for series in records.series {
      let band = records.bands[series.channel.name]
      for bucket in series.medians.indices {
        let values = [series.medians[bucket], series.lows[bucket], series.highs[bucket]]
        let peers = [band?.lows[bucket], band?.medians[bucket], band?.highs[bucket]]
        var cells: [TableExport.Cell] = [
          .text(series.channel.name), .text(series.channel.unit),
          .number(records.grid.start + Int64(bucket) * records.grid.width),
        ]
        for value in values { cells.append(micro(value.map(Double.init))) }
        cells.append(.number(Int64(series.counts[bucket])))
        for peer in peers { cells.append(micro((peer ?? nil).map(Double.init))) }
        table.add(cells)
      }
    }
    return table
  }

  private static func places(_ visit: Visit) async throws -> TableExport {
    let records = try await itemRecords(visit)
    var table = TableExport(columns: [
      "node", "item", "what", "time_ms", "lat_micro", "lon_micro", "metres", "counts",
      "rssi_micro", "excess_micro", "times", "pressure_difference_micro", "correlation_micro",
    ])
    if let place = records.place {
      table.add(cells("claimed", place.claimed))
      if let best = place.best { table.add(cells("best_fit", best, metres: place.metres)) }
      for (tie, item) in zip(place.ties, records.tieItems) { table.add(cells(tie, item)) }
    }
    for fix in records.path?.fixes ?? [] {
      table.add(cells("fix", fix.place, time: fix.time))
    }
    return table
  }

  private static func cells(
    _ what: String, _ place: NodePlace.Point, metres: Double? = nil, time: Int64? = nil
  ) -> [TableExport.Cell] {
    [
      .text(""), .text(""), .text(what), time.map { .number($0) } ?? .text(""),
      micro(place.latitude), micro(place.longitude), whole(metres),
    ] + Array(repeating: .text(""), count: 6)
  }

  private static func cells(_ tie: NodePlace.Tie, _ item: Int64?) -> [TableExport.Cell] {
    [
      .text(tie.node), item.map { .number($0) } ?? .text(""), .text(tie.kind.rawValue), .text(""),
      micro(tie.place?.latitude), micro(tie.place?.longitude), whole(tie.metres),
      .number(tie.isUsed ? 1 : 0), micro(tie.rssi), micro(tie.excess),
      tie.count.map { .number(Int64($0)) } ?? .text(""), micro(tie.pressureDifference),
      micro(tie.correlation),
    ]
  }

  private static func micro(_ value: Double?) -> TableExport.Cell {
    whole(value.map { $0 * 1_000_000 })
  }

  private static func whole(_ value: Double?) -> TableExport.Cell {
    guard let value, value.magnitude < 9e15 else { return .text("") }
    return .number(Int64(value.rounded()))
  }
}
