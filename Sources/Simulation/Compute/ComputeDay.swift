/// One node's day: what comes to it, what it does, and the records that this leaves.
struct ComputeDay {
  let node: ComputeNode
  let seed: UInt64
  let day: Int64
  private let isFirst: Bool
  var rows = ComputeRows()
  /// Work planned for the node itself, and for all nodes that stand on its machine.
  private(set) var jobs: [ComputePlannedJob] = []
  private(set) var rivals: [ComputePlannedJob] = []
  /// What every physical card has to do.
  var spans: [[ComputeSpan]]

  typealias Purpose = ComputeNode.Purpose

  init(_ node: ComputeNode, day: Int64, firstDay: Int64) {
    self.node = node
    seed = node.seed
    self.day = day
    isFirst = day == firstDay
    spans = Array(repeating: [], count: node.machine.cards.count)
    let cycle = node.habits.sharesLoad ? Self.cycle(node, day) : []
    let devices = node.devices.count
    jobs = ComputeSchedule.jobs(
      seed: seed, node: node.member.index, day: day, devices: devices, cycle: cycle)
    if node.habits.hasSiblings {
      for sibling in node.member.members {
        rivals += ComputeSchedule.jobs(
          seed: seed, node: sibling, day: day, devices: devices, cycle: [])
      }
    } else if node.machine.cards.count < devices {
      rivals = jobs
    }
    let place = node.habits.hasSiblings ? UInt64(node.member.group) | 1 << 40 : key
    var random = RandomStream(
      seed: seed, Purpose.sessions.rawValue, place, UInt64(bitPattern: day))
    for card in spans.indices {
      spans[card] = ComputeSchedule.sessions(&random, load: node.machine.load, cycle: cycle)
    }
  }

  var key: UInt64 { UInt64(node.member.index) }

  func stream(_ purpose: Purpose) -> RandomStream {
    RandomStream(seed: seed, purpose.rawValue, key, UInt64(bitPattern: day))
  }

  /// Demand in one data centre, hour by hour: a day's wave, and what chance adds.
  private static func cycle(_ node: ComputeNode, _ day: Int64) -> [Double] {
    var random = RandomStream(
      seed: node.seed, Purpose.group.rawValue, UInt64(node.member.group),
      UInt64(bitPattern: day))
    let peak = random.integer(8...20)
    return (0..<24).map { hour in
      let distance = min(abs(hour - peak), 24 - abs(hour - peak))
      return min(max(1 - Double(distance) / 10 + random.normal(0, 0.2), 0.05), 1)
    }
  }

  /// Nodes or devices that want the same card at a moment, the asking one included.
  func contention(at time: Double, device: Int) -> Double {
    var count = 1.0
    for job in rivals where !job.task.isCPU && job.start <= time {
      guard time < job.start + job.expectedMs else { continue }
      let isOther = node.habits.hasSiblings ? job.device == device : job.device != device
      if isOther { count += 1 }
    }
    return count
  }

  /// Whether a device can be seen at a moment: a moved card is in one host only, from the log's
  /// second day on in the host it came to.
  func isPresent(_ device: Int, at ms: Double) -> Bool {
    let present = node.habits.present
    return device > 0 || (isFirst ? present.contains(ms / 3_600_000) : present.upperBound == 24)
  }

  mutating func run() {
    var random = stream(.day)
    rows.claim(at: random.uniform(1_000, 900_000))
    // A restart says it all again.
    if random.chance(0.08) { rows.claim(at: random.uniform(0.1, 1) * ComputeRows.dayMs) }
    addInventories(&random)
    addJobs()
    addBenchmarks()
    addTelemetry()
    addProbes()
  }

  private mutating func addInventories(_ random: inout RandomStream) {
    let devices = node.devices.count
    let step = ComputeRows.dayMs / Double(devices > 6 ? 2 : random.integer(4...6))
    var time = random.uniform(900_000, 1_800_000)
    var turn = node.member.place
    while time < ComputeRows.dayMs {
      turn += 1
      let isNamed = !node.habits.namesInTurn || turn % 2 == 0
      for device in 0..<devices where isPresent(device, at: time) {
        rows.append(inventory: device, isNamed: isNamed, at: time + Double(device) * 3)
      }
      time += step + random.uniform(-120_000, 120_000)
    }
  }

  private mutating func addProbes() {
    var random = stream(.network)
    let line = node.line
    let step = ComputeRows.dayMs / Double(random.integer(8...12))
    var time = random.uniform(0, step)
    while time < ComputeRows.dayMs {
      let isFar = node.habits.relay.map { random.chance($0.share) } ?? false
      let far = isFar ? (node.habits.relay?.extraMs ?? 0) * random.uniform(0.93, 1.1) : 0
      let queue = random.chance(0.04) ? random.exponential(40) : 0
      let rtt = line.rttMs * (1 + 0.05 * abs(random.normal())) + random.exponential(1) + queue + far
      let busy = random.chance(0.1) ? random.uniform(0.2, 0.7) : 1
      // With two ways out, the far one is the last.
      let way =
        isFar || node.habits.relay == nil
        ? random.integer(0...(line.egress.count - 1)) : 0
      rows.append(
        ComputeRows.Network(
          rttMs: rtt, upMbps: line.upMbps * min(random.normal(0.94, 0.05), 1.05) * busy,
          downMbps: line.downMbps * min(random.normal(0.93, 0.06), 1.05) * busy,
          egress: isFar ? line.egress.count - 1 : way),
        at: time)
      time += step * random.uniform(0.85, 1.15)
    }
  }
}
