import ExactMath

extension ComputeDay {
  /// Rounds of benchmarks: two for the whole network at once, the others for this node alone.
  mutating func addBenchmarks() {
    var common = RandomStream(
      seed: seed, Purpose.benchmarks.rawValue, UInt64.max, UInt64(bitPattern: day))
    var random = stream(.benchmarks)
    for half in 0..<2 {
      let time = (Double(half) + common.uniform(0.1, 0.9)) * ComputeRows.dayMs / 2
      addRound(at: time + random.uniform(0, 15_000), isCommon: true, &random)
    }
    for _ in 0..<random.integer(node.devices.count > 4 ? 1...1 : 2...4) {
      addRound(at: random.uniform(0, 0.97) * ComputeRows.dayMs, isCommon: false, &random)
    }
    for _ in 0..<2 {
      addHostRuns(at: random.uniform(0, 0.97) * ComputeRows.dayMs, &random)
    }
  }

  private mutating func addRound(
    at start: Double, isCommon: Bool, _ random: inout RandomStream
  ) {
    let devices = node.devices.count
    var benches = ComputeBench.device.filter { node.claim.gpu.half > 0 || $0 != .half }
    if devices > 2 { benches = [benches[0], benches[random.integer(1...(benches.count - 1))]] }
    let isTogether =
      (isCommon || random.chance(0.5)) && !random.chance(node.habits.stagger)
    var time = start
    for bench in benches {
      var last = time
      for device in 0..<devices where isPresent(device, at: time) {
        guard device != node.habits.deadDevice else { continue }
        let from = isTogether ? time : last
        let others = contention(from, device, isTogether: isTogether, isCommon: isCommon) - 1
        let overlap = node.habits.overlap
        let rivals = 1 + others * random.uniform(overlap.lowerBound, overlap.upperBound)
        var run = self.run(bench, device, slowdown: rivals, isTogether: isTogether, &random)
        if isTogether, devices > node.habits.wave {
          run.elapsedMs *= Double(device / node.habits.wave + 1)
        }
        let end = from + run.elapsedMs
        rows.append(run, at: end + random.uniform(5, 60))
        last = max(last, end + 400)
      }
      time = last + random.uniform(2_000, 9_000)
    }
  }

  /// How many runs the physical card carries at once.
  private func contention(
    _ time: Double, _ device: Int, isTogether: Bool, isCommon: Bool
  ) -> Double {
    if node.habits.hasSiblings {
      return isCommon ? Double(node.member.members.count) : contention(at: time, device: device)
    }
    let shares = node.machine.cards.count < node.devices.count
    return shares && isTogether ? Double(node.devices.count) : 1
  }

  /// One run on one device.
  private func run(
    _ bench: ComputeBench, _ device: Int, slowdown: Double, isTogether: Bool,
    _ random: inout RandomStream
  ) -> ComputeRows.Benchmark {
    let habits = node.habits
    let nonce = random.bits()
    var noise = random
    var run = ComputeRows.Benchmark(
      bench: bench, value: 0, elapsedMs: 0, device: device, nonce: nonce,
      hash: WorkHash.mix(nonce, UInt64(bench.rawValue)))
    // Keeps the stream in step whether a run is recorded or made.
    for _ in 0..<6 { _ = random.bits() }
    var isReplayed = false
    if let replay = habits.replay, noise.chance(replay.share) {
      isReplayed = true
      let entry = UInt64(noise.integer(0...(replay.pool - 1)))
      let place = WorkHash.mix(
        WorkHash.mix(seed, key), entry << 16 | UInt64(device) << 8 | UInt64(bench.rawValue))
      let jitter = noise.normal(1, replay.jitter)
      noise = RandomStream(seed: place)
      if replay.repeatsNonce { run.nonce = place }
      if replay.repeatsHash { run.hash = WorkHash.mix(place, 3) }
      run.value = rate(bench, device, isTogether: false, &noise) * jitter
      run.elapsedMs = elapsed(bench, run.value / jitter, &noise)
    } else {
      run.value = rate(bench, device, isTogether: isTogether, &noise) / slowdown
      run.elapsedMs = elapsed(bench, run.value, &noise)
    }
    if !isReplayed { alter(&run, &noise) }
    return run
  }

