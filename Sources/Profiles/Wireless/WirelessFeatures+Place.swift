import ExactMath

/// Where the node says it is, against what it hears there.
let wirelessPlaceFeatures: [Feature<WirelessEvidence>] = [
  Feature(
    "path_loss_r2", resolution: 0.005, side: .high, attacks: ["W6"],
    text: "how much of the signal strength the distance explains; about 0.15 on real links"
  ) { $0.pathLoss.map { $0.correlation * $0.correlation } ?? .nan },
  Feature(
    "path_loss_residual", unit: "dB", resolution: 0.1, side: .low, attacks: ["W6"],
    text: "standard deviation of the signal strength around its path-loss line"
  ) { $0.pathLoss?.residualDeviation ?? .nan },
  Feature(
    "excess_over_free_space", unit: "dB", resolution: 0.5, side: .high,
    attacks: ["W1", "W8", "W9"],
    text: "95th percentile of the received power above what free space allows a 14 dBm sender"
  ) { excessOverFreeSpace($0) },
  Feature(
    "distance_median", unit: "km", resolution: 0.05, side: .high, attacks: ["W8"],
    text: "median distance from the claimed position to known senders"
  ) { Statistics.median($0.receptions.distance) / 1000 },
  Feature(
    "distance_largest", unit: "km", resolution: 0.05, side: .high, attacks: ["W8"],
    text: "95th percentile of the distance from the claimed position to known senders"
  ) { Quantile.of(Statistics.sorted($0.receptions.distance), 0.95) / 1000 },
  Feature(
    "claim_moves", resolution: 1, side: .high, attacks: ["W8"],
    text: "changes of the claimed position within the epoch"
  ) { $0.claims.lastPosition == nil ? .nan : Double($0.claims.moves.count) },
  Feature(
    "heartbeat_offset", unit: "m", resolution: 0.1, side: .high, attacks: ["W8"],
    text: "median distance of heartbeats from the claimed position"
  ) { Statistics.median(heartbeatOffsets($0)) },
  Feature(
    "heartbeat_exact", resolution: 0.001, side: .high, attacks: ["W13"],
    text: "share of heartbeats that repeat the claimed position to the last digit"
  ) { Statistics.share(heartbeatOffsets($0)) { $0 == 0 } },
  Feature(
    "heartbeat_wander", unit: "m", resolution: 0.1, side: .low, attacks: ["W13"],
    text: "median distance of heartbeats from the middle of them all"
  ) { heartbeatWander($0) },
]

private func excessOverFreeSpace(_ evidence: WirelessEvidence) -> Double {
  let receptions = evidence.receptions
  let gain = evidence.claims.gain ?? 0
  let excess = (0..<receptions.count).map { row -> Double in
    let metres = receptions.distance[row]
    guard metres >= 1000, !receptions.frequency[row].isNaN else { return .nan }
    let loss = RadioPhysics.freeSpaceLoss(metres: metres, megahertz: receptions.frequency[row])
    return receptions.rssi[row] - (14 + gain - loss)
  }
  let sorted = Statistics.sorted(excess)
  return sorted.count < 8 ? .nan : Quantile.of(sorted, 0.95)
}

private func heartbeatWander(_ evidence: WirelessEvidence) -> Double {
  let beats = evidence.beats
  let middle = Position(
    Statistics.median(beats.map(\.position.latitude)),
    Statistics.median(beats.map(\.position.longitude)))
  guard beats.count >= 6, let middle else { return .nan }
  return Statistics.median(beats.map { $0.position.distance(to: middle) })
}

private func heartbeatOffsets(_ evidence: WirelessEvidence) -> [Double] {
  let table = evidence.heartbeats
  let latitudes = table.numbers("lat")
  let longitudes = table.numbers("lon")
  return table.timestamps.enumerated().map { row, moment in
    guard let here = Position(latitudes[row], longitudes[row]),
      let claimed = evidence.claims.position(at: moment)
    else { return .nan }
    return here == claimed ? 0 : claimed.distance(to: here)
  }
}
