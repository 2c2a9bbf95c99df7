import ExactMath

/// Rules on delay and on the concentrator's counter.
let wirelessDelayRules: [Rule<WirelessEvidence>] = [
  Rule(
    ReasonCode(
      "W7_FLAT_DELAY", bit: 26, .spoof, .medium, unit: "ms",
      text: "Delays spread evenly over seconds; a slow backhaul has a usual delay."),
    minimumOccurrences: 16, check: flatDelay),
  Rule(
    ReasonCode(
      "W7_SELECTIVE_DELAY", bit: 27, .spoof, .medium, unit: "ms",
      text: "Some senders always come late while others, in between, come at once."),
    minimumOccurrences: 8, check: selectiveDelay),
  Rule(
    ReasonCode(
      "W7_OFTEN_LATE", bit: 28, .spoof, .low,
      text: "More receptions than the backhaul explains come more than 4 s late."),
    minimumOccurrences: 8, check: oftenLate),
  Rule(
    ReasonCode(
      "W10_TWO_CLOCKS", bit: 31, .spoof, .medium, unit: "s",
      text: "Two counters take turns under one identity, as if two gateways shared its key."),
    minimumOccurrences: 6, check: twoClocks),
  Rule(
    ReasonCode(
      "F_CLOCK_DRIFT", bit: 36, .fault, .medium, unit: "ppm",
      text: "The concentrator's clock runs faster or slower than any working oscillator."),
    minimumOccurrences: 20, check: clockDrift),
  Rule(
    ReasonCode(
      "F_WENT_DEAF", bit: 37, .fault, .medium, unit: "h",
      text: "The node went on reporting and heard nothing for the rest of the day."),
    minimumOccurrences: 4, check: wentDeaf),
]

private typealias Breach = Rule<WirelessEvidence>.Breach

// MARK: - W7

/// Delays that lie late and far apart and spread evenly: all of them, or those over a second where
/// they are a sixth of all and more than the 4.1 % of honest backhaul. Time on air counts for no
/// delay, nor does being the first to deliver.
private func flatDelay(_ evidence: WirelessEvidence) -> Breach? {
  let holds = Statistics.sorted(evidence.receptions.delays)
  guard holds.count >= 24 else { return nil }
  if Quantile.of(holds, 0.5) >= 1000, let breach = evenSpread(holds, upTo: 0.95, from: 0.2) {
    return breach
  }
  let late = holds.filter { $0 > 1000 }
  guard late.count * 6 >= holds.count else { return nil }
  return evenSpread(late, upTo: 0.9, from: 0.3)
}

/// Whether ascending delays are even: they begin near nothing, a third of their range never holds
/// much more than a third of them, and the middle stays near an even spread (Kolmogorov–Smirnov). A
/// slow line has a least delay and a usual one: its densest third holds half.
private func evenSpread(
  _ holds: [Double], upTo share: Double, from least: Double
) -> Breach? {
  let low = Quantile.of(holds, 0.05)
  let high = Quantile.of(holds, share)
  guard holds.count >= 16, high - low >= 2000, low <= least * high else { return nil }
  let middle = holds.filter { $0 >= low && $0 <= high }
  let count = Double(middle.count)
  var distance = 0.0
  var densest = 0
  var end = 0
  for (rank, hold) in middle.enumerated() {
    let even = (hold - low) / (high - low)
    distance = max(distance, abs(Double(rank + 1) / count - even), abs(even - Double(rank) / count))
    while end < middle.count, middle[end] <= hold + (high - low) / 3 { end += 1 }
    densest = max(densest, end - rank)
  }
  guard distance < 0.08 + 0.6 / count.squareRoot(),
    Double(densest) / count < 0.37 + 0.9 / count.squareRoot()
  else { return nil }
  return Breach(observed: Quantile.of(holds, 0.5), high: 1000, occurrences: holds.count)
}