  /// What the node or its clock makes of a run.
  private func alter(_ run: inout ComputeRows.Benchmark, _ noise: inout RandomStream) {
    let habits = node.habits
    if let relay = habits.relay, noise.chance(relay.share) {
      run.elapsedMs += relay.extraMs * 4 + relay.jobMs * noise.uniform(0.2, 0.35)
    }
    if habits.clockStepMs > 0 {
      let step = habits.clockStepMs
      run.elapsedMs = max((run.elapsedMs / step).rounded(), 1) * step
      run.value = run.bench.work / run.elapsedMs * 1000
    }
    let isMeant = !habits.boostsUncontrolledOnly || run.bench == .diffusion
    if habits.boost != 1, isMeant, noise.chance(habits.boostShare) {
      run.value *= habits.boost
      if habits.boostsTime { run.elapsedMs /= habits.boost }
    }
  }

  private func elapsed(
    _ bench: ComputeBench, _ value: Double, _ random: inout RandomStream
  ) -> Double {
    bench.work / value * 1000 + random.uniform(40, 180)
  }

  /// The rate of one device on one workload, run alone or with the others.
  private func rate(
    _ bench: ComputeBench, _ device: Int, isTogether: Bool, _ random: inout RandomStream
  ) -> Double {
    let habits = node.habits
    let machine = node.machine
    let card = machine.cards[node.devices[device].card]
    let cooling = ComputeCurve.throttle(card, of: machine, habits)
    let clock = Portable.exp(0.4 * Portable.log(cooling)) * habits.rate
    let limit = Portable.exp(0.25 * Portable.log(card.limit))
    let bus = isTogether && node.devices.count > 1 ? habits.busShare : 1
    // A model without tensor cores, claimed to have them, computes FP16 at its FP32 rate.
    let known = bench.median(machine.gpu)
    let median = known > 0 ? known : machine.gpu.single
    let hitch = random.chance(0.02) ? random.uniform(0.7, 0.95) : 1
    switch bench {
    case .triad:
      return median * habits.memoryRate * card.memoryQuality * random.normal(1, 0.005) * hitch
    case .diffusion:
      let own = random.chance(0.03) ? random.uniform(0.6, 0.9) : 1
      // The spread from host to host is measured with specimens and power limits in it.
      let specimen = card.quality / machine.cards[0].quality
      return median * machine.stack * specimen * clock * bus * own
        * random.normal(1, 0.02)
    default:
      return median * card.quality * clock * limit * (1 - 0.3 * (1 - bus)) * hitch
        * random.normal(1, 0.005)
    }
  }

  /// The host's processor, memory and disk.
  private mutating func addHostRuns(at start: Double, _ random: inout RandomStream) {
    let machine = node.machine
    let single = machine.cpu.score * random.normal(1, 0.015)
    let threads = min(machine.cores, Double(machine.cpu.cores * 2))
    let runs: [(bench: ComputeBench, value: Double, ms: Double)] = [
      (.cpuSingle, single, random.normal(10_050, 20)),
      (
        .cpuMulti, machine.cpu.score * threads * 0.66 * random.normal(1, 0.02),
        random.normal(10_080, 25)
      ),
      (.memory, machine.ramMB * random.uniform(0.92, 0.985), machine.ramMB / 8),
      (.disk, machine.diskGB * random.uniform(0.82, 0.97), machine.diskGB * 4),
    ]
    var time = start
    for run in runs {
      time += max(run.ms, 50)
      let nonce = random.bits()
      rows.append(
        ComputeRows.Benchmark(
          bench: run.bench, value: max(run.value, 0.1), elapsedMs: max(run.ms, 50), device: -1,
          nonce: nonce, hash: WorkHash.mix(nonce, UInt64(run.bench.rawValue))),
        at: time)
      time += 1_500
    }
  }
}
