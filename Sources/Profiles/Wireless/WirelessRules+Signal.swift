import ExactMath

/// Rules on what was received.
let wirelessSignalRules: [Rule<WirelessEvidence>] = [
  Rule(
    ReasonCode(
      "W1_ABOVE_FREE_SPACE", bit: 8, .spoof, .high, unit: "dB",
      text: "Signals are stronger than free space allows at the claimed distance."),
    minimumOccurrences: 10, check: aboveFreeSpace),
  Rule(
    ReasonCode(
      "W5_CONSTANT_SIGNAL", bit: 9, .spoof, .medium, unit: "dB",
      text: "Every reception, whoever sent it, shows the same strength and signal-to-noise ratio."),
    minimumOccurrences: 20, check: constantSignal),
  Rule(
    ReasonCode(
      "W5_CONSTANT_WEAK_SIGNAL", bit: 10, .spoof, .low, unit: "dB",
      text: "Every reception stands at the receiver's sensitivity limit, as distant links may."),
    minimumOccurrences: 20, check: constantWeakSignal),
  Rule(
    ReasonCode(
      "W4_COUNTER_IS_CLOCK", bit: 11, .spoof, .low, unit: "s",
      text: "The concentrator's counter equals the time of day, which rewriting software produces."),
    minimumOccurrences: 20, check: counterIsClock),
  Rule(
    ReasonCode(
      "W4_REWRITTEN_SIGNAL", bit: 12, .spoof, .high,
      text: "Signal values lie in a box with mass at its edges and the counter is the time of day."),
    minimumOccurrences: 20
  ) { evidence in
    guard let clock = counterIsClock(evidence), let box = clippedBox(evidence) else { return nil }
    return Rule.Breach(
      observed: box.observed, high: box.high, occurrences: min(clock.occurrences, box.occurrences))
  },
  Rule(
    ReasonCode(
      "W6_TOO_PREDICTABLE", bit: 13, .spoof, .high, unit: "dB",
      text: "Distance explains the signal strength better than any real surroundings let it."),
    minimumOccurrences: 30, check: tooPredictable),
]

/// More than 10 dB over the strongest legal sender in free space. The claimed position may be the
/// centre of a kilometre-wide cell, so a kilometre is taken off every distance.
private func aboveFreeSpace(_ evidence: WirelessEvidence) -> Rule<WirelessEvidence>.Breach? {
  let receptions = evidence.receptions
  let gain = evidence.claims.gain ?? RadioPhysics.assumedGain
  var measured = 0
  var excesses: [Double] = []
  for row in 0..<receptions.count {
    let metres = receptions.distance[row]
    guard !metres.isNaN, !receptions.rssi[row].isNaN, !receptions.frequency[row].isNaN else {
      continue
    }
    measured += 1
    let loss = RadioPhysics.freeSpaceLoss(
      metres: max(metres - 1000, 30), megahertz: receptions.frequency[row])
    let excess = receptions.rssi[row] - (RadioPhysics.highestEIRP + gain - loss)
    if excess > 10 { excesses.append(excess) }
  }
  // One tracker with a broken GPS is the tracker's fault: the excess has to be common.
  guard excesses.count * 5 >= measured, !excesses.isEmpty else { return nil }
  return Rule.Breach(
    observed: Statistics.median(excesses), high: 10, occurrences: excesses.count)
}

/// Real receivers report whole or quarter decibels of a signal that fades; nothing keeps both
/// values still over several senders, but a receiver whose readings are stuck: this holds.
private func constantSignal(_ evidence: WirelessEvidence) -> Rule<WirelessEvidence>.Breach? {
  guard let pair = singlePair(evidence), !isSensitivityLimit(pair) else { return nil }
  return Rule.Breach(observed: 0, low: 1.7, occurrences: evidence.commonestPair.count)
}

/// 0.34 % of real receptions stand at the limit of −140 dBm and −20 dB: not proof of anything.
private func constantWeakSignal(_ evidence: WirelessEvidence) -> Rule<WirelessEvidence>.Breach? {
  guard let pair = singlePair(evidence), isSensitivityLimit(pair) else { return nil }
  return Rule.Breach(observed: 0, low: 1.7, occurrences: evidence.commonestPair.count)
}

private func singlePair(_ evidence: WirelessEvidence) -> (rssi: Double, snr: Double)? {
  guard evidence.commonestPair.share == 1, evidence.senderCount >= 3,
    let rssi = evidence.sortedRSSI.first, let snr = evidence.sortedSNR.first,
    evidence.sortedRSSI.last == rssi, evidence.sortedSNR.last == snr
  else { return nil }
  return (rssi, snr)
}

private func isSensitivityLimit(_ pair: (rssi: Double, snr: Double)) -> Bool {
  pair.rssi <= -138 && pair.snr <= -19
}

/// An honest counter starts when the concentrator does: its phase falls within a second of midnight
/// for one node in two thousand, which is too many to hold for it alone.
private func counterIsClock(_ evidence: WirelessEvidence) -> Rule<WirelessEvidence>.Breach? {
  let offsets = evidence.counterOffsets.map { abs($0) }
  let near = offsets.filter { $0 < 1_000_000 }
  guard !near.isEmpty, near.count * 20 >= offsets.count * 19 else { return nil }
  return Rule.Breach(
    observed: Statistics.median(offsets) / 1_000_000, low: 1, occurrences: near.count)
}

/// The box that widely used rewriting software clips to: RSSI −120 to −90 dBm, SNR −9.9 to 1.9 dB.
/// A fifth of real links fall in it, but not with their values heaped at its edges.
private func clippedBox(_ evidence: WirelessEvidence) -> Rule<WirelessEvidence>.Breach? {
  guard let low = evidence.sortedRSSI.first, let high = evidence.sortedRSSI.last,
    let lowSNR = evidence.sortedSNR.first, let highSNR = evidence.sortedSNR.last,
    low >= -120, high <= -90, lowSNR >= -9.9, highSNR <= 1.9
  else { return nil }
  let atEdges = Statistics.share(evidence.sortedSNR) { $0 == -9.9 || $0 == 1.9 }
  let edgesRSSI = Statistics.share(evidence.sortedRSSI) { $0 == -120 || $0 == -90 }
  let mass = max(atEdges, edgesRSSI)
  guard mass >= 0.1 else { return nil }
  return Rule.Breach(observed: mass, high: 0.1, occurrences: evidence.sortedRSSI.count)
}

/// Real links: R² about 0.15 and 1.7 to 9.8 dB of deviation on one link alone. Fixed line-of-sight
/// links are calm, and may all lose what free space takes, 20 dB a decade: those do not reject.
private func tooPredictable(_ evidence: WirelessEvidence) -> Rule<WirelessEvidence>.Breach? {
  guard let fit = evidence.pathLoss, fit.correlation * fit.correlation >= 0.95,
    fit.residualDeviation < 1, abs(fit.slope + 20) > 3
  else { return nil }
  let distances = Set(evidence.receptions.distance.filter { $0 >= 1000 })
  guard let nearest = distances.min(), let farthest = distances.max(), distances.count >= 5,
    farthest >= 3 * nearest
  else { return nil }
  return Rule.Breach(observed: fit.residualDeviation, low: 1.7, occurrences: fit.count)
}
