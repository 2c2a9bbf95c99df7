import ExactMath

/// Rules on signals that software rewrote or made up, for those who hide it better.
let wirelessRewriteRules: [Rule<WirelessEvidence>] = [
  Rule(
    ReasonCode(
      "W4_CLIPPED_SIGNAL", bit: 21, .spoof, .medium,
      text: "Signals of many senders heap at the ends of a narrow range, as clipping makes them."),
    minimumOccurrences: 5
  ) { clippedSignal($0) ?? clippedRatio($0) },
  Rule(
    ReasonCode(
      "W4_COUNTER_FOLLOWS_CLOCK", bit: 22, .spoof, .medium, unit: "ms",
      text: "The concentrator's counter is the time of day to a tenth of a second, all day."),
    minimumOccurrences: 20, check: counterFollowsClock),
  Rule(
    ReasonCode(
      "W4_IMPOSSIBLE_NOISE", bit: 23, .spoof, .medium, unit: "dBm",
      text: "Signals leave less room for noise than heat alone makes in their bandwidth."),
    minimumOccurrences: 10, check: impossibleNoise),
  Rule(
    ReasonCode(
      "W5_MOSTLY_CONSTANT", bit: 24, .spoof, .medium, unit: "dB",
      text: "Different senders arrive with the same strength and signal-to-noise ratio."),
    minimumOccurrences: 20
  ) { repeatedPair($0) ?? frozenSignal($0) ?? frozenLinks($0) ?? repeatingLinks($0) },
  Rule(
    ReasonCode(
      "W6_LINKS_ON_A_LINE", bit: 25, .spoof, .medium, unit: "dB",
      text: "Links of many lengths lose what a formula says, without hills, walls or trees."),
    minimumOccurrences: 8, check: linksOnALine),
]

private typealias Breach = Rule<WirelessEvidence>.Breach

// MARK: - W4

/// The strongest receptions of a real node thin out: they do not heap at one value that several
/// senders share. Amplifiers that saturate do so above −50 dBm and 5 dB.
private func clippedSignal(_ evidence: WirelessEvidence) -> Breach? {
  let receptions = evidence.receptions
  if let largest = evidence.sortedRSSI.last, largest <= -50,
    let heap = heap(atTopOf: evidence.sortedRSSI, finestStep: 1),
    sendersAt(largest, receptions.rssi, receptions.sender) >= 3
  {
    return Breach(
      observed: Double(heap) / Double(evidence.sortedRSSI.count), high: 0.04, occurrences: heap)
  }
  if let largest = evidence.sortedSNR.last, largest < 5,
    let heap = heap(atTopOf: evidence.sortedSNR, finestStep: 0.5),
    sendersAt(largest, receptions.snr, receptions.sender) >= 3
  {
    return Breach(
      observed: Double(heap) / Double(evidence.sortedSNR.count), high: 0.04, occurrences: heap)
  }
  return nil
}

/// Receptions at the largest value where they are a 25th of all and three times as many as at any
/// value in the 3 dB below; `nil` too where values come in coarse steps, which heap everywhere.
private func heap(atTopOf sorted: [Double], finestStep: Double) -> Int? {
  guard sorted.count >= 40, let largest = sorted.last else { return nil }
  var counts: [(value: Double, count: Int)] = []
  var step = Double.infinity
  for value in sorted {
    if let last = counts.last, last.value == value {
      counts[counts.count - 1].count += 1
    } else {
      if let last = counts.last { step = min(step, value - last.value) }
      counts.append((value, 1))
    }
  }
  guard counts.count >= 6, step <= finestStep + 1e-9, let heap = counts.last?.count,
    heap * 25 >= sorted.count
  else { return nil }
  let below = counts.dropLast().filter { $0.value >= largest - 3 }.map(\.count)
  guard let fullest = below.max(), heap >= 3 * fullest else { return nil }
  return heap
}

