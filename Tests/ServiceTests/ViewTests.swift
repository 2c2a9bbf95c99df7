import Bundles
import Contributions
import Foundation
import Relations
import Testing
import Verdicts

@testable import Review
@testable import Service

/// Nights, shadow runs and what is drawn of records.
struct ViewTests {
  private static let midnight: Int64 = 1_763_596_800_000

  /// A channel with the values of `medians`, each ten up and down.
  private static func series(_ medians: [Double?], channel: String = "packet.snr_db") throws
    -> RecordSeries
  {
    func list(_ change: Double) -> [Any] {
      medians.map { $0.map { $0 + change } ?? NSNull() as Any }
    }
    let object: [String: Any] = [
      "channel": [
        "name": channel, "unit": "dB", "text": "signal <noise>", "kind": "packet",
        "field": "snr_db",
      ],
      "medians": list(0), "lows": list(-10), "highs": list(10),
      "counts": medians.map { $0 == nil ? 0 : 2 },
    ]
    return try JSONDecoder().decode(
      RecordSeries.self, from: try JSONSerialization.data(withJSONObject: object))
  }

  private static func place(best: NodePlace.Point?, ties: Int) throws -> NodePlace {
    let ends = (0..<ties).map { index -> [String: Any] in
      let isFar = index == 0
      return [
        "node": "<b>\(index)", "kind": "heard", "isUsed": index % 7 != 0, "rssi": -90.5,
        "excess": index == 1 ? 40 : 1, "metres": isFar ? 5_000_000 : 1000 + 10 * index,
        "place": ["latitude": isFar ? -20 : 46 + Double(index) / 1000, "longitude": 6.01],
      ]
    }
    var object: [String: Any] = [
      "claimed": ["latitude": 46, "longitude": 6], "ties": ends, "deviation": 6,
    ]
    if let best {
      object["best"] = ["latitude": best.latitude, "longitude": best.longitude]
      object["basis"] = "links"
      object["metres"] = 12_345
    }
    return try JSONDecoder().decode(
      NodePlace.self, from: try JSONSerialization.data(withJSONObject: object))
  }

  private static func records(channels: Int, ties: Int) throws -> ItemRecords {
    let medians = (0..<48).map { $0 % 11 == 5 ? nil : Double($0) * 1.234567 - 100 }
    let band = [Float?](repeating: -80, count: 48)
    let series = try (0..<channels).map { try Self.series(medians, channel: "c\($0)") }
    let json: [String: Any] = [
      "channel": "c0", "lows": band.map { $0.map { $0 - 9 } as Any },
      "medians": band.map { $0 as Any }, "highs": band.map { $0.map { $0 + 9 } as Any },
    ]
    let peers = try JSONDecoder().decode(
      PeerBand.self, from: try JSONSerialization.data(withJSONObject: json))
    let place = try place(best: .init(latitude: 46.1, longitude: 5.9), ties: ties)
    return ItemRecords(
      grid: SeriesGrid(start: midnight, width: 1_800_000), series: series,
      bands: Dictionary(uniqueKeysWithValues: series.map { ($0.channel.name, peers) }), peers: 77,
      place: place, tieItems: (0..<ties).map { $0 == 2 ? 12 : nil }, path: nil)
  }

  @Test func aPageWithEveryChartAndAFullMapIsUnderTwoHundredKilobytes() async throws {
    let fixture = try await DeskFixture()
    let row = try #require(try await fixture.rows().first)
    let item = try await fixture.store.item(row.id, now: DeskFixture.now)
    let person = try #require(fixture.sessions[.admin]).person
    let page = ItemPage(
      shell: Shell(title: "t", path: "/items/1", visitor: nil, csrf: "", notice: nil), item: item,
      records: try Self.records(channels: 9, ties: 80), visitor: person, hasLogs: true,
      now: DeskFixture.now)
    let text = try fixture.desk.pages.render(page)
    #expect(text.utf8.count < 200_000, "\(text.utf8.count) bytes")
    #expect(text.components(separatedBy: "class=\"multiple\"").count == 10)
    #expect(text.contains("&lt;b&gt;3") && !text.contains("<b>3"))
    #expect(text.contains("signal &lt;noise&gt;") && !text.contains("<noise>"))
    #expect(text.contains("12.3 km to the north-west"))
    #expect(text.contains("href=\"/items/12\""))
    #expect(text.contains("77 accepted nodes"))
  }

