import ExactMath

/// A host's figures that compare with other hosts'.
extension ComputeEvidence {
  /// Workloads and kinds of work that are compared at most.
  private static let comparedKeys = 6

  var figures: [ComputeTrace.Figure] {
    benchmarkFigures + deviceFigures + jobFigures
  }

  private typealias Line = ComputeTrace.Line

  private static func figure(
    _ line: Line, _ key: String, _ value: Double, _ count: Int
  ) -> [ComputeTrace.Figure] {
    value.isFinite
      ? [ComputeTrace.Figure(line: line, key: key, value: value, count: count)] : []
  }

  /// ln, and NaN for what has none.
  private static func ln(_ value: Double) -> Double {
    value > 0 ? Portable.log(value) : .nan
  }

  private var benchmarkFigures: [ComputeTrace.Figure] {
    benchmarks.benches.prefix(Self.comparedKeys).flatMap { bench in
      let values = Statistics.sorted(bench.values)
      let times = Statistics.sorted(bench.runs.map(\.elapsed)).filter { $0 > 0 }
      var figures: [ComputeTrace.Figure] = []
      func add(_ line: Line, _ value: Double, _ count: Int) {
        figures += Self.figure(line, bench.name, value, count)
      }
      add(.throughput, Self.ln(Quantile.of(values, 0.5)), values.count)
      add(.best, Self.ln(Quantile.of(values, 0.9)), values.count)
      // Not the median: devices that wait for their turn run no slower than the first.
      add(.elapsed, Self.ln(Quantile.of(times, 0.25)), times.count)
      add(.work, bench.highWork, values.count)
      add(.steadiness, Self.ln(bench.variation), values.count)
      return figures
    }
  }

  private var deviceFigures: [ComputeTrace.Figure] {
    var power: [Double] = []
    var clock: [Double] = []
    var temperature: [Double] = []
    for device in telemetry.devices {
      power += device.powerAtLoad(80)
      for index in device.utilisation.indices where device.utilisation[index] >= 80 {
        if device.clock[index] > 0 { clock.append(device.clock[index]) }
        if device.temperature[index] > 0 { temperature.append(device.temperature[index]) }
      }
    }
    let memoryClocks = inventory.rows.map { $0.memoryClock > 0 ? $0.memoryClock : Double.nan }
    func middle(_ values: [Double]) -> Double {
      values.count < 3 ? .nan : Statistics.median(values)
    }
    var figures = Self.figure(.power, "", Self.ln(middle(power)), power.count)
    figures += Self.figure(.clock, "", Self.ln(middle(clock)), clock.count)
    figures += Self.figure(.temperature, "", middle(temperature) / 100, temperature.count)
    figures += Self.figure(
      .memoryClock, "", Self.ln(Statistics.median(memoryClocks)), memoryClocks.count)
    return figures
  }

  private var jobFigures: [ComputeTrace.Figure] {
    let parallel = Statistics.sorted(jobs.cpuShares.map { $0 > 0 ? $0 : Double.nan })
    let busy = jobs.busyReadings(telemetry)
    let devices = max(claims.current?.count ?? 1, 1)
    func share(_ count: Int) -> Double { busy.of < 6 ? .nan : Double(count) / Double(busy.of) }
    let most = parallel.count < 5 ? Double.nan : Quantile.of(parallel, 0.9)
    let booked = jobs.bookedShare / (devices.isNaN ? 1 : devices)
    var figures = workFigures
    figures += Self.figure(.parallelism, "", Self.ln(most), parallel.count)
    figures += Self.figure(.bookedTime, "", Self.ln(booked), jobs.runs.count)
    figures += Self.figure(.busy, "", share(busy.count), busy.of)
    figures += Self.figure(.partial, "", share(busy.partial), busy.of)
    return figures
  }