/// Ratios that keep to a range narrower than the data rates in use allow, and press against its ends:
/// a fifth lie within 2 dB of either, where honest ones thin out, with three senders at each. Limits
/// of a receiver are higher: LoRa chips measure up to 8 dB or more.
private func clippedRatio(_ evidence: WirelessEvidence) -> Breach? {
  let receptions = evidence.receptions
  let sorted = evidence.sortedSNR
  guard sorted.count >= 30, let low = sorted.first, let high = sorted.last, high < 5.5, low > -12,
    high - low >= 6
  else { return nil }
  let slowest = receptions.spreadingFactor.max() ?? 0
  // Rates down to SF10 and slower are heard under −12 dB too, where anything weak is.
  guard slowest >= 10, receptions.spreadingFactor.count(where: { $0 >= 10 }) * 5 >= sorted.count
  else { return nil }
  func end(_ range: ClosedRange<Double>) -> Int {
    let rows = (0..<receptions.count).filter { range.contains(receptions.snr[$0]) }
    return Set(rows.map { receptions.sender[$0] }).count >= 3 ? rows.count : 0
  }
  let top = end((high - 2)...high)
  let belowTop = sorted.count { $0 >= high - 4 && $0 < high - 2 }
  let bottom = end(low...(low + 2))
  let aboveBottom = sorted.count { $0 > low + 2 && $0 <= low + 4 }
  guard top * 10 >= sorted.count, bottom * 10 >= sorted.count,
    (top + bottom) * 10 >= 13 * (belowTop + aboveBottom), (top + bottom) * 3 >= sorted.count
  else { return nil }
  return Breach(
    observed: Double(top + bottom) / Double(sorted.count), high: 0.33, occurrences: top + bottom)
}

private func sendersAt(_ value: Double, _ values: [Double], _ senders: [Int32]) -> Int {
  Set(zip(values, senders).filter { $0.0 == value && $0.1 >= 0 }.map(\.1)).count
}

/// A free counter is within 100 ms of the time of day for one node in 20,000.
private func counterFollowsClock(_ evidence: WirelessEvidence) -> Breach? {
  let offsets = evidence.counterOffsets.map { abs($0) }.sorted()
  guard offsets.count >= 20, Quantile.of(offsets, 0.75) < 100_000 else { return nil }
  return Breach(
    observed: Quantile.of(offsets, 0.5) / 1000, high: 100,
    occurrences: offsets.count { $0 < 100_000 })
}

/// Thermal noise is −174 dBm/Hz: −123 dBm in 125 kHz. Signal less ratio is no lower, whichever of
/// channel or signal power a receiver reports; 0.1 % of real receptions are under −121.2 dBm.
private func impossibleNoise(_ evidence: WirelessEvidence) -> Breach? {
  let receptions = evidence.receptions
  var judged = 0
  var impossible: [Double] = []
  for row in 0..<receptions.count where receptions.spreadingFactor[row] > 0 {
    let noise = receptions.rssi[row] - receptions.snr[row]
    guard !noise.isNaN else { continue }
    judged += 1
    if noise < -127 { impossible.append(noise) }
  }
  guard impossible.count * 10 >= judged, !impossible.isEmpty else { return nil }
  return Breach(
    observed: Statistics.median(impossible), low: -127, occurrences: impossible.count)
}

// MARK: - W5

/// Half of all receptions of several senders are one pair of values: chance gives a pair of whole
/// and quarter decibels a percent or two.
private func repeatedPair(_ evidence: WirelessEvidence) -> Breach? {
  let common = evidence.commonestPair
  guard common.share >= 0.5, common.share < 1, common.count >= 20, common.senders >= 3,
    !(common.rssi <= -138 && common.snr <= -19)
  else { return nil }
  return Breach(observed: 0, low: 1.7, occurrences: common.count)
}

