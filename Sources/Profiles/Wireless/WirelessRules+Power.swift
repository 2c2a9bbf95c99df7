import ExactMath

/// Rules on what a legal sender's power brings to the claimed place.
let wirelessPowerRules: [Rule<WirelessEvidence>] = [
  Rule(
    ReasonCode(
      "W8_ABOVE_LEGAL_POWER", bit: 55, .spoof, .medium, unit: "dB",
      text: "Devices arrive stronger than legal power allows from where they stand."),
    minimumOccurrences: 4, check: aboveLegalPower)
]

/// More than 6 dB over the strongest legal sender of the band in free space, a kilometre taken off
/// every distance. Of 63 real gateways one has two such receptions, 0.15 % of its own; 2 % and four
/// transmissions are asked for. Nobody proves a sender legal, so this holds and does not reject.
private func aboveLegalPower(_ evidence: WirelessEvidence) -> Rule<WirelessEvidence>.Breach? {
  let receptions = evidence.receptions
  let payloads = evidence.packets.codes("payload_hash")
  let gain = max(evidence.claims.gain ?? 0, RadioPhysics.assumedGain)
  var measured = 0
  var senders: Set<Int32> = []
  var loud: Set<Int32> = []
  var transmissions: Set<Int32> = []
  var unnamed = 0
  var excesses: [Double] = []
  for row in 0..<receptions.packetCount {
    let (metres, megahertz) = (receptions.distance[row], receptions.frequency[row])
    guard metres > 2000, !receptions.rssi[row].isNaN, !megahertz.isNaN else { continue }
    measured += 1
    senders.insert(receptions.sender[row])
    let loss = RadioPhysics.freeSpaceLoss(metres: metres - 1000, megahertz: megahertz)
    let legal = RadioPhysics.legalEIRP(megahertz: megahertz)
    let excess = receptions.rssi[row] - (legal + gain - loss)
    guard excess > 6 else { continue }
    excesses.append(excess)
    loud.insert(receptions.sender[row])
    if payloads[row] < 0 { unnamed += 1 } else { transmissions.insert(payloads[row]) }
  }
  // One of many senders may have a wrong position, or an amplifier: that is the sender's fault.
  guard excesses.count * 50 >= measured, loud.count * 2 >= senders.count, !excesses.isEmpty else {
    return nil
  }
  return Rule.Breach(
    observed: Statistics.median(excesses), high: 6,
    occurrences: min(excesses.count, transmissions.count + unnamed))
}