  @Test func aNodeThatIsNotIndexedSaysHow() async throws {
    let fixture = try await DeskFixture()
    let row = try #require(try await fixture.rows().first)
    let text = try await fixture.get("/items/\(row.id)", as: .viewer).text
    #expect(text.contains("assayd index"))
    #expect(text.contains("class=\"cluster\""))
    for file in ["records.csv", "records.json", "places.csv", "places.json"] {
      #expect(try await fixture.get("/items/\(row.id)/\(file)", as: .viewer).status == .notFound)
    }
  }

  @Test func aNightIsShownAndLinkedFromBundlesAndQuality() async throws {
    let fixture = try await DeskFixture(nodes: PageTests.hostile)
    let id = try #require(try await fixture.store.bundles().first).id
    for path in ["/bundles", "/quality"] {
      let text = try await fixture.get(path, as: .viewer).text
      #expect(text.contains("href=\"/nights/\(id)\""), "\(path)")
    }
    let text = try await fixture.get("/nights/\(id)", as: .viewer).text
    #expect(text.contains("10 read = 10 used + 0 duplicate + 0 quarantined."))
    #expect(text.contains("No check was muted.") && text.contains("no figures of drift"))
    let csv = try await fixture.get("/nights/\(id)/night.csv", as: .viewer).text
    #expect(csv.contains("\r\nverdicts,reject,7,\r\n") && csv.contains("\r\nbooks,read,10,\r\n"))
    let json = try await fixture.get("/nights/\(id)/night.json", as: .viewer).text
    #expect(json.contains(#"{"name":"reject","night_before":"","section":"verdicts","value":7}"#))
    #expect(try await fixture.get("/nights/4711", as: .viewer).status == .notFound)
  }

