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
    let sender = receptions.sender
    let rows = sender.indices.filter { sender[$0] >= 0 }.sorted {
      (sender[$0], $0) < (sender[$1], $1)
    }
    var deviations: [Double] = []
    var senderCount = 0
    var start = 0
    while start < rows.count {
      var end = start + 1
      while end < rows.count, sender[rows[end]] == sender[rows[start]] { end += 1 }
      senderCount += 1
      if end - start >= 5 {
        let deviation = Statistics.deviation(rows[start..<end].map { receptions.rssi[$0] })
        if !deviation.isNaN { deviations.append(deviation) }
      }
      start = end
    }
    return (deviations, senderCount)
  }

  private static func commonestPair(_ receptions: Receptions) -> (Double, Int) {
    let pairs = zip(receptions.rssi, receptions.snr).filter { !$0.isNaN && !$1.isNaN }.sorted(by: <)
    var most = 0
    var run = 0
    for (index, pair) in pairs.enumerated() {
      run = index > 0 && pairs[index - 1] == pair ? run + 1 : 1
      most = max(most, run)
    }
    return (pairs.isEmpty ? .nan : Double(most) / Double(pairs.count), most)
  }

  /// The concentrator's phase of each reception that has a counter: time of reception, which is
  /// arrival less delay, minus counter, modulo 2³² µs, in µs. Constant for one running clock,
  /// however late the backhaul delivers.
  var counterPhases: [Double] {
    (0..<receptions.count).compactMap { row in
      let counter = receptions.counter[row]
      guard !counter.isNaN else { return nil }
      let received = receptions.received(row) * 1000
      let phase = (received - counter).truncatingRemainder(dividingBy: 4_294_967_296)
      return phase < 0 ? phase + 4_294_967_296 : phase
    }
  }
}

/// How many different strings a field holds. Codes are small, but those of one field have gaps:
/// a record's fields share them.
func distinctCount(_ codes: [Int32]) -> Int {
  var isSeen = [Bool](repeating: false, count: Int(codes.max() ?? -1) + 1)
  var count = 0
  for code in codes where code >= 0 && !isSeen[Int(code)] {
    isSeen[Int(code)] = true
    count += 1
  }
  return count
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
    var low = 0
    var high = positions.count
    while low < high {
      let middle = (low + high) / 2
      if positions[middle].from <= moment { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : positions[low - 1].position
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
