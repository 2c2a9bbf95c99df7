import Contributions

/// One device's telemetry in time order; NaN where not reported.
struct DeviceSeries: Sendable {
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

  init(_ table: RecordTable) {
    let indices = table.numbers("device_index")
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
        devices.append(DeviceSeries())
      }
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