/// Both values of four senders or more keep within a decibel.
private func frozenSignal(_ evidence: WirelessEvidence) -> Breach? {
  guard evidence.senderCount >= 4, evidence.commonestPair.share < 1,
    evidence.sortedRSSI.count >= 20, evidence.sortedSNR.count >= 20,
    Quantile.of(evidence.sortedRSSI, 0.5) > -135
  else { return nil }
  let deviation = Statistics.deviation(evidence.sortedRSSI)
  guard deviation < 1.2, Statistics.deviation(evidence.sortedSNR) < 0.8 else { return nil }
  return Breach(observed: deviation, low: 1.7, occurrences: evidence.sortedRSSI.count)
}

/// Every link keeps both its values still.
private func frozenLinks(_ evidence: WirelessEvidence) -> Breach? {
  let receptions = evidence.receptions
  var judged = 0
  var frozen = 0
  var frozenReceptions = 0
  for link in 0..<evidence.links.count {
    let rows = evidence.links[link]
    guard rows.count >= 4, let first = rows.first, receptions.rssi[first] > -135 else { continue }
    judged += 1
    let isFrozen = rows.allSatisfy {
      receptions.rssi[$0] == receptions.rssi[first] && receptions.snr[$0] == receptions.snr[first]
    }
    if isFrozen {
      frozen += 1
      frozenReceptions += rows.count
    }
  }
  guard frozen >= 3, frozen * 5 >= judged * 4, evidence.commonestPair.share < 1 else { return nil }
  return Breach(observed: 0, low: 1.7, occurrences: frozenReceptions)
}

/// Links that mostly repeat their own commonest pair: chance has a second reception of a sender equal
/// the first in a third of cases at most, at the calmest real link.
private func repeatingLinks(_ evidence: WirelessEvidence) -> Breach? {
  let receptions = evidence.receptions
  var (repeats, chances, links) = (0, 0, 0)
  for link in 0..<evidence.links.count {
    let pairs = evidence.links[link].map { (receptions.rssi[$0], receptions.snr[$0]) }
      .filter { !$0.0.isNaN && !$0.1.isNaN && $0.0 > -135 }.sorted(by: <)
    guard pairs.count >= 2 else { continue }
    var (most, run) = (1, 1)
    for (before, after) in zip(pairs, pairs.dropFirst()) {
      run = before == after ? run + 1 : 1
      most = max(most, run)
    }
    repeats += most - 1
    chances += pairs.count - 1
    if most > 1 { links += 1 }
  }
  // Coarse steps make equal pairs too.
  guard finestStep(evidence.sortedRSSI) <= 1, finestStep(evidence.sortedSNR) <= 0.5 else {
    return nil
  }
  guard links >= 4, chances >= 12, repeats * 20 >= chances * 11, evidence.commonestPair.share < 1
  else { return nil }
  return Breach(
    observed: Double(repeats) / Double(chances), high: 0.55, occurrences: repeats + links)
}

private func finestStep(_ sorted: [Double]) -> Double {
  zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.min() ?? .infinity
}

// MARK: - W6

/// Real links scatter by 8.9 dB around their best line (109 links to known devices); taking 6 dB for
/// calm surroundings, one honest node in 4,000 comes under the limit by chance.
private func linksOnALine(_ evidence: WirelessEvidence) -> Breach? {
  let (logDistance, rssi) = evidence.linkLosses
  guard let fit = LineFit(logDistance, rssi), fit.slope < 0,
    fit.correlation * fit.correlation >= 0.7,
    let nearest = logDistance.min(), let farthest = logDistance.max(),
    farthest - nearest >= 0.477, Set(logDistance).count >= 8, !evidence.isChannelPower
  else { return nil }
  let limit = RadioPhysics.smallestScatter(links: fit.count, deviation: 6)
  guard fit.residualDeviation < limit else { return nil }
  // Fixed links in line of sight lose what free space takes, if not to the decibel.
  if abs(fit.slope + 20) < 4, fit.residualDeviation >= 1 { return nil }
  return Breach(observed: fit.residualDeviation, low: limit, occurrences: fit.count)
}
