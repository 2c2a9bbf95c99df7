import Bundles
import Contributions
import Foundation
import GRDB
import Ingestion
import Pipeline
import Profiles
import Testing
import Verdicts

@testable import Review

/// A night of logs whose items are chosen: thirty gateways, of which `odd` is rejected.
private struct LoggedNight {
  static let day: Int64 = 20_412 * 86_400_000

  let desk: Desk
  let log: String
  let path: String

  /// - Parameter change: of the verdicts before they are written.
  init(change: (inout [Verdict]) -> Void = { _ in }) async throws {
    desk = try await Desk()
    log = "\(desk.folder.path)/log.ndjson"
    try Data(Self.lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: log))
    let read = try await LogReader(
      schema: .wireless, selection: .day(Epoch(day: 20_412)), memoryLimit: 64_000_000, tasks: 1
    ).read(try LogFile.find([log]))
    let evidence = try await read.mapNodes { ($0.node, $0.evidence) }
    var verdicts = evidence.map { node, evidence in
      var verdict = Verdict.sample(node, node == "odd" ? .reject : .accept)
      verdict.evidence = evidence
      return verdict
    }
    change(&verdicts)
    path = try desk.write(.night(verdicts))
    _ = try await desk.store.importBundle(path: path, by: .console, now: noon)
  }

  /// Strengths by node and record: gateway `n` hears −100 − n/10 dBm all day, `odd` −60 dBm before
  /// noon and nothing after.
  private static var lines: [String] {
    (0..<31).flatMap { number in
      let node = number == 30 ? "odd" : "gw\(number)"
      let claim =
        #"{"ts":\#(day),"node":"\#(node)","kind":"claim","region":"EU868","lat":48.85,"lon":2.35}"#
      return [claim]
        + (0..<96).filter { number < 30 || $0 < 48 }.map { quarter in
          let strength = number == 30 ? -60.0 - Double(quarter % 2) : -100 - Double(number) / 10
          return #"{"ts":\#(day + Int64(quarter) * 900_000),"node":"\#(node)","kind":"packet","#
            + #""device":"d","payload_hash":"\#(node)-\#(quarter)","rssi_dbm":\#(strength)}"#
        }
    }
  }

  func index(_ logs: String? = nil) async throws -> IndexReport {
    try await desk.store.indexRecords(
      bundle: path, logs: try LogFile.find([logs ?? log]), memoryLimit: 64_000_000, tasks: 2,
      by: desk.lead, now: noon)
  }

  func records(_ node: String) async throws -> ItemRecords? {
    let item = try await desk.store.item(try await desk.row(node).id, now: noon)
    return try await desk.store.records(of: item)
  }
}

struct RecordIndexTests {
  @Test func anEpochWithoutAnIndexIsKnownUntilItHasOne() async throws {
    let night = try await LoggedNight()
    let before = try await night.desk.store.bundlesWithoutRecords(limit: 10)
    #expect(before.map(\.path) == [night.path])
    #expect(try await night.desk.store.bundlesWithoutRecords(limit: 0).isEmpty)
    _ = try await night.index()
    #expect(try await night.desk.store.bundlesWithoutRecords(limit: 10).isEmpty)
  }

