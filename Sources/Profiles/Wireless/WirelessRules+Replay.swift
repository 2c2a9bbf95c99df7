import ExactMath

/// Rules on data sessions that come again changed.
let wirelessReplayRules: [Rule<WirelessEvidence>] = [
  Rule(
    ReasonCode(
      "W11_ALTERED_SESSION", bit: 7, .spoof, .medium, unit: "s",
      text: "Finished data sessions were reported again, their bytes changed a little."),
    minimumOccurrences: 3, check: alteredSessions)
]

/// A session that grows is reported again with all it has carried since it began, or with what it
/// carried since the last report: what covers the time in between. Nothing reports a session again
/// after a silence, as long as before and with nearly the same bytes both ways.
private func alteredSessions(_ evidence: WirelessEvidence) -> Rule<WirelessEvidence>.Breach? {
  let table = evidence.transfers
  let up = table.numbers("up_bytes")
  let down = table.numbers("down_bytes")
  let duration = table.numbers("duration_s")
  var first: [Int32: Int] = [:]
  var delays: [Double] = []
  var others = 0
  var shrunk = 0
  for (row, code) in table.codes("session").enumerated() where code >= 0 {
    guard let before = first[code] else {
      first[code] = row
      continue
    }
    let delay = Double(table.timestamps[row] - table.timestamps[before]) / 1000
    // Retransmissions come within a minute; exact ones are another rule's.
    guard delay > 60 else { continue }
    let isExact =
      up[row] == up[before] && down[row] == down[before] && duration[row] == duration[before]
    if isExact { continue }
    let covered = duration[row].isNaN ? 0 : duration[row]
    let isAlike =
      up[row] + down[row] >= 10_000
      && ratio(up[row], up[before]) < 1.35 && ratio(down[row], down[before]) < 1.35
      && (duration[row].isNaN || ratio(duration[row], duration[before]) < 1.35)
    guard isAlike, delay > covered + 60 else {
      others += 1
      continue
    }
    delays.append(delay)
    if up[row] < up[before] || down[row] < down[before] { shrunk += 1 }
  }
  // What grows never falls; what is altered falls half of the time.
  guard delays.count > others, shrunk * 5 >= delays.count else { return nil }
  return Rule.Breach(observed: Statistics.median(delays), high: 60, occurrences: delays.count)
}

/// The larger over the smaller; infinite where only one is zero or either is unknown.
private func ratio(_ one: Double, _ other: Double) -> Double {
  guard one >= 0, other >= 0 else { return .infinity }
  if one == other { return 1 }
  let smaller = min(one, other)
  return smaller > 0 ? max(one, other) / smaller : .infinity
}
