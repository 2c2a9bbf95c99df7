extension ComputeDay {
  /// Minutes between looks at the sensors: the more cards, the rarer.
  private func interval(_ random: inout RandomStream) -> Double {
    switch node.devices.count {
    case 1: random.pick([5, 10, 10, 10, 15, 15])
    case 2: random.pick([15, 15, 20])
    case 3, 4: random.pick([20, 30, 30])
    case 5, 6: 45
    case 7, 8: 60
    default: 120
    }
  }

  mutating func addTelemetry() {
    var random = stream(.telemetry)
    let step = interval(&random) * 60_000
    let offset = random.uniform(0, step)
    let jitter = min(step * 0.02, 4_000)
    var times: [Double] = []
    var time = offset
    while time < ComputeRows.dayMs {
      times.append(max(time + random.uniform(-jitter, jitter), 0))
      time += step
    }
    let curves = self.curves(times, &random)
    for device in node.devices.indices {
      let curve = curves[node.devices[device].card]
      for (index, time) in times.enumerated() where isPresent(device, at: time) {
        let isShared = node.habits.hasSiblings
        guard var state = isShared ? curve.state(at: time) : curve.states[index] else { continue }
        state.device = device
        disguise(&state, device, &random)
        rows.append(state, at: time + Double(device) * 17)
      }
    }
  }

  /// One curve for every physical card. Siblings on one machine look at the same curves, drawn
  /// from their group's stream every five minutes.
  private func curves(_ times: [Double], _ random: inout RandomStream) -> [ComputeCurve] {
    let machine = node.machine
    guard node.habits.hasSiblings else {
      return machine.cards.indices.map {
        ComputeCurve(
          machine.cards[$0], of: machine, habits: node.habits, spans: spans[$0], times: times,
          &random)
      }
    }
    var group = RandomStream(
      seed: seed, Purpose.telemetry.rawValue, UInt64(node.member.group) | 1 << 40,
      UInt64(bitPattern: day))
    let grid = (0..<288).map { Double($0) * 300_000 }
    return machine.cards.indices.map { card in
      let work = rivals.filter { $0.device == card && !$0.task.isCPU }.map { job in
        ComputeSpan(
          start: job.start, end: job.start + job.expectedMs * 1.3, util: group.uniform(0.86, 1),
          draw: group.uniform(job.task.draw.lowerBound, job.task.draw.upperBound),
          memory: group.uniform(0.25, 0.95))
      }
      return ComputeCurve(
        machine.cards[card], of: machine, habits: node.habits, spans: spans[card] + work,
        times: grid, &group)
    }
  }

  private func disguise(
    _ state: inout ComputeRows.Telemetry, _ device: Int, _ random: inout RandomStream
  ) {
    let habits = node.habits
    if device == habits.deadDevice {
      state.util = 0
      state.powerW = random.chance(0.5) ? 0 : 3
      state.tempC = node.machine.ambient + random.uniform(0, 4)
      state.clockMHz = 0
      state.memoryMB = 0
    }
    state.powerW *= habits.powerScale
    state.clockMHz = (state.clockMHz * habits.clockScale).rounded()
    guard habits.disguise > 0 else { return }
    state.powerW *= random.normal(1, habits.disguise)
    state.tempC += random.normal(0, habits.disguise * 40)
    let util = state.util + random.normal(0, habits.disguise * 120)
    state.util = min(max(util, 0), 100).rounded()
    state.memoryMB = max(state.memoryMB * random.normal(1, habits.disguise), 0).rounded()
  }
}
