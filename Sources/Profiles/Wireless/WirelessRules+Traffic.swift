import ExactMath

/// Rules on data sessions and speed tests.
let wirelessTrafficRules: [Rule<WirelessEvidence>] = [
  Rule(
    ReasonCode(
      "W11_COPIED_CONTENT", bit: 32, .spoof, .medium, unit: "s",
      text: "Sessions under new names repeat earlier ones, to the byte and in length."),
    minimumOccurrences: 5, check: copiedContent),
  Rule(
    ReasonCode(
      "W12_DATA_FARM", bit: 33, .spoof, .medium, unit: "GB",
      text: "A few subscribers move data day and night in sessions alike."),
    minimumOccurrences: 24
  ) { dataFarm($0) ?? farmedSubscribers($0) },
  Rule(
    ReasonCode(
      "W14_STILL_SPEEDTEST", bit: 38, .spoof, .medium, unit: "%",
      text: "Speed tests keep still in every figure, latency included."),
    minimumOccurrences: 4
  ) { stillSpeedtest($0) ?? cappedSpeedtest($0) },
]

private typealias Breach = Rule<WirelessEvidence>.Breach

// MARK: - W11

/// Sessions that agree in bytes up, bytes down and length with an earlier one of another name, a
/// minute or more apart. What independent draws from the same values would give is taken off, so
/// that coarse units do not accuse.
private func copiedContent(_ evidence: WirelessEvidence) -> Breach? {
  struct Content: Hashable {
    var up: Double
    var down: Double
    var duration: Double
  }
  let table = evidence.transfers
  let up = table.numbers("up_bytes")
  let down = table.numbers("down_bytes")
  let duration = table.numbers("duration_s")
  let names = table.codes("session")
  var first: [Content: Int] = [:]
  var delays: [Double] = []
  var rows: [Int] = []
  for row in 0..<table.count where up[row] + down[row] >= 10_000 && !duration[row].isNaN {
    rows.append(row)
    let content = Content(up: up[row], down: down[row], duration: duration[row])
    guard let before = first[content] else {
      first[content] = row
      continue
    }
    let delay = Double(table.timestamps[row] - table.timestamps[before]) / 1000
    if names[row] != names[before], delay > 60 { delays.append(delay) }
  }
  let pairs = Double(rows.count) * Double(rows.count - 1) / 2
  let chance = [up, down, duration].reduce(pairs) { chance, column in
    chance * collisions(rows.map { column[$0] })
  }
  guard !delays.isEmpty, Double(delays.count) >= 5 * chance, first.count >= 3 else { return nil }
  return Breach(observed: Statistics.median(delays), high: 60, occurrences: delays.count)
}

/// Probability that two of the values are equal, one more collision taken for granted.
private func collisions(_ values: [Double]) -> Double {
  let sorted = Statistics.sorted(values)
  guard sorted.count >= 2 else { return 1 }
  var equal = 1.0
  var run = 0.0
  for (before, after) in zip(sorted, sorted.dropFirst()) {
    run = before == after ? run + 1 : 0
    equal += run
  }
  let count = Double(sorted.count)
  return min(equal / (count * (count - 1) / 2), 1)
}

// MARK: - W12

/// At most four subscribers, no quiet hours, and either much data or sessions of one make. A kiosk
/// has few subscribers too, but it closes, or carries little.
private func dataFarm(_ evidence: WirelessEvidence) -> Breach? {
  let table = evidence.transfers
  let subscribers = distinctCount(table.codes("subscriber"))
  guard table.count >= 24, subscribers > 0, subscribers <= 4 || subscribers * 24 <= table.count,
    isFlat(table.timestamps)
  else { return nil }
  let totals = zip(table.numbers("up_bytes"), table.numbers("down_bytes")).map { $0 + $1 }
  let bytes = totals.filter { !$0.isNaN }.reduce(0, +)
  let days = max(
    Double((table.timestamps.last ?? 0) - (table.timestamps.first ?? 0)) / 86_400_000, 1)
  let lengths = Statistics.sorted(table.numbers("duration_s"))
  let isQuantised =
    Statistics.modeShare(Statistics.sorted(totals)) >= 0.1
    || (Statistics.modeShare(lengths) >= 0.25 && (lengths.first ?? 0) >= 30)
    || Statistics.variation(lengths) < 0.15 || Statistics.variation(totals) < 0.15
    || Statistics.share(totals) { $0 >= 1_000_000 && isRound($0) } >= 0.5
  let perDay = bytes / days
  // A heavy household moves some 30 GB a day, in the evening.
  guard isQuantised ? perDay >= 1e9 : perDay >= 2e10 else { return nil }
  return Breach(observed: perDay / 1e9, high: isQuantised ? 1 : 20, occurrences: table.count)
}