  @Test func anIndexKeepsANodesRecordsAndItsPeersBand() async throws {
    let night = try await LoggedNight()
    #expect(try await night.records("odd") == nil)
    let report = try await night.index()
    #expect(
      report == IndexReport(nodes: 31, matched: 31, items: 1, missing: 0, groups: 1))
    let records = try #require(try await night.records("odd"))
    #expect(records.series.map(\.channel.name) == ["records", "packet.rssi_dbm"])
    let strength = records.series[1]
    #expect(strength.channel.unit == "dBm")
    for bucket in 0..<48 {
      #expect(strength.medians[bucket] == (bucket < 24 ? -60.5 : nil))
      #expect(strength.lows[bucket] == (bucket < 24 ? -61 : nil))
      #expect(strength.highs[bucket] == (bucket < 24 ? -60 : nil))
      #expect(strength.counts[bucket] == (bucket < 24 ? 2 : 0))
    }
    // Thirty accepted nodes at −100, −100.1, …, −102.9 dBm.
    let band = try #require(records.bands["packet.rssi_dbm"])
    #expect(records.peers == 30)
    #expect(abs((band.medians[7] ?? 0) + 101.45) < 1e-4)
    #expect(abs((band.lows[7] ?? 0) + 102.61) < 1e-4)
    #expect(abs((band.highs[7] ?? 0) + 100.29) < 1e-4)
    #expect(records.grid.start == LoggedNight.day && records.grid.width == 1_800_000)
    #expect(records.place?.claimed.latitude == 48.85 && records.path == nil)
  }

  @Test func theFirstBucketCountsTheClaimToo() async throws {
    let night = try await LoggedNight()
    _ = try await night.index()
    let records = try #require(try await night.records("odd"))
    #expect(records.series[0].counts.prefix(2) == [3, 2])
    #expect(records.series[0].medians[0] == 3 && records.series[0].medians[30] == nil)
  }

  @Test func recordsThatWereNotJudgedAreNotTaken() async throws {
    let night = try await LoggedNight { verdicts in
      let place = verdicts.firstIndex { $0.node == "odd" } ?? 0
      verdicts[place].evidence = Array(repeating: 9, count: 32)
    }
    let report = try await night.index()
    #expect(report.matched == 30 && report.items == 0 && report.missing == 1)
    #expect(try await night.records("odd") == nil)
  }

  @Test func aVerdictOnOtherRecordsDrawsNothingOfTheOldOnes() async throws {
    let night = try await LoggedNight()
    _ = try await night.index()
    let id = try await night.desk.row("odd").id
    try await night.desk.store.pool.write { db in
      try db.execute(
        sql: "UPDATE item_records SET evidence = zeroblob(32) WHERE item_id = ?", arguments: [id])
    }
    #expect(try await night.records("odd") == nil)
  }

  @Test func aSecondIndexTakesThePlaceOfTheFirst() async throws {
    let night = try await LoggedNight()
    let first = try await night.index()
    #expect(try await night.index() == first)
    let rows = try await night.desk.store.pool.read { db in
      try ["item_records", "peer_band", "record_index"].map {
        try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \($0)")
      }
    }
    #expect(rows == [1, 1, 1])
    let trail = try await night.desk.store.auditTrail(limit: 10)
    #expect(trail.count { $0.action == "bundle.indexed" } == 2)
    _ = try await night.desk.store.verifyAudit()
  }

  @Test func theSameLogsAreTheSameBlobsWithAnyNumberOfTasks() async throws {
    let night = try await LoggedNight()
    func blobs() async throws -> [Data] {
      try await night.desk.store.pool.read { db in
        try Data.fetchAll(
          db, sql: "SELECT series FROM item_records UNION ALL SELECT bands FROM peer_band")
      }
    }
    _ = try await night.index()
    let before = try await blobs()
    _ = try await night.desk.store.indexRecords(
      bundle: night.path, logs: try LogFile.find([night.log]), memoryLimit: 16_000_000, tasks: 1,
      by: night.desk.lead, now: noon)
    #expect(try await blobs().map(JSON.init) == before.map(JSON.init))
  }

  /// Keys of encoded objects have no order.
  private struct JSON: Equatable {
    let value: NSObject?

    init(_ data: Data) {
      value = try? JSONSerialization.jsonObject(with: data) as? NSObject
    }
  }

  @Test func logsWithoutTheNightAndBundlesThatAreNotHereAreRefused() async throws {
    let night = try await LoggedNight()
    let other = "\(night.desk.folder.path)/other.ndjson"
    let line = #"{"ts":\#(LoggedNight.day),"node":"x","kind":"claim","lat":1,"lon":1}"#
    try Data((line + "\n").utf8).write(to: URL(fileURLWithPath: other))
    #expect(await refusal { try await night.index(other) }?.isBadInput == true)
    let stranger = try await Desk()
    let no = await refusal {
      try await stranger.store.indexRecords(
        bundle: night.path, logs: try LogFile.find([night.log]), memoryLimit: 64_000_000,
        tasks: 1, by: stranger.lead, now: noon)
    }
    #expect(no?.isBadInput == true)
    let mayNot = await refusal {
      try await night.desk.store.indexRecords(
        bundle: night.path, logs: try LogFile.find([night.log]), memoryLimit: 64_000_000,
        tasks: 1, by: night.desk.ada, now: noon)
    }
    #expect(mayNot == .notAllowed(.analyst))
  }

  @Test func aBundleThatChangedOnTheDiskIsRefused() async throws {
    let night = try await LoggedNight()
    let path = "\(night.path)/statement.json"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes.append(32)
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(await refusal { try await night.index() }?.isBadInput == true)
  }

  @Test func largeGroupsAreDrawnFromASampleThatNamesDoNotChoose() async throws {
    let desk = try await Desk()
    let verdicts =
      (0..<900).map { Verdict.sample("n\($0)", .accept) } + [Verdict.sample("bad", .reject)]
    let path = try desk.write(.night(verdicts))
    let bundle = try await desk.store.importBundle(path: path, by: .console, now: noon).bundle
    let row = try await desk.row("bad")
    let plan = try NightPlan(
      BundleReader(path: path), bundle, items: [Data("bad".utf8): row.id])
    let sample = plan.nodes.filter { $0.value.group != nil }
    #expect(sample.count == NightPlan.peersPerGroup && plan.nodes.count == 901)
    #expect(plan.nodes[Array("bad".utf8)]?.item == row.id)
    #expect(plan.nodes[Array("bad".utf8)]?.group == nil)
    // Spread over all names, not the first of them.
    let numbers = sample.keys.compactMap { Int(String(decoding: $0.dropFirst(), as: UTF8.self)) }
    #expect(numbers.count { $0 < 450 } > 60 && numbers.count { $0 >= 450 } > 60)
  }
}

