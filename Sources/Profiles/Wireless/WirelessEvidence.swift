import Contributions
import ExactMath

/// What the wireless features and rules share, worked out once per node.
struct WirelessEvidence: Sendable {
  let claims: Claims
  let receptions: Receptions
  let packets: RecordTable
  let beacons: RecordTable
  let transfers: RecordTable
  let heartbeats: RecordTable
  let speedtests: RecordTable
  /// Ascending, what was reported.
  let sortedRSSI: [Double]
  let sortedSNR: [Double]
  let sortedHold: [Double]
  /// RSSI against log₁₀ of the distance in metres.
  let pathLoss: LineFit?
  /// Per link with at least five receptions: standard deviation of its RSSI.
  let linkDeviations: [Double]
  let senderCount: Int
  /// Share of the most common (RSSI, SNR) pair, and how often it occurs.
  let commonestPair: (share: Double, count: Int)

  init(_ records: NodeRecords) {
    let claims = Claims(records[kind: "claim"])
    self.claims = claims
    packets = records[kind: "packet"]
    beacons = records[kind: "beacon"]
    transfers = records[kind: "transfer"]
    heartbeats = records[kind: "heartbeat"]
    speedtests = records[kind: "speedtest"]
    receptions = Receptions(
      packets: packets, witnesses: records[kind: "witness"], position: claims.position(at:))
    sortedRSSI = Statistics.sorted(receptions.rssi)
    sortedSNR = Statistics.sorted(receptions.snr)
    sortedHold = Statistics.sorted(receptions.hold)
    pathLoss = Self.fitPathLoss(receptions)
    (linkDeviations, senderCount) = Self.linkDeviations(receptions)
    commonestPair = Self.commonestPair(receptions)
  }

  private static func fitPathLoss(_ receptions: Receptions) -> LineFit? {
    // Published positions are often cell centres: under a kilometre a distance means nothing.
    let logDistance = receptions.distance.map { $0 >= 1000 ? Statistics.log10($0) : .nan }
    return LineFit(logDistance, receptions.rssi)
  }

  private static func linkDeviations(_ receptions: Receptions) -> ([Double], Int) {
    var byLink: [Int32: [Double]] = [:]
    for (row, sender) in receptions.sender.enumerated() where sender >= 0 {
      byLink[sender, default: []].append(receptions.rssi[row])
    }
    let deviations = byLink.sorted { $0.key < $1.key }.compactMap { _, values -> Double? in
      let deviation = Statistics.deviation(values)
      return values.count >= 5 && !deviation.isNaN ? deviation : nil
    }
    return (deviations, byLink.count)
  }

  private static func commonestPair(_ receptions: Receptions) -> (Double, Int) {
    struct Pair: Hashable {
      var rssi: Double
      var snr: Double
    }
    var counts: [Pair: Int] = [:]
    for row in 0..<receptions.count
    where !receptions.rssi[row].isNaN && !receptions.snr[row].isNaN {
      counts[Pair(rssi: receptions.rssi[row], snr: receptions.snr[row]), default: 0] += 1
    }
    let total = counts.values.reduce(0, +)
    let most = counts.values.max() ?? 0
    return (total == 0 ? .nan : Double(most) / Double(total), most)
  }

  /// The concentrator's phase of each reception that has a counter: arrival time minus counter,
  /// modulo 2³² µs, in µs. Constant for one running clock.
  var counterPhases: [Double] {
    zip(receptions.timestamps, receptions.counter).compactMap { moment, counter in
      guard !counter.isNaN else { return nil }
      let arrival = Double((moment * 1000) % 4_294_967_296)
      let phase = arrival - counter
      return phase < 0 ? phase + 4_294_967_296 : phase
    }
  }
}

/// What the node claimed, and when.
struct Claims: Sendable {
  private let table: RecordTable
  private let positions: [(from: Int64, position: Position?)]

  init(_ table: RecordTable) {
    self.table = table
    let latitudes = table.numbers("lat")
    let longitudes = table.numbers("lon")
    positions = table.timestamps.enumerated().map { row, moment in
      (moment, Position(latitudes[row], longitudes[row]))
    }
  }

  /// The position in force at a moment: the newest claim at or before it.
  func position(at moment: Int64) -> Position? {
    var newest: Position?
    for claim in positions {
      if claim.from > moment { break }
      newest = claim.position
    }
    return newest
  }

  var lastPosition: Position? { positions.last?.position }
  var gain: Double? { table.lastNumber("gain_dbi") }
  func text(_ field: String) -> String? { table.lastText(field) }

  /// Number of changes of the claimed position, and the longest move in metres.
  var moves: (count: Int, longest: Double) {
    let places = positions.compactMap(\.position)
    var count = 0
    var longest = 0.0
    for (before, after) in zip(places, places.dropFirst()) where before != after {
      count += 1
      longest = max(longest, before.distance(to: after))
    }
    return (count, longest)
  }
}