/// Subscribers whose sessions are all of one make, a gigabyte a day or more, with no night's rest:
/// people's sessions differ tenfold in bytes and in length, and a kiosk closes.
private func farmedSubscribers(_ evidence: WirelessEvidence) -> Breach? {
  let table = evidence.transfers
  guard table.count >= 24 else { return nil }
  let (up, down) = (table.numbers("up_bytes"), table.numbers("down_bytes"))
  let duration = table.numbers("duration_s")
  var rows: [Int32: [Int]] = [:]
  for (row, code) in table.codes("subscriber").enumerated() where code >= 0 {
    rows[code, default: []].append(row)
  }
  var farmed: [Int] = []
  for code in rows.keys.sorted() {
    guard let own = rows[code], own.count >= 8,
      isOfOneMake(own.map { up[$0] + down[$0] }, from: 1_000_000),
      isOfOneMake(own.map { duration[$0] }, from: 30) || own.allSatisfy({ duration[$0].isNaN })
    else { continue }
    farmed += own
  }
  let bytes = farmed.map { up[$0] + down[$0] }.sorted().reduce(0, +)
  let moments = farmed.map { table.timestamps[$0] }.sorted()
  guard farmed.count >= 24, let first = moments.first, let last = moments.last else { return nil }
  let days = max(Double(last - first) / 86_400_000, 1)
  let pause = zip(moments, moments.dropFirst()).map { $1 - $0 }.max() ?? 0
  guard bytes / days >= 1e9, last - first >= 64_800_000, pause < 21_600_000 else { return nil }
  return Breach(observed: bytes / days / 1e9, high: 1, occurrences: farmed.count)
}

/// Whether three quarters of the values lie within a third of their median, which is no trifle.
private func isOfOneMake(_ values: [Double], from least: Double) -> Bool {
  let middle = Statistics.median(values)
  guard middle >= least else { return false }
  return values.count { abs($0 - middle) <= middle / 3 } * 4 >= values.count * 3
}

private func isRound(_ bytes: Double) -> Bool {
  [1_000_000.0, 1_048_576].contains { bytes.truncatingRemainder(dividingBy: $0) == 0 }
}

/// Whether activity is as even over the day as chance makes it: chi-squared over six parts of the
/// day under 2.2 times its degrees of freedom (95 %), and all six busy.
private func isFlat(_ timestamps: [Int64]) -> Bool {
  var counts = [Double](repeating: 0, count: 6)
  for moment in timestamps { counts[Int((moment / 14_400_000) % 6)] += 1 }
  let expected = Double(timestamps.count) / 6
  let chi = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
  return chi < 11 && !counts.contains(0)
}

// MARK: - W14

/// Real lines vary by several percent. A throttled line is capped, but its latency breathes.
private func stillSpeedtest(_ evidence: WirelessEvidence) -> Breach? {
  let table = evidence.speedtests
  let (up, down, latency) = (
    Statistics.variation(table.numbers("up_mbps")),
    Statistics.variation(table.numbers("down_mbps")),
    Statistics.variation(table.numbers("latency_ms"))
  )
  guard table.count >= 4, down < 0.01, latency < 0.015, up < 0.02 else { return nil }
  guard max(up, down, latency) > 0 else { return nil }
  return Breach(observed: latency * 100, low: 1.5, occurrences: table.count)
}

/// Both speeds stand at one largest value, as on a throttled line, but the latency keeps still too:
/// real ones vary by a tenth and more.
private func cappedSpeedtest(_ evidence: WirelessEvidence) -> Breach? {
  let table = evidence.speedtests
  let (up, down) = (table.numbers("up_mbps"), table.numbers("down_mbps"))
  let latency = Statistics.variation(table.numbers("latency_ms"))
  guard table.count >= 4, latency < (table.count >= 6 ? 0.06 : 0.045),
    [up, down].allSatisfy({ isCapped($0) })
  else { return nil }
  return Breach(observed: latency * 100, low: 6, occurrences: table.count)
}

private func isCapped(_ speeds: [Double]) -> Bool {
  let sorted = Statistics.sorted(speeds)
  guard let largest = sorted.last, largest > 0 else { return false }
  let atLargest = sorted.count { $0 == largest }
  return Statistics.variation(sorted) < 0.03 && atLargest >= 2 && atLargest * 3 >= sorted.count
}
