import ExactMath

/// What the sensors of one card show at given times.
struct ComputeCurve {
  /// Ascending, ms within the day.
  let times: [Double]
  private(set) var states: [ComputeRows.Telemetry] = []

  /// - Parameters:
  ///   - spans: what the card has to do, in any order.
  ///   - times: when it is looked at, ascending.
  init(
    _ card: ComputeCard, of machine: ComputeMachine, habits: ComputeHabits, spans: [ComputeSpan],
    times: [Double], _ random: inout RandomStream
  ) {
    self.times = times
    let gpu = machine.gpu
    let limit = gpu.powerW * card.limit
    let share = Self.throttle(card, of: machine, habits)
    let slowdown = Portable.exp(0.4 * Portable.log(share))
    let memory = min(gpu.vramMB, habits.usableMB)
    let idleMB = (gpu.isServer ? random.uniform(4, 450) : random.uniform(250, 900)).rounded()
    let idleClock: Double = gpu.isServer ? 345 : 210
    let sorted = spans.sorted { $0.start < $1.start }
    var first = 0
    var temp = machine.ambient + card.warming * gpu.idleW
    var last = -600_000.0
    states.reserveCapacity(times.count)
    for time in times {
      while first < sorted.count, sorted[first].end < time { first += 1 }
      var state = (util: 0.0, draw: 0.0, memory: 0.0)
      var index = first
      while index < sorted.count, sorted[index].start <= time {
        if sorted[index].end >= time {
          state.util = max(state.util, sorted[index].util)
          state.draw = max(state.draw, sorted[index].draw)
          state.memory = max(state.memory, sorted[index].memory)
        }
        index += 1
      }
      let wiggle = random.normal()
      let isBusy = state.util > 0.05
      let draw = state.draw * share * min(1 + 0.05 * wiggle, 1.02)
      let power = min(gpu.idleW + (limit - gpu.idleW) * draw, limit * 1.01)
      let target = machine.ambient + card.warming * power
      // Heat follows power with a time constant of about five minutes.
      temp += (target - temp) * (1 - Portable.exp(-(time - last) / 300_000))
      last = time
      let util = isBusy ? min(state.util * 100 + 2.5 * wiggle, 100) : max(wiggle - 1.2, 0)
      let boost = gpu.boostMHz * (1 + card.overclock) * slowdown
      states.append(
        ComputeRows.Telemetry(
          device: 0, util: max(util, 0).rounded(),
          memoryMB: max(idleMB, state.memory * memory * 0.97 + idleMB * 0.02).rounded(),
          powerW: isBusy ? power : gpu.idleW * (1 + 0.06 * abs(wiggle)),
          tempC: habits.stuckC ?? temp,
          clockMHz: isBusy
            ? (boost * (1 + 0.06 - 0.1 * state.draw + 0.004 * wiggle) / 15).rounded() * 15
            : idleClock))
    }
  }

  /// Share of the power limit that keeps the card below the temperature at which it slows down.
  static func throttle(
    _ card: ComputeCard, of machine: ComputeMachine, _ habits: ComputeHabits
  ) -> Double {
    let full = card.warming * machine.gpu.powerW * card.limit
    return min(max((habits.throttleC - machine.ambient) / full, 0.35), 1)
  }

  /// The state last seen at or before `time`.
  func state(at time: Double) -> ComputeRows.Telemetry? {
    guard let first = times.first, let last = times.last, !states.isEmpty else { return nil }
    guard last > first else { return states[0] }
    let step = (last - first) / Double(times.count - 1)
    return states[min(max(Int((time - first) / step), 0), states.count - 1)]
  }
}
