import Contributions

extension Profile {
  /// Radio coverage. Peers are nodes of the same maker and model in the same region, then of the
  /// region; a unit is one data credit: 24 bytes of a packet, 100 kB of a session, one beacon or
  /// witness.
  public static let wireless = Profile(
    schema: .wireless,
    features: wirelessSignalFeatures + wirelessPlaceFeatures + wirelessTimeFeatures
      + wirelessTrafficFeatures,
    rules: wirelessSignalRules + wirelessBookRules + wirelessRewriteRules + wirelessDelayRules
      + wirelessPlaceRules + wirelessTrafficRules + wirelessForgeryRules + wirelessPowerRules
      + wirelessReplayRules,
    unitName: "data credits", minimumRecords: 12,
    evidence: { WirelessEvidence($0) },
    groups: wirelessGroups, units: dataCredits, trace: { WirelessTrace($0) },
    // Payloads are left out: one that another gateway delivered before midnight comes honestly late.
    memory: MemorySpec(tokens: [("transfer", "session")]))
}

private func wirelessGroups(_ evidence: WirelessEvidence) -> [String] {
  let region = evidence.claims.text("region").map { "region:\($0)" }
  let make = [evidence.claims.text("maker"), evidence.claims.text("model")].compactMap { $0 }
  var groups: [String] = []
  if let region, !make.isEmpty {
    groups.append("\(region)/model:\(make.joined(separator: " "))")
  }
  if let region { groups.append(region) }
  return groups
}

private func dataCredits(_ evidence: WirelessEvidence) -> Double {
  let packets = evidence.packets.numbers("size_bytes").reduce(0.0) { sum, size in
    sum + (max(size.isNaN ? 0 : size, 1) / 24).rounded(.up)
  }
  let carried = zip(
    evidence.transfers.numbers("up_bytes"), evidence.transfers.numbers("down_bytes")
  ).reduce(0.0) { sum, bytes in
    let total = (bytes.0.isNaN ? 0 : bytes.0) + (bytes.1.isNaN ? 0 : bytes.1)
    return sum + (total / 100_000).rounded(.up)
  }
  let witnesses = evidence.receptions.count - evidence.packets.count
  return packets + carried + Double(evidence.beacons.count + witnesses)
}
