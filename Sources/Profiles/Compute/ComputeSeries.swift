import ExactMath

/// A host's course over the epoch, on grids that all hosts share.
extension ComputeEvidence {
  /// Grids, ms: a host is put on the finest that its readings fill.
  private static let steps: [Int64] = [60_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000]

  /// At most two: how the devices' state steps, and the largest workload's results.
  var series: [NodeSeries] {
    [stateSeries, resultSeries].compactMap { $0 }
  }

  /// What the devices' power, load, temperature and clock do from one step to the next, each in
  /// units of its own typical step and cut at three of them, on average: jobs that begin on many
  /// hosts at once weigh little against the noise that only one machine can have.
  private var stateSeries: NodeSeries? {
    let times = telemetry.devices.flatMap(\.times)
    guard times.count >= 12, let step = Self.step(telemetry.devices.map(\.times)) else {
      return nil
    }
    let fields: [KeyPath<DeviceSeries, [Double]>] = [
      \.power, \.utilisation, \.temperature, \.clock,
    ]
    var sums: [Double] = []
    var counts: [Double] = []
    var first: Int64?
    for field in fields {
      var readings = telemetry.devices.flatMap { zip($0.times, $0[keyPath: field]) }
      readings.removeAll { $0.1.isNaN }
      readings.sort { ($0.0, $0.1) < ($1.0, $1.1) }
      guard
        let series = NodeSeries(
          channel: "", step: step, times: readings.map(\.0), values: readings.map(\.1),
          maximumSteps: 1500),
        let moves = Self.typicalSteps(series.values)
      else { continue }
      let start = first ?? series.firstStep
      first = start
      for (offset, move) in moves.enumerated() where !move.isNaN {
        let place = Int(series.firstStep - start) + offset
        guard place >= 0, place < 1500 else { continue }
        while sums.count <= place {
          sums.append(0)
          counts.append(0)
        }
        sums[place] += move
        counts[place] += 1
      }
    }
    guard let first, counts.reduce(0, { $1 > 0 ? $0 + 1 : $0 }) >= 12 else { return nil }
    return NodeSeries(
      channel: ComputeTrace.stateChannel + String(step / 1000), firstStep: first, step: step,
      values: zip(sums, counts).map { $1 == 0 ? .nan : Float($0 / $1) })
  }

  /// Results of the workload with most runs: ln of each over the host's median, cut at four typical
  /// deviations.
  private var resultSeries: NodeSeries? {
    guard let bench = benchmarks.largest, bench.runs.count >= 12 else { return nil }
    let times = bench.runs.map { Int64($0.time) }
    guard let step = Self.step([times]) else { return nil }
    let logs = bench.runs.map { Portable.log($0.value) }
    let middle = Statistics.median(logs)
    let spread = Statistics.median(logs.map { ($0 - middle).magnitude }) * 1.4826
    guard spread > 0 else { return nil }
    return NodeSeries(
      channel: ComputeTrace.resultChannel + String(step / 1000), step: step, times: times,
      values: logs.map { min(max(($0 - middle) / spread, -4), 4) }, maximumSteps: 1500)
  }

  /// The finest grid of which readings at the usual distance leave no step out.
  private static func step(_ times: [[Int64]]) -> Int64? {
    var gaps: [Double] = []
    for times in times {
      for (later, earlier) in zip(times.dropFirst(), times) where later > earlier {
        gaps.append(Double(later - earlier))
      }
    }
    let usual = Quantile.of(Statistics.sorted(gaps), 0.75)
    return steps.first { Double($0) >= 0.95 * usual }
  }

  /// Differences of neighbours over their median size, cut at ±3; `nil` where fewer than 12.
  private static func typicalSteps(_ values: [Float]) -> [Double]? {
    let moves = zip(values.dropFirst(), values).map { Double($0) - Double($1) }
    let sizes = Statistics.sorted(moves.map(\.magnitude))
    guard sizes.count >= 12 else { return nil }
    var typical = Quantile.of(sizes, 0.5)
    // A value that seldom moves.
    if typical == 0 { typical = sizes.reduce(0, +) / Double(sizes.count) }
    guard typical > 0 else { return nil }
    return moves.map { min(max($0 / typical, -3), 3) }
  }
}

extension ComputeTrace {
  /// Names of the channels, before the step in seconds.
  package static let stateChannel = "state/"
  package static let resultChannel = "results/"
  /// Steps in seconds that a channel can have.
  package static let channelSteps = [60, 300, 600, 900, 1800, 3600]
}
