import Contributions
import ExactMath

/// What the wireless features and rules share, worked out once per node.
struct WirelessEvidence: Sendable {
  let claims: Claims
  let receptions: Receptions
  let packets: RecordTable
  let witnesses: RecordTable
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
  let links: SenderLinks
  /// Per link with at least five receptions: standard deviation of its RSSI.
  let linkDeviations: [Double]
  /// Per link with a distance of a kilometre or more: log₁₀ of the distance in metres and the median
  /// of its RSSI, for senders that stand still.
  let linkLosses: (logDistance: [Double], rssi: [Double])
  let commonestPair: CommonPair

  /// The most common pair of RSSI and SNR.
  struct CommonPair: Sendable {
    /// Of the receptions with both; NaN without any.
    var share = Double.nan
    var count = 0
    var rssi = Double.nan
    var snr = Double.nan
    /// Senders that it came from.
    var senders = 0
  }

  init(_ records: NodeRecords) {
    let claims = Claims(records[kind: "claim"])
    self.claims = claims
    packets = records[kind: "packet"]
    beacons = records[kind: "beacon"]
    transfers = records[kind: "transfer"]
    heartbeats = records[kind: "heartbeat"]
    speedtests = records[kind: "speedtest"]
    witnesses = records[kind: "witness"]
    receptions = Receptions(
      packets: packets, witnesses: witnesses, position: claims.position(at:))
    links = SenderLinks(receptions.sender)
    sortedRSSI = Statistics.sorted(receptions.rssi)
    sortedSNR = Statistics.sorted(receptions.snr)
    sortedHold = Statistics.sorted(receptions.hold)
    pathLoss = Self.fitPathLoss(receptions)
    linkDeviations = Self.linkDeviations(receptions, links)
    linkLosses = Self.linkLosses(receptions, links)
    commonestPair = Self.commonestPair(receptions)
  }

  private static func fitPathLoss(_ receptions: Receptions) -> LineFit? {
    // Published positions are often cell centres: under a kilometre a distance means nothing.
    let logDistance = receptions.distance.map { $0 >= 1000 ? Statistics.log10($0) : .nan }
    return LineFit(logDistance, receptions.rssi)
  }

  var senderCount: Int { links.count }

  private static func linkDeviations(_ receptions: Receptions, _ links: SenderLinks) -> [Double] {
    (0..<links.count).compactMap { link in
      guard links[link].count >= 5 else { return nil }
      let deviation = Statistics.deviation(links[link].map { receptions.rssi[$0] })
      return deviation.isNaN ? nil : deviation
    }
  }

  private static func linkLosses(
    _ receptions: Receptions, _ links: SenderLinks
  ) -> ([Double], [Double]) {
    var logDistance: [Double] = []
    var rssi: [Double] = []
    for link in 0..<links.count {
      let rows = links[link]
      guard let first = rows.first, receptions.distance[first] >= 1000,
        rows.allSatisfy({ receptions.distance[$0] == receptions.distance[first] })
      else { continue }
      let median = Statistics.median(rows.map { receptions.rssi[$0] })
      guard !median.isNaN else { continue }
      logDistance.append(Statistics.log10(receptions.distance[first]))
      rssi.append(median)
    }
    return (logDistance, rssi)
  }

  /// Whether most receptions lie under the noise and their RSSI is the noise's rather than theirs:
  /// it keeps still while the ratio does not. Then no line over RSSI means anything.
  var isChannelPower: Bool {
    let low = (0..<receptions.count).filter {
      receptions.snr[$0] < -3 && !receptions.rssi[$0].isNaN
    }
    guard low.count >= 8, low.count * 5 >= receptions.count * 2 else { return false }
    let strength = Statistics.deviation(low.map { receptions.rssi[$0] })
    let noise = Statistics.deviation(low.map { receptions.rssi[$0] - receptions.snr[$0] })
    return strength < 2.5 && strength < 0.6 * noise
  }

  private static func commonestPair(_ receptions: Receptions) -> CommonPair {
    let pairs = zip(receptions.rssi, receptions.snr).filter { !$0.isNaN && !$1.isNaN }.sorted(by: <)
    var common = CommonPair()
    var run = 0
    for (index, pair) in pairs.enumerated() {
      run = index > 0 && pairs[index - 1] == pair ? run + 1 : 1
      if run > common.count {
        common.count = run
        (common.rssi, common.snr) = pair
      }
    }
    guard !pairs.isEmpty else { return common }
    common.share = Double(common.count) / Double(pairs.count)
    var senders: Set<Int32> = []
    for row in 0..<receptions.count
    where receptions.rssi[row] == common.rssi && receptions.snr[row] == common.snr {
      senders.insert(receptions.sender[row])
    }
    common.senders = senders.count
    return common
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
  var gain: Double? { number("gain_dbi") }
  func number(_ field: String) -> Double? { table.lastNumber(field) }
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