struct SeriesTests {
  @Test func everyBuiltInProfileHasItsChannels() {
    for schema in ProfileSchema.builtIn {
      let channels = SeriesChannel.channels(of: schema)
      #expect(channels.count >= 6 && channels.count <= 9, "\(schema.name)")
      #expect(Set(channels.map(\.name)).count == channels.count)
    }
  }

  @Test func aDeclaredProfileShowsItsFirstMeasurements() {
    let schema = ProfileSchema(
      "tides", "tide gauges",
      kinds: [
        KindSchema("claim", "", fields: [FieldSchema("depth", .number, unit: "m", text: "")]),
        KindSchema(
          "level", "",
          fields: [
            FieldSchema("height", .number, unit: "m", text: "height"),
            FieldSchema("maker", .string, role: .category, text: ""),
          ]),
      ])
    #expect(SeriesChannel.channels(of: schema).map(\.name) == ["records", "level.height"])
  }

  @Test func aGridOfSeveralDaysHasWiderBuckets() {
    let one = SeriesGrid(days: Epoch(day: 10)...Epoch(day: 10))
    #expect(one.start == 864_000_000 && one.width == 1_800_000)
    #expect(one.bucket(of: one.start) == 0 && one.bucket(of: one.start - 1) == nil)
    #expect(one.bucket(of: one.start + 86_399_999) == 47)
    #expect(one.bucket(of: one.start + 86_400_000) == nil)
    let many = SeriesGrid(days: Epoch(day: -900)...Epoch(day: 10))
    #expect(many.width == 31 * 1_800_000 && many.bucket(of: 864_000_000) == 46)
  }

  @Test func quantilesLieBetweenTheirNeighbours() {
    #expect(RecordSeries.quantile([], 0.5) == nil)
    #expect(RecordSeries.quantile([3], 0.9) == 3)
    #expect(RecordSeries.quantile([1, 2, 4], 0.5) == 2)
    #expect(RecordSeries.quantile([0, 10], 0.1) == 1)
  }

  @Test func underFivePeersThereIsNoBand() {
    let row = Array(repeating: Float(1), count: 48)
    #expect(PeerBand(.records, peers: Array(repeating: row[...], count: 4)).isEmpty)
    #expect(!PeerBand(.records, peers: Array(repeating: row[...], count: 5)).isEmpty)
  }
}
