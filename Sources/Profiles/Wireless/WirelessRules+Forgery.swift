import ExactMath

/// Rules on receptions that no receiver makes: what cannot be decoded, what does not flutter, and
/// what the receiver's own counter contradicts.
let wirelessForgeryRules: [Rule<WirelessEvidence>] = [
  Rule(
    ReasonCode(
      "W5_UNDECODABLE", bit: 4, .spoof, .high, unit: "dB",
      text: "Receptions are said to be weaker than their data rate can be decoded at."),
    minimumOccurrences: 12, check: undecodable),
  Rule(
    ReasonCode(
      "W7_COUNTER_LATE", bit: 5, .spoof, .medium, unit: "s",
      text: "The node's own counter has it receive transmissions after others delivered them."),
    minimumOccurrences: 8, check: counterLate),
  Rule(
    ReasonCode(
      "W6_STEADY_NOISE", bit: 6, .spoof, .medium, unit: "dB",
      text: "Strength and signal-to-noise ratio differ by the same noise for every sender."),
    minimumOccurrences: 24, check: steadyNoise),
]

private typealias Breach = Rule<WirelessEvidence>.Breach

/// More than 4 dB under the floor of its spreading factor: 0.3 % of real receptions are 3 dB under
/// it, at no gateway more than a twentieth.
private func undecodable(_ evidence: WirelessEvidence) -> Breach? {
  let receptions = evidence.receptions
  var judged = 0
  var margins: [Double] = []
  for row in 0..<receptions.count where !receptions.snr[row].isNaN {
    guard
      let floor = RadioPhysics.demodulationFloor(spreadingFactor: receptions.spreadingFactor[row])
    else { continue }
    judged += 1
    let margin = receptions.snr[row] - floor
    if margin < -4 { margins.append(margin) }
  }
  guard margins.count * 5 >= judged, !margins.isEmpty else { return nil }
  return Breach(observed: Statistics.median(margins), low: -4, occurrences: margins.count)
}

/// RSSI less SNR is the receiver's noise, give or take its two readings' rounding and error: 1.2 dB
/// or more where several senders of different strength are heard. Above 5 dB the ratio saturates.
private func steadyNoise(_ evidence: WirelessEvidence) -> Breach? {
  let receptions = evidence.receptions
  var noise: [Double] = []
  var strengths: [Double] = []
  var senders: Set<Int32> = []
  for row in 0..<receptions.count where receptions.snr[row] < 5 && receptions.sender[row] >= 0 {
    guard !receptions.rssi[row].isNaN else { continue }
    noise.append(receptions.rssi[row] - receptions.snr[row])
    strengths.append(receptions.rssi[row])
    senders.insert(receptions.sender[row])
  }
  guard senders.count >= 5, noise.count >= 24, Statistics.deviation(strengths) >= 4 else {
    return nil
  }
  let deviation = Statistics.deviation(noise)
  // Not a constant pair, which is another rule's.
  guard deviation < 0.8, evidence.commonestPair.share < 0.5 else { return nil }
  return Breach(observed: deviation, low: 0.8, occurrences: noise.count)
}

/// Of a transmission that others delivered too, the time of reception is known, and so is the phase
/// of the counter. A relay that sends it on the air again receives it seconds later by its own
/// counter. Late backhaul does not touch the counter, a restart moves all that follows, and a
/// drifting one does not come back: the two have to take turns.
private func counterLate(_ evidence: WirelessEvidence) -> Breach? {
  let receptions = evidence.receptions
  var groups: [Int: [(received: Double, phase: Double)]] = [:]
  for row in 0..<receptions.count
  where receptions.hold[row] > 0 && !receptions.counter[row].isNaN {
    let received = receptions.received(row)
    // Beacons and packets, fast and slow, may differ by their time on air.
    let group = receptions.spreadingFactor[row] * 2 + (row < receptions.packetCount ? 0 : 1)
    groups[group, default: []].append((received, received * 1000 - receptions.counter[row]))
  }
  var late: [Double] = []
  var (total, early, prompt, turns) = (0, 0, 0, 0)
  for group in groups.keys.sorted() {
    guard let rows = groups[group], rows.count >= 6 else { continue }
    let sorted = rows.sorted { $0 < $1 }
    let usual = usualPhase(sorted.map(\.phase))
    var last = 0
    for row in sorted {
      total += 1
      let seconds = -CounterClocks.difference(row.phase, usual) / 1_000_000
      var state = 0
      if abs(seconds) < 0.4 {
        prompt += 1
        state = 1
      } else if seconds > 0.6, seconds < 12 {
        late.append(seconds)
        state = 2
      } else if seconds < -0.6, seconds > -12 {
        early += 1
      }
      guard state > 0 else { continue }
      if last > 0, last != state { turns += 1 }
      last = state
    }
  }
  guard late.count * 20 >= total * 3, late.count > early, prompt * 5 >= total, turns >= 6 else {
    return nil
  }
  return Breach(observed: Statistics.median(late), high: 0.6, occurrences: late.count)
}

/// The phase that most others are within 0.3 s of.
private func usualPhase(_ phases: [Double]) -> Double {
  let turned = phases.map { phase in
    let rest = phase.truncatingRemainder(dividingBy: CounterClocks.period)
    return rest < 0 ? rest + CounterClocks.period : rest
  }.sorted()
  var best = turned.first ?? 0
  var most = 0
  var end = 0
  for (start, phase) in turned.enumerated() {
    while end < turned.count, turned[end] <= phase + 600_000 { end += 1 }
    if end - start > most {
      most = end - start
      best = turned[(start + end - 1) / 2]
    }
  }
  return best
}
