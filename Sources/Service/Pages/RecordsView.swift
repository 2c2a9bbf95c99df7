import Foundation
import Relations
import Reports
import Review

/// A node's records over time against its peers, and where they say that it stands.
struct RecordsView {
  struct Line {
    let time: String
    let median: String
    let range: String
    let count: String
    let peers: String
  }

  struct Chart {
    let name: String
    let text: String
    let drawingMarkup: String
    let unit: String
    let lines: [Line]
  }

  let charts: [Chart]
  let peers: String
  let map: MapView?

  init(_ records: ItemRecords) {
    charts = records.series.map { series in
      let band = records.bands[series.channel.name]
      let unit = series.channel.unit
      return Chart(
        name: series.channel.name, text: series.channel.text,
        drawingMarkup: SeriesDrawing(series: series, band: band, grid: records.grid).markup,
        unit: unit.isEmpty ? "" : ", \(unit)", lines: Self.lines(series, band, records.grid))
    }
    peers =
      records.bands.isEmpty
      ? "Too few nodes of its peer group were accepted for a band."
      : "The band holds the middle 80 % of \(records.peers) accepted nodes of its peer group."
    map = MapView(records)
  }

  /// A line for each interval in which the node or its peers have a value.
  private static func lines(
    _ series: RecordSeries, _ band: PeerBand?, _ grid: SeriesGrid
  ) -> [Line] {
    func text(_ value: Float?) -> String { value.map(SeriesWords.number) ?? "—" }
    return series.medians.indices.compactMap { bucket in
      let middle = band?.medians[bucket]
      guard series.medians[bucket] != nil || middle != nil else { return nil }
      let range = "\(text(series.lows[bucket])) to \(text(series.highs[bucket]))"
      let peers = "\(text(band?.lows[bucket])) to \(text(band?.highs[bucket]))"
      return Line(
        time: SeriesWords.moment(bucket, grid), median: text(series.medians[bucket]),
        range: series.lows[bucket] == nil ? "" : range, count: "\(series.counts[bucket])",
        peers: middle == nil ? "" : peers)
    }
  }
}

/// The plan of a node's links, neighbours or path.
struct MapView {
  struct Tie {
    let number: String
    let nameMarkup: String
    let href: String?
    let how: String
    let distance: String
    let measured: String
    let against: String
    let isUnused: Bool
  }

  let drawingMarkup: String
  let words: String
  let ties: [Tie]
  let hasTies: Bool
  /// Whether its ends are those of radio links.
  let hasLinks: Bool
}

extension MapView {
  /// `nil` for a node that claims no place and went nowhere.
  init?(_ records: ItemRecords) {
    if let place = records.place {
      self.init(place, items: records.tieItems)
    } else if let path = records.path {
      self.init(path)
    } else {
      return nil
    }
  }

  private init?(_ path: NodePath) {
    guard let first = path.fixes.first else { return nil }
    let fixes =
      path.count == path.fixes.count
      ? "Its \(path.count) fixes in order"
      : "\(path.fixes.count) of its \(path.count) fixes, taken evenly"
    self.init(
      drawingMarkup: MapDrawing(
        centre: first.place, best: nil, ties: [], path: path.fixes, deviation: nil
      ).markup,
      words: fixes + "; dashed where more than a quarter of an hour lies between two.", ties: [],
      hasTies: false, hasLinks: false)
  }

  private init(_ place: NodePlace, items: [Int64?]) {
    let numbered = place.ties.enumerated().map { (number: $0.offset + 1, tie: $0.element) }
    self.init(
      drawingMarkup: MapDrawing(
        centre: place.claimed, best: place.best, ties: numbered.filter { $0.tie.place != nil },
        path: [], deviation: place.deviation
      ).markup,
      words: MapWords.summary(place),
      ties: zip(numbered, items).map { Tie($0.number, $0.tie, place, item: $1) },
      hasTies: !numbered.isEmpty, hasLinks: place.ties.contains { $0.rssi != nil })
  }
}

extension MapView.Tie {
  init(_ number: Int, _ tie: NodePlace.Tie, _ place: NodePlace, item: Int64?) {
    self.number = "\(number)"
    nameMarkup = tie.node.isEmpty ? "device" : Markup.name(tie.node)
    href = item.map { "/items/\($0)" }
    how = MapWords.kind(tie.kind)
    distance = tie.metres.map(MapDrawing.distance) ?? "—"
    measured = MapWords.measured(tie)
    against = MapWords.against(tie, deviation: place.deviation)
    isUnused = !tie.isUsed
  }
}

/// What a plan shows, in words.
enum MapWords {
  static func kind(_ kind: NodePlace.Tie.Kind) -> String {
    switch kind {
    case .heard: "heard by it"
    case .hearing: "hears it"
    case .device: "device heard"
    case .near: "near its claim"
    case .elsewhere: "near the best fit"
    }
  }

  static func measured(_ tie: NodePlace.Tie) -> String {
    var parts: [String] = []
    if let rssi = tie.rssi { parts.append(number(rssi) + " dBm") }
    if let count = tie.count { parts.append("\(count) times") }
    if let correlation = tie.correlation { parts.append("clouds alike " + number(correlation)) }
    return parts.isEmpty ? "—" : parts.joined(separator: ", ")
  }

  static func against(_ tie: NodePlace.Tie, deviation: Double?) -> String {
    if let excess = tie.excess, let rssi = tie.rssi {
      return number(rssi - excess) + (deviation.map { " ± \(number($0))" } ?? "") + " dBm"
    }
    return tie.pressureDifference.map { number($0) + " hPa apart" } ?? "—"
  }

  static func summary(_ place: NodePlace) -> String {
    guard let basis = place.basis, let best = place.best, let metres = place.metres else {
      let misfit = place.claimedMisfit.map {
        " Its links miss the network's path-loss line by \(number($0)) times its variance; 1 is "
          + "usual."
      }
      return "No other place fits better than the claimed one." + (misfit ?? "")
    }
    let way = "\(MapDrawing.distance(metres)) to the \(bearing(place.claimed, best))"
    switch basis {
    case .links:
      let misfits = place.claimedMisfit.flatMap { claimed in
        place.bestMisfit.map { " (misfit \(number($0)) instead of \(number(claimed)); 1 is usual)" }
      }
      return "Its links fit best \(way)\(misfits ?? "")."
    case .clouds: return "Clouds passed when they did over stations \(way)."
    case .sun: return "Its light fits a longitude \(way); the sun tells no latitude."
    }
  }

  /// One of eight winds.
  static func bearing(_ from: NodePlace.Point, _ to: NodePlace.Point) -> String {
    var east = to.longitude - from.longitude
    if east > 180 { east -= 360 } else if east < -180 { east += 360 }
    let north = to.latitude - from.latitude
    let angle = atan2(north, east * cos(from.latitude * .pi / 180)) / (2 * .pi)
    let winds = [
      "east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east",
    ]
    return winds[Int((angle * 8).rounded()) & 7]
  }

  private static func number(_ value: Double) -> String {
    let tenths = (value * 10).rounded()
    guard tenths.magnitude < 1e15 else { return "—" }
    return value.magnitude < 10
      ? Figures.decimal(Int64((value * 100).rounded()), places: 2)
      : Figures.decimal(Int64(tenths), places: 1)
  }
}
