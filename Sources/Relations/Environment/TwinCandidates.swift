import ExactMath
import Profiles

/// Pairs of stations that are worth a closer look.
struct TwinCandidates {
  /// A pair of stations, `first` < `second`.
  struct Pair: Hashable, Comparable {
    let first: Int
    let second: Int

    init(_ one: Int, _ other: Int) {
      first = min(one, other)
      second = max(one, other)
    }

    static func < (left: Pair, right: Pair) -> Bool {
      (left.first, left.second) < (right.first, right.second)
    }
  }

  /// In order, each once.
  private(set) var pairs: [Pair] = []

  /// Stations of one sampling rate above which only the first channel is searched: time goes with
  /// the square of the stations and with the channels.
  private static let searchedByOneChannel = 20_000
  /// Neighbours and siblings on each side that are compared with a late copy in mind.
  private static let window = 8
  /// Late copies: up to half an hour.
  static func lags(step: Int64) -> Int { Int(1_800_000 / step) }

  init(
    noise: [FastNoise], stations: [WeatherStation], cells: WeatherCells, tasks: Int
  ) async throws {
    var found: Set<Pair> = []
    for step in GridSeries.steps {
      let rows = noise.indices.filter { noise[$0].step == step && !noise[$0].channels.isEmpty }
      for pair in try await Self.alike(rows, noise, tasks: tasks) { found.insert(pair) }
    }
    for cell in cells.members.keys.sorted() {
      // Squares overlap: each station is paired in the one that it is most central in.
      Self.addLate(cells.members[cell] ?? [], noise, into: &found) { cells.cellOf[$0] == cell }
    }
    var owners: [String: [Int]] = [:]
    for (index, station) in stations.enumerated() {
      if let owner = station.trace.owner { owners[owner, default: []].append(index) }
    }
    for members in owners.values where members.count > 1 && members.count <= 256 {
      Self.addLate(members, noise, into: &found) { _ in true }
    }
    pairs = found.sorted()
  }

  /// Pairs alike at once, among all stations of one sampling rate: exact products of all with all.
  private static func alike(
    _ rows: [Int], _ noise: [FastNoise], tasks: Int
  ) async throws -> [Pair] {
    guard rows.count >= 2 else { return [] }
    var usage: [String: Int] = [:]
    for row in rows {
      for channel in noise[row].channels { usage[channel.name, default: 0] += 1 }
    }
    let names = usage.keys.sorted { (-(usage[$0] ?? 0), $0) < (-(usage[$1] ?? 0), $1) }
      .prefix(rows.count > searchedByOneChannel ? 1 : 3)
    let starts = rows.flatMap { noise[$0].channels.map(\.first) }.sorted()
    let ends = rows.flatMap { noise[$0].channels.map { $0.first + Int64($0.values.count) } }
      .sorted()
    // A few clocks in other years must not stretch the grid.
    let start = starts[starts.count / 50]
    let length = Int(min(ends[ends.count - 1 - ends.count / 50] - start, 700))
    guard length >= 6 else { return [] }
    var values = [Double](repeating: 0, count: rows.count * names.count * length)
    for (number, row) in rows.enumerated() {
      for (slot, name) in names.enumerated() {
        guard let channel = noise[row].channels.first(where: { $0.name == name }) else { continue }
        let base = (number * names.count + slot) * length
        for (offset, value) in channel.values.enumerated() {
          let place = Int(channel.first - start) + offset
          if place >= 0, place < length { values[base + place] = value }
        }
      }
    }
    let matrix = try UnitRows(rows: rows.count, columns: names.count * length, values: values)
    // Few values are alike by chance, and the likest are many.
    let perRow = length * names.count < 120 ? 16 : 6
    return try await matrix.pairs(atLeast: 0.5, perRow: perRow, tasks: tasks).map {
      Pair(rows[$0.first], rows[$0.second])
    }
  }

  private static func addLate(
    _ members: [Int], _ noise: [FastNoise], into found: inout Set<Pair>,
    where isChosen: (Int) -> Bool
  ) {
    for (place, one) in members.enumerated() where isChosen(one) {
      for other in members[(place + 1)...].prefix(window) {
        let pair = Pair(one, other)
        guard !found.contains(pair), noise[one].step == noise[other].step else { continue }
        let match = noise[one].match(noise[other], lags: lags(step: noise[one].step))
        if match.correlation >= 0.5 { found.insert(pair) }
      }
    }
  }
}
