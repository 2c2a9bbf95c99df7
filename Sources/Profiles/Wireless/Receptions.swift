import Contributions

/// Everything a node received, from devices and from beacons, in time order of each kind.
struct Receptions: Sendable {
  var timestamps: [Int64] = []
  var rssi: [Double] = []
  var snr: [Double] = []
  var frequency: [Double] = []
  var spreadingFactor: [Int] = []
  var hold: [Double] = []
  var counter: [Double] = []
  /// Who transmitted: codes that are equal for equal senders; −1 where unknown.
  var sender: [Int32] = []
  /// Metres between the claimed position and the sender's known one; NaN where either is unknown.
  var distance: [Double] = []

  /// Packets come first, witnesses after them.
  private(set) var packetCount = 0
  /// Peers' codes start here, devices' at zero.
  static let firstWitness: Int32 = 1 << 24

  var count: Int { timestamps.count }

  /// When the node itself received, in ms since 1970-01-01 UTC: the coordinator's time of arrival
  /// less the delay on the way to it.
  func received(_ row: Int) -> Double {
    Double(timestamps[row]) - (hold[row].isNaN ? 0 : hold[row])
  }

  /// The delay of each reception behind another's delivery of it, ms; NaN where it was the first to
  /// deliver, which says nothing of its own delay. A beacon's time on air is taken off: its sender
  /// may report it at its start.
  var delays: [Double] {
    (0..<count).map { row in
      guard hold[row] > 0 else { return .nan }
      let air = row >= packetCount ? RadioPhysics.timeOnAir(spreadingFactor[row]) : 0
      return max(hold[row] - air, 0)
    }
  }

  /// - Parameter position: the node's claimed position at a moment.
  init(packets: RecordTable, witnesses: RecordTable, position: (Int64) -> Position?) {
    add(packets, sender: packets.codes("device"), senderOffset: 0)
    packetCount = packets.count
    add(witnesses, sender: witnesses.codes("peer"), senderOffset: Self.firstWitness)
    addDistances(packets, position)
    distance += Array(repeating: .nan, count: witnesses.count)
  }

  private mutating func add(_ table: RecordTable, sender codes: [Int32], senderOffset: Int32) {
    guard !table.isEmpty else { return }
    timestamps += table.timestamps
    rssi += table.numbers("rssi_dbm")
    snr += table.numbers("snr_db")
    frequency += table.numbers("freq_mhz")
    hold += table.numbers("hold_ms")
    counter += table.numbers("tmst_us")
    sender += codes.map { $0 < 0 ? -1 : $0 + senderOffset }
    var factors: [Int32: Int] = [:]
    for code in table.codes("datarate") {
      if code < 0 {
        spreadingFactor.append(0)
        continue
      }
      let factor = factors[code] ?? RadioPhysics.spreadingFactor(table.text(code)) ?? 0
      factors[code] = factor
      spreadingFactor.append(factor)
    }
  }

  private mutating func addDistances(_ packets: RecordTable, _ position: (Int64) -> Position?) {
    guard !packets.isEmpty else { return }
    let latitudes = packets.numbers("device_lat")
    let longitudes = packets.numbers("device_lon")
    // Most devices stand still and are heard again and again.
    let devices = packets.codes("device")
    var known = [(place: Position, from: Position, metres: Double)?](
      repeating: nil, count: Int(devices.max() ?? -1) + 2)
    for (row, moment) in packets.timestamps.enumerated() {
      guard let place = Position(latitudes[row], longitudes[row]), let from = position(moment)
      else {
        distance.append(.nan)
        continue
      }
      // Unnamed devices share the first place.
      let device = Int(devices[row]) + 1
      if let last = known[device], last.place == place, last.from == from {
        distance.append(last.metres)
        continue
      }
      let metres = from.distance(to: place)
      known[device] = (place, from, metres)
      distance.append(metres)
    }
  }
}
