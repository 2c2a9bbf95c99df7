import ExactMath

extension Bench {
  /// Runs looked at on either side for overlap; more devices than any host has.
  private static let neighbours = 64

  /// For each run with an elapsed time: how many devices were running this workload during it,
  /// itself included.
  func concurrency() -> [(value: Double, devices: Int)] {
    let timed = runs.filter { !$0.elapsed.isNaN && $0.elapsed > 0 }
    return timed.indices.map { index in
      let run = timed[index]
      let window =
        max(index - Self.neighbours, 0)..<min(index + Self.neighbours + 1, timed.count)
      var devices: Set<Double> = [run.device]
      for other in timed[window] {
        let start = max(run.time - run.elapsed, other.time - other.elapsed)
        let overlap = min(run.time, other.time) - start
        if overlap > run.elapsed / 2 { devices.insert(other.device) }
      }
      return (run.value, devices.count)
    }
  }

  /// How a device's result depends on the number of devices at work: the slope of log value over
  /// log devices. Cards of their own give 0, one card shown as several −1. NaN under 8 runs or
  /// where the number never changes.
  var concurrencyExponent: Double {
    let measured = concurrency()
    guard
      let line = LineFit(
        measured.map { Portable.log(Double($0.devices)) },
        measured.map { Portable.log($0.value) })
    else { return .nan }
    return line.slope
  }
}
