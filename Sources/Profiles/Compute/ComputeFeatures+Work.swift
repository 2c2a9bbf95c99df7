import ExactMath

extension ComputeFeatures {
  /// How benchmark results behave from run to run.
  static let benchmarks: [Item] = [
    Item(
      "bench_variation", unit: "log2", resolution: 0.1, side: .low, attacks: ["C5"],
      text: "Relative standard deviation of results within a workload, median over workloads."
    ) { evidence in
      let variation = Statistics.median(
        evidence.benchmarks.benches.map {
          $0.runs.count < 4 ? .nan : Statistics.variation($0.values)
        })
      // Nothing real is steadier than 2⁻²⁰; the floor keeps "never changes" a number.
      return variation.isNaN ? .nan : Statistics.log2(max(variation, 0x1p-20))
    },
    Item(
      "bench_repeats", resolution: 0.01, side: .high, attacks: ["C5"],
      text: "Share of runs with exactly the result and time of an earlier run."
    ) { $0.benchmarks.repeatShare },
    Item(
      "nonce_reuse", resolution: 0.01, side: .high, attacks: ["C5"],
      text: "Share of runs that answer a challenge again with the same result."
    ) { evidence in
      let reused = evidence.benchmarks.reusedNonces
      return reused.of < 2 ? .nan : Double(reused.count) / Double(reused.of)
    },
    Item(
      "result_reuse", resolution: 0.01, side: .high, attacks: ["C5"],
      text: "Share of challenges whose result had answered another challenge."
    ) { $0.benchmarks.repeatedResultShare },
    Item(
      "work_variation", unit: "log2", resolution: 0.1, side: .both, attacks: ["C5"],
      text:
        "Relative standard deviation of result times elapsed time: a fixed workload is constant."
    ) { evidence in
      let variation = Statistics.median(
        evidence.benchmarks.benches.map { bench in
          bench.runs.count < 4
            ? .nan : Statistics.variation(bench.runs.map { $0.value * $0.elapsed })
        })
      return variation.isNaN ? .nan : Statistics.log2(max(variation, 0x1p-20))
    },
    Item(
      "bench_lag", resolution: 0.05, side: .both, attacks: ["C5", "C11"],
      text: "Correlation of results with the run before, of the workload and device with most runs."
    ) { $0.benchmarks.lagOneCorrelation },
    Item(
      "concurrency_exponent", resolution: 0.05, side: .low, attacks: ["C2"],
      text: "Slope of log result over log devices at work: one card shown as several gives -1."
    ) { $0.benchmarks.largest?.concurrencyExponent ?? .nan },
    Item(
      "device_spread", unit: "log2", resolution: 0.02, side: .both, attacks: ["C1", "C2"],
      text: "Best over worst device of the host in the workload with most runs."
    ) { $0.benchmarks.largest?.deviceSpread ?? .nan },
  ]

  /// How jobs go.
  static let work: [Item] = [
    Item(
      "cpu_share", resolution: 0.01, side: .low, attacks: ["C9"],
      text: "Median processor time over wall time of jobs."
    ) { Statistics.median($0.jobs.cpuShares) },
    Item(
      "slowdown", unit: "log2", resolution: 0.02, side: .both, attacks: ["C1", "C9"],
      text: "Median of jobs' elapsed time over the time expected of the claimed hardware."
    ) { Statistics.median($0.jobs.slowdowns) },
    Item(
      "slowdown_spread", unit: "log2", resolution: 0.02, side: .both, attacks: ["C6", "C9"],
      text: "Spread of jobs' elapsed time over the time expected."
    ) { Statistics.robustSpread(Statistics.sorted($0.jobs.slowdowns)) },
    Item(
      "refused_share", resolution: 0.01, side: .high, attacks: ["C1", "C8"],
      text: "Share of checked results that differed from a trusted re-run."
    ) { $0.jobs.refusedShare },
    Item(
      "organic_time_gap", unit: "ln", resolution: 0.02, side: .both, attacks: ["C8"],
      text: "Organic jobs' time over expected, or over their kind's usual time, against audits'."
    ) { $0.jobs.auditTimeGap?.gap ?? .nan },
    Item(
      "audit_gap", resolution: 0.01, side: .high, attacks: ["C8"],
      text: "Share of organic results that differed less that of audits."
    ) { $0.jobs.auditGap },
  ]
}

extension ComputeBenchmarks {
  /// Share of runs whose value and elapsed time, to the last digit, an earlier run of the workload
  /// had. NaN under 4 runs in every workload.
  var repeatShare: Double {
    struct Result: Hashable {
      let value: Double
      let elapsed: Double
    }
    var total = 0
    var repeats = 0
    for bench in benches where bench.runs.count >= 4 {
      let distinct = Set(
        bench.runs.map { Result(value: $0.value, elapsed: $0.elapsed.isNaN ? -1 : $0.elapsed) })
      total += bench.runs.count
      repeats += bench.runs.count - distinct.count
    }
    return total == 0 ? .nan : Double(repeats) / Double(total)
  }

  /// Lag-one correlation of the longest series of one workload on one device.
  var lagOneCorrelation: Double {
    guard let bench = largest else { return .nan }
    let series = bench.valuesByDevice
    let longest = series.reduce([]) { $1.count > $0.count ? $1 : $0 }
    return Statistics.lagOneCorrelation(longest)
  }
}

extension Bench {
  /// Results by device, in order of first appearance.
  var valuesByDevice: [[Double]] {
    var places: [Double: Int] = [:]
    var series: [[Double]] = []
    for run in runs {
      let place = places[run.device] ?? series.count
      if place == series.count {
        places[run.device] = place
        series.append([])
      }
      series[place].append(run.value)
    }
    return series
  }

  /// log₂ of the best over the worst device's median result; NaN with one device.
  var deviceSpread: Double {
    let medians = Statistics.sorted(valuesByDevice.map(Statistics.median))
    guard medians.count > 1, let worst = medians.first, let best = medians.last, worst > 0 else {
      return .nan
    }
    return Statistics.log2(best / worst)
  }
}
