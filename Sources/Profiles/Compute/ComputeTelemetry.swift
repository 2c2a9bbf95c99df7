import Contributions

/// One device's telemetry in time order; NaN where not reported.
struct DeviceSeries: Sendable {
  /// `device_index`; 0 where it was not reported.
  let device: Double
  /// ms since 1970-01-01 UTC.
  var times: [Int64] = []
  var utilisation: [Double] = []
  var memory: [Double] = []
  var power: [Double] = []
  var temperature: [Double] = []
  var clock: [Double] = []

  /// Power drawn while at least `share` per cent busy; readings of zero are sensors that do not
  /// answer.
  func powerAtLoad(_ share: Double = 90) -> [Double] {
    zip(utilisation, power).compactMap { $0 >= share && $1 > 0 ? $1 : nil }
  }
}

/// A host's telemetry by device, in order of first appearance.
struct ComputeTelemetry: Sendable {
  let devices: [DeviceSeries]
  /// Device numbers that were reported.
  let numbers: Set<Double>

  init(_ table: RecordTable) {
    let indices = table.numbers("device_index")
    numbers = Set(indices.filter { !$0.isNaN })
    let utilisation = table.numbers("util_pct")
    let memory = table.numbers("mem_used_mb")
    let power = table.numbers("power_w")
    let temperature = table.numbers("temp_c")
    let clock = table.numbers("sm_clock_mhz")
    var places: [Double: Int] = [:]
    var devices: [DeviceSeries] = []
    for row in 0..<table.count {
      let device = indices[row].isNaN ? 0 : indices[row]
      let place = places[device] ?? devices.count
      if place == devices.count {
        places[device] = place
        devices.append(DeviceSeries(device: device))
      }
      devices[place].times.append(table.timestamps[row])
      devices[place].utilisation.append(utilisation[row])
      devices[place].memory.append(memory[row])
      devices[place].power.append(power[row])
      devices[place].temperature.append(temperature[row])
      devices[place].clock.append(clock[row])
    }
    self.devices = devices
  }

  /// Median over the devices of what each of them gives.
  func median(_ value: (DeviceSeries) -> Double) -> Double {
    Statistics.median(devices.map(value))
  }

  /// Share of series with at least 8 readings that never change. A utilisation that stays at 0 or
  /// 100 is an idle or a busy card and does not count.
  var constantShare: Double {
    var total = 0
    var constant = 0
    for device in devices {
      for (isLoad, series) in [
        (true, device.utilisation), (false, device.power), (false, device.temperature),
      ] {
        let values = Statistics.sorted(series)
        guard values.count >= 8, let least = values.first, let most = values.last else { continue }
        if isLoad && least == most && (least == 0 || least == 100) { continue }
        total += 1
        if least == most { constant += 1 }
      }
    }
    return total == 0 ? .nan : Double(constant) / Double(total)
  }
}

// MARK: - Devices that are one

extension ComputeTelemetry {
  /// Devices of a host that are compared, and how far apart two readings may be to be of one
  /// moment, ms.
  private static let comparedDevices = 16
  private static let oneMoment: Int64 = 30_000

  /// The pair of devices whose noise is most alike: the correlation of the moves of their power
  /// between readings of one moment, both devices at the same steady load before and after.
  var closestTwins: (correlation: Double, count: Int)? {
    var best: (correlation: Double, count: Int)?
    let compared = devices.prefix(Self.comparedDevices)
    for (index, one) in compared.enumerated() {
      for other in compared.dropFirst(index + 1) {
        let moves = Self.steadyMoves(one, other)
        guard moves.one.count >= 12 else { continue }
        let correlation = Statistics.correlation(moves.one, moves.other)
        guard !correlation.isNaN, correlation > best?.correlation ?? -2 else { continue }
        best = (correlation, moves.one.count)
      }
    }
    return best
  }

  private static func steadyMoves(
    _ one: DeviceSeries, _ other: DeviceSeries
  ) -> (one: [Double], other: [Double]) {
    var moments: [(Int, Int)] = []
    var place = 0
    for index in one.times.indices {
      while place < other.times.count, other.times[place] < one.times[index] - oneMoment {
        place += 1
      }
      guard place < other.times.count else { break }
      if other.times[place] <= one.times[index] + oneMoment { moments.append((index, place)) }
    }
    var moves: (one: [Double], other: [Double]) = ([], [])
    for (before, after) in zip(moments, moments.dropFirst()) {
      let loads = [
        one.utilisation[before.0], one.utilisation[after.0], other.utilisation[before.1],
        other.utilisation[after.1],
      ]
      let powers = [
        one.power[after.0] - one.power[before.0], other.power[after.1] - other.power[before.1],
      ]
      guard loads.allSatisfy({ $0 >= 50 }), (loads[0] - loads[1]).magnitude <= 5,
        (loads[2] - loads[3]).magnitude <= 5, !powers.contains(where: \.isNaN)
      else { continue }
      moves.one.append(powers[0])
      moves.other.append(powers[1])
    }
    return moves
  }
}