/// Late is more than a second after the node's prompt quarter. A backhaul is slow for all senders
/// at a time; a relay is slow for those it relays. Who is the only one to hear a sender is its first
/// to deliver, however late: that says nothing.
private func selectiveDelay(_ evidence: WirelessEvidence) -> Breach? {
  let receptions = evidence.receptions
  let delays = receptions.delays
  let sorted = Statistics.sorted(delays)
  guard sorted.count >= 24 else { return nil }
  let limit = max(Quantile.of(sorted, 0.25), 0) + 1000
  let overall = Double(sorted.count { $0 > limit }) / Double(sorted.count)
  var late: [Int] = []
  var prompt: [Int] = []
  var lateSenders = 0
  var promptSenders = 0
  var mixed = 0
  var chance = 0.0
  for link in 0..<evidence.links.count {
    let rows = evidence.links[link].filter { !delays[$0].isNaN }
    guard rows.count >= 4 else { continue }
    let lateShare = Double(rows.count { delays[$0] > limit }) / Double(rows.count)
    chance += alwaysLate(rows.count, overall)
    if lateShare >= 0.9 {
      lateSenders += 1
      late += rows
    } else if lateShare <= 0.25 {
      promptSenders += 1
      prompt += rows
    } else {
      mixed += 1
    }
  }
  guard Double(lateSenders) >= 2 + 4 * chance, promptSenders >= 2,
    mixed * 3 <= lateSenders + promptSenders, turns(late, prompt, receptions) >= 8
  else { return nil }
  return Breach(
    observed: Statistics.median(late.map { receptions.hold[$0] }), high: limit,
    occurrences: late.count)
}

/// Probability that all of `count` receptions, or ten in eleven, are late where `late` of all are.
private func alwaysLate(_ count: Int, _ late: Double) -> Double {
  (0..<min(count, 9)).reduce(1.0) { product, _ in product * late }
}

/// How often receptions of one set follow those of the other, by the time they were made.
private func turns(_ one: [Int], _ other: [Int], _ receptions: Receptions) -> Int {
  let order =
    (one.map { (receptions.received($0), 0) } + other.map { (receptions.received($0), 1) })
    .sorted { $0 < $1 }
  return zip(order, order.dropFirst()).count { $0.1 != $1.1 }
}

/// 4.1 % of honest receptions are more than 4 s late.
private func oftenLate(_ evidence: WirelessEvidence) -> Breach? {
  let late = evidence.sortedHold.count { $0 > 4000 }
  let share = Double(late) / Double(max(evidence.sortedHold.count, 1))
  guard share >= 0.2, share <= 0.5 else { return nil }
  return Breach(observed: share, high: 0.2, occurrences: late)
}

// MARK: - Counter

/// A restart leaves one phase for another and never comes back to it. Gateways with two
/// concentrators take turns too, which is why this holds and does not reject.
private func twoClocks(_ evidence: WirelessEvidence) -> Breach? {
  let clocks = CounterClocks(evidence.receptions)
  guard let pair = clocks.alternating, pair.gap >= 300 else { return nil }
  return Breach(observed: pair.gap, high: 3, occurrences: pair.turns)
}

/// Crystals keep 20 ppm, worn ones 50; past 200 the counter is broken.
private func clockDrift(_ evidence: WirelessEvidence) -> Breach? {
  let phases = evidence.receptionPhases
  guard phases.count >= 20, let first = phases.first else { return nil }
  var unwrapped: [Double] = [0]
  var seconds: [Double] = [0]
  for (before, after) in zip(phases, phases.dropFirst()) {
    let step = CounterClocks.difference(after.phase, before.phase)
    guard abs(step) < 60_000_000 else { return nil }
    unwrapped.append((unwrapped.last ?? 0) + step / 1_000_000)
    seconds.append((after.received - first.received) / 1000)
  }
  guard let fit = LineFit(seconds, unwrapped), abs(fit.slope) >= 2e-4, abs(fit.correlation) > 0.99,
    fit.residualDeviation < 5
  else { return nil }
  return Breach(observed: fit.slope * 1_000_000, low: -200, high: 200, occurrences: fit.count)
}

/// Silence of six hours and three times the longest silence before.
private func wentDeaf(_ evidence: WirelessEvidence) -> Breach? {
  let moments = evidence.receptions.timestamps.sorted()
  guard moments.count >= 10, let last = moments.last else { return nil }
  let signs =
    (evidence.beacons.timestamps + evidence.heartbeats.timestamps).filter { $0 > last }
  guard let end = signs.max() else { return nil }
  let longest = zip(moments, moments.dropFirst()).map { $1 - $0 }.max() ?? 0
  let silence = end - last
  guard silence >= 6 * 3_600_000, silence >= 3 * longest else { return nil }
  return Breach(observed: Double(silence) / 3_600_000, high: 6, occurrences: signs.count)
}
