/// A stretch of time in which a card has something to do.
struct ComputeSpan: Sendable {
  var start: Double
  var end: Double
  /// Utilisation, and power as a share of what lies between idle and the limit.
  var util: Double
  var draw: Double
  /// Share of the memory in use.
  var memory: Double
}

/// A piece of work before it is known how long it takes.
struct ComputePlannedJob: Sendable {
  var device: Int
  var start: Double
  var expectedMs: Double
  var task: ComputeTask
  var isOrganic: Bool
}

/// A kind of work: processor time over wall time, and how hard it drives the card.
struct ComputeTask: Sendable {
  let name: String
  let cores: ClosedRange<Double>
  let draw: ClosedRange<Double>

  static let all: [ComputeTask] = [
    ComputeTask(name: "sd_render", cores: 0.85...1.1, draw: 0.75...0.98),
    ComputeTask(name: "llm_infer", cores: 0.5...1.2, draw: 0.5...0.85),
    ComputeTask(name: "train_lora", cores: 1.4...3.2, draw: 0.8...1),
    ComputeTask(name: "blender", cores: 1.5...5, draw: 0.6...0.9),
    cpu,
  ]
  /// Work for all the host's cores.
  static let cpu = ComputeTask(name: "cpu_build", cores: 0...0, draw: 0...0)

  var isCPU: Bool { name == Self.cpu.name }
}

/// When work comes.
enum ComputeSchedule {
  /// The jobs that come to one node in a day: device by device, each after the other.
  ///
  /// - Parameter cycle: share of the work that really comes, hour by hour; empty: all of it.
  static func jobs(
    seed: UInt64, node: Int, day: Int64, devices: Int, cycle: [Double]
  ) -> [ComputePlannedJob] {
    var random = RandomStream(
      seed: seed, ComputeNode.Purpose.jobs.rawValue, UInt64(node), UInt64(bitPattern: day))
    let gap = ComputeRows.dayMs / (random.uniform(16, 44) / Double(devices))
    var jobs: [ComputePlannedJob] = []
    for device in 0..<devices {
      var time = random.exponential(gap)
      while time < ComputeRows.dayMs {
        let expected = min(max(random.logNormal(median: 240_000, 0.9), 20_000), 5_400_000)
        let task = ComputeTask.all[random.drawn(by: [30, 28, 14, 14, 14])]
        let hour = min(Int(time / 3_600_000), 23)
        let isOrganic = random.chance(0.68)
        if cycle.isEmpty || random.chance(cycle[hour]) {
          jobs.append(
            ComputePlannedJob(
              device: device, start: time, expectedMs: expected.rounded(), task: task,
              isOrganic: isOrganic))
        }
        time += expected * 1.15 + random.exponential(gap)
      }
    }
    return jobs
  }

  /// Rented sessions on one card: busy for some hours, idle for some.
  static func sessions(
    _ random: inout RandomStream, load: Double, cycle: [Double]
  ) -> [ComputeSpan] {
    guard cycle.isEmpty else { return follow(cycle, &random) }
    guard load > 0.02 else { return [] }
    let busy = 9_000_000.0
    let idle = busy * (1 / min(load, 0.95) - 1)
    var spans: [ComputeSpan] = []
    var time = random.chance(load) ? -random.exponential(busy) : random.exponential(idle)
    while time < ComputeRows.dayMs {
      let end = time + random.exponential(busy)
      spans.append(span(time, end, &random))
      time = end + random.exponential(idle)
    }
    return spans
  }

  /// Hour by hour busy with the cycle's chance, as hard as demand is high.
  private static func follow(
    _ cycle: [Double], _ random: inout RandomStream
  ) -> [ComputeSpan] {
    cycle.enumerated().compactMap { hour, demand in
      guard random.chance(0.25 + 0.75 * demand) else { return nil }
      let start = (Double(hour) + random.uniform(0, 0.3)) * 3_600_000
      var span = span(start, start + random.uniform(0.5, 1) * 3_600_000, &random)
      span.draw *= 0.5 + 0.5 * demand
      span.util *= 0.6 + 0.4 * demand
      return span
    }
  }

  private static func span(
    _ start: Double, _ end: Double, _ random: inout RandomStream
  ) -> ComputeSpan {
    let util = random.uniform(0.5, 1)
    return ComputeSpan(
      start: start, end: end, util: util, draw: util * random.uniform(0.68, 0.98),
      memory: random.uniform(0.2, 0.95))
  }
}