  @Test func aShadowRunIsShownWithNamesAsText() async throws {
    let fixture = try await DeskFixture(nodes: PageTests.hostile)
    let bundle = try #require(try await fixture.store.bundles().first)
    let candidate = try BundleWriter(
      BundleContents(
        profile: "wireless", epoch: bundle.epoch, revision: 0,
        verdicts: PageTests.hostile.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map {
          Verdict(
            node: $0, group: "all", outcome: .accept, rawMicro: 1, pPpb: 900_000_000,
            qPpb: 900_000_000, unitsMicro: 42_000_000, evidence: Array(repeating: 7, count: 32),
            reasons: [])
        }, reasons: [], books: Books(), quarantine: [], policy: .standard,
        model: .init(name: "next", version: "2", digest: Array(repeating: 8, count: 32)),
        reports: ["summary.json": Array(#"{"selection":"day"}"#.utf8)]), keys: []
    ).write(below: fixture.folder + "/candidate")
    let run = try await fixture.store.importShadow(
      of: bundle.path, candidate: candidate, by: .console, now: DeskFixture.now)
    #expect(run.flips == 7)
    let text = try await fixture.get("/shadows/\(run.id)", as: .viewer).text
    #expect(!text.contains("<script>alert") && text.contains("&lt;script&gt;alert"))
    #expect(text.contains("7 of 7 nodes") && text.contains("loses <code>SHARED</code>"))
    #expect(text.contains("href=\"/items/1\""))
    let night = try await fixture.get("/nights/\(bundle.id)", as: .viewer).text
    #expect(night.contains("href=\"/shadows/\(run.id)\""))
    let csv = try await fixture.get("/shadows/\(run.id)/flips.csv", as: .viewer).text
    #expect(csv.contains("'=1+1,") && csv.components(separatedBy: "\r\n").count == 9)
    let past = try await fixture.get("/shadows/\(run.id)?after=6", as: .viewer).text
    #expect(past.contains("Nobody."))
    #expect(try await fixture.get("/shadows/9", as: .viewer).status == .notFound)
  }

  // MARK: Drawings

  @Test func aSeriesIsDrawnInRunsWithGaps() throws {
    #expect(SeriesDrawing.runs([]) == [])
    #expect(SeriesDrawing.runs([nil, 1, 2, nil, 3]) == [1..<3, 4..<5])
    var medians = [Double?](repeating: nil, count: 48)
    medians[3] = -5
    medians[20] = 4
    medians[21] = 5
    let grid = SeriesGrid(start: Self.midnight, width: 1_800_000)
    let drawing = SeriesDrawing(series: try Self.series(medians), band: nil, grid: grid)
    #expect(drawing.markup.components(separatedBy: "<polyline").count == 2)
    #expect(drawing.markup.components(separatedBy: "class=\"inside\"").count == 2)
    #expect(drawing.markup.contains("3 of 48 intervals"))
    #expect(SeriesWords.moment(0, grid) == "00:00" && SeriesWords.moment(48, grid) == "24:00")
    #expect(SeriesWords.moment(13, grid) == "06:30")
  }

  @Test func constantAndHugeValuesAreDrawn() throws {
    let grid = SeriesGrid(start: 0, width: 1_800_000)
    for value in [0.0, 5, -1e30, 1e30] {
      let series = try Self.series(Array(repeating: value, count: 48))
      #expect(SeriesDrawing(series: series, band: nil, grid: grid).markup.contains("</svg>"))
    }
    #expect(SeriesWords.number(1e30) == "—" && SeriesWords.number(-60.5) == "−60.5")
  }

  @Test func aScaleBarIsRound() {
    #expect(MapDrawing.round(4999) == 2000 && MapDrawing.round(5000) == 5000)
    #expect(MapDrawing.round(1.5) == 1 && MapDrawing.round(.nan) == 1)
    #expect(MapDrawing.distance(349.6) == "350 m" && MapDrawing.distance(12_345) == "12.3 km")
  }

  @Test func endsFarAwayStandAtTheEdgeAndDoNotPressTheRest() throws {
    let place = try Self.place(best: nil, ties: 20)
    let drawing = MapDrawing(
      centre: place.claimed, best: nil,
      ties: place.ties.enumerated().map { (number: $0.offset + 1, tie: $0.element) }, path: [],
      deviation: place.deviation)
    for match in drawing.markup.matches(of: /[xy]2="(-?[\d.]+)"/) {
      let value = try #require(Double(match.1))
      #expect((0...800).contains(value))
    }
    #expect(drawing.markup.contains("class=\"strong\"") && drawing.markup.contains("\"unused\""))
    #expect(drawing.markup.contains("2 km") || drawing.markup.contains("500 m"))
  }

  @Test func bearingsAreOfEightWinds() {
    let home = NodePlace.Point(latitude: 46, longitude: 179.9)
    func wind(_ latitude: Double, _ longitude: Double) -> String {
      MapWords.bearing(home, .init(latitude: latitude, longitude: longitude))
    }
    #expect(wind(46, -179.9) == "east" && wind(46, 179) == "west")
    #expect(wind(47, 179.9) == "north" && wind(45, 179.9) == "south")
    #expect(wind(47, 178.46) == "north-west" && wind(45, -178.66) == "south-east")
  }

  @Test func everyVerdictThatOccursShowsInTheBarOfANight() {
    let parts = NightDrawing.parts([.accept: 1_000_000, .reject: 1])
    #expect(parts.first { $0.0 == .reject }?.1 == 300)
    #expect(parts.first { $0.0 == .hold }?.1 == 0)
    #expect(parts.map(\.1).reduce(0, +) <= 72_000)
    #expect(NightDrawing.parts([:]).isEmpty)
  }
}