  /// Times over all jobs where they have an expected time; else, and processor time in any case, by
  /// kind of work, because kinds differ in what they ask.
  private var workFigures: [ComputeTrace.Figure] {
    let expected = jobs.runs.filter { $0.elapsed > 0 && $0.expected > 0 }
    let hasExpected = expected.count * 2 >= jobs.runs.count
    let slownesses = expected.map { Self.ln($0.elapsed / $0.expected) }
    let overall =
      hasExpected
      ? Self.figure(.slowness, "expected", Statistics.median(slownesses), expected.count) : []
    return overall + kindFigures(hasExpected: hasExpected)
  }

  private func kindFigures(hasExpected: Bool) -> [ComputeTrace.Figure] {
    var kinds: [Int32] = []
    var byKind: [Int32: [JobRun]] = [:]
    for run in jobs.runs where run.elapsed > 0 {
      if byKind[run.task] == nil { kinds.append(run.task) }
      byKind[run.task, default: []].append(run)
    }
    return kinds.prefix(Self.comparedKeys).flatMap { kind -> [ComputeTrace.Figure] in
      let runs = byKind[kind] ?? []
      let name = jobs.name(ofTask: kind)
      guard hasExpected || kind >= 0 else { return [] }
      let times = hasExpected ? [] : runs.map { Self.ln($0.elapsed) }
      let shares = runs.map { Self.ln($0.cpu / $0.elapsed) }
      return Self.figure(.slowness, name, Statistics.median(times), times.count)
        + Self.figure(
          .processor, name, Statistics.median(shares), shares.count { !$0.isNaN })
    }
  }
}

extension Bench {
  /// ln of results times elapsed times that one run in seven exceeds; NaN under 4 timed runs.
  var highWork: Double {
    let work = Statistics.sorted(runs.map { $0.value * $0.elapsed }).filter { $0 > 0 }
    return work.count < 4 ? .nan : Portable.log(Quantile.of(work, 6.0 / 7))
  }

  /// Relative standard deviation of results, of the devices together. NaN under 4 runs, and where
  /// the printed digits are too coarse to show one.
  var variation: Double {
    guard runs.count >= 4 else { return .nan }
    var squares = 0.0
    var freedom = 0.0
    for values in valuesByDevice where values.count >= 3 {
      let mean = values.reduce(0, +) / Double(values.count)
      guard mean > 0 else { return .nan }
      squares += values.reduce(0) { $0 + ($1 / mean - 1) * ($1 / mean - 1) }
      freedom += Double(values.count - 1)
    }
    guard freedom >= 3 else { return .nan }
    let deviation = (squares / freedom).squareRoot()
    let distinct = Set(values).count
    return distinct * 2 < values.count ? .nan : deviation
  }
}

extension ComputeJobs {
  /// Wall time of all jobs over the time from the first one's start to the last one's end.
  var bookedShare: Double {
    var total = 0.0
    var start = Double.infinity
    var end = -Double.infinity
    var count = 0
    for run in runs where run.elapsed > 0 {
      total += run.elapsed
      start = min(start, Double(run.time) - run.elapsed)
      end = max(end, Double(run.time))
      count += 1
    }
    return count < 5 || end <= start ? .nan : total / (end - start)
  }

  /// Readings of the devices that fall within the wall time of a job, and those among them that
  /// show a device at work, and at work with half of its time.
  func busyReadings(_ telemetry: ComputeTelemetry) -> (count: Int, partial: Int, of: Int) {
    let windows = runs.filter { $0.elapsed > 0 }
      .map { (start: Double($0.time) - $0.elapsed, end: Double($0.time)) }
      .sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    var united: [(start: Double, end: Double)] = []
    for window in windows {
      if let last = united.last, window.start <= last.end {
        united[united.count - 1].end = max(last.end, window.end)
      } else {
        united.append(window)
      }
    }
    var busy = 0
    var partial = 0
    var total = 0
    for device in telemetry.devices {
      var place = 0
      for (time, load) in zip(device.times, device.utilisation) where !load.isNaN {
        while place < united.count, united[place].end < Double(time) { place += 1 }
        guard place < united.count else { break }
        guard united[place].start <= Double(time) else { continue }
        total += 1
        if load >= 30 { busy += 1 }
        if load > 10 && load < 75 { partial += 1 }
      }
    }
    return (busy, partial, total)
  }
}
