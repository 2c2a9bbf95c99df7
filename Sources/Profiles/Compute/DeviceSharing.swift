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

extension ComputeBenchmarks {
  /// The same of all workloads together, each as ln of a result over the workload's median alone:
  /// the slope, and runs alone and in company. `nil` without eight runs of either kind together.
  var sharing: (exponent: Double, alone: Int, together: Int)? {
    var devices: [Double] = []
    var results: [Double] = []
    for bench in benches {
      let measured = bench.concurrency()
      let alone = Statistics.sorted(measured.filter { $0.devices == 1 }.map(\.value))
      guard alone.count >= 2 else { continue }
      let usual = Portable.log(Quantile.of(alone, 0.5))
      for run in measured {
        devices.append(Portable.log(Double(run.devices)))
        results.append(Portable.log(run.value) - usual)
      }
    }
    guard let line = LineFit(devices, results) else { return nil }
    let alone = devices.count { $0 == 0 }
    return (line.slope, alone, devices.count - alone)
  }
}

// MARK: - Two rates

extension Bench {
  /// Results of the device with most runs, at least 12, in two groups a factor of 1.6 to 2.6 apart,
  /// in turn; `nil` where they are not.
  var twoRates: Rule<ComputeEvidence>.Breach? {
    let longest = valuesByDevice.reduce([]) { $1.count > $0.count ? $1 : $0 }
    guard longest.count >= 12 else { return nil }
    let logs = Statistics.sorted(longest.map { Portable.log($0) })
    guard let modes = TwoModes(logs), modes.distance >= 7 else { return nil }
    let ratio = Portable.exp(modes.high - modes.low)
    guard (1.6...2.6).contains(ratio) else { return nil }
    let isHigh: [Bool] = longest.map { Portable.log($0) >= modes.border }
    let highs = isHigh.count { $0 }
    let changes = zip(isHigh, isHigh.dropFirst()).count { $0 != $1 }
    // Runs hours apart meet another load each time; a card that fails goes slow once.
    let expected: Int = 2 * highs * (isHigh.count - highs)
    guard changes >= 3, changes * 4 * isHigh.count >= expected else { return nil }
    return Rule<ComputeEvidence>.Breach(observed: ratio, high: 1.6, occurrences: longest.count)
  }
}
