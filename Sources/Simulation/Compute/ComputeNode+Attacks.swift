extension ComputeNode {
  mutating func attack(
    _ code: String, _ strength: Strength, _ own: inout RandomStream, _ group: inout RandomStream
  ) {
    switch code {
    case "C1": claimOtherModel(strength, &own)
    case "C2": multiplyCard(strength, &own)
    case "C3": sellSlice(strength, &own)
    case "C4": cloneIdentity(strength, &own, &group)
    case "C5": replayRuns(strength, &own)
    case "C6": outsource(strength, &own)
    case "C7": inflateHost(strength, &own)
    case "C8": favourAudits(strength, &own)
    case "C9": inflateTime(strength, &own)
    case "C10": exceedCeiling(strength, &own)
    case "C11": shareMachine(strength, &own, &group)
    default: break
    }
  }

  /// Models that a card may be sold as: better in every respect, by far or, for the hard ones, by
  /// a step.
  static func betterModels(than real: ComputeGPU, _ strength: Strength) -> [ComputeGPU] {
    let ratios = strength == .hard ? 0.6...0.85 : 0.1...0.45
    return ComputeGPU.all.filter {
      $0.isServer == real.isServer && ratios.contains(real.diffusion / $0.diffusion)
        && real.half < 0.9 * $0.half && real.bandwidth < 0.9 * $0.bandwidth
    }
  }

  /// C1. Easy: the names alone are false. Medium: everything static is forged, on a far weaker
  /// card. Hard: a neighbouring model, its telemetry scaled to fit.
  private mutating func claimOtherModel(_ strength: Strength, _ own: inout RandomStream) {
    let real = machine.gpu
    let model = own.pick(Self.betterModels(than: real, strength))
    claim.gpu = model
    claim.model = model.name
    claim.vramMB = strength == .easy && own.chance(0.5) ? real.vramMB : model.vramMB
    habits.usableMB = min(real.vramMB, model.vramMB)
    for index in devices.indices {
      devices[index].name = model.name
      guard strength != .easy else { continue }
      devices[index].model = model
      devices[index].vramMB = model.vramMB
      devices[index].multiprocessors = model.multiprocessors
      devices[index].powerW = model.powerW
      devices[index].clockMHz = (model.boostMHz / 15).rounded() * 15
    }
    guard strength == .hard else { return }
    machine.stack = own.uniform(1, 1.12)
    habits.powerScale = model.powerW / real.powerW
    habits.clockScale = model.boostMHz / real.boostMHz
  }

  /// C2. Easy: one identity N times. Medium: identities forged. Hard: two for one, kept apart
  /// in most rounds, with noise on what the sensors show.
  private mutating func multiplyCard(_ strength: Strength, _ own: inout RandomStream) {
    let count = strength == .hard ? 2 : own.integer(strength == .easy ? 4...8 : 3...8)
    let real = devices[0]
    devices = (0..<count).map { index in
      var device = real
      if strength != .easy, index > 0 { device.uuid = WorkHash.gpuUUID(own.bits()) }
      return device
    }
    claim.count = count
    habits.stagger = strength == .hard ? 0.5 : 0
    habits.disguise = strength == .easy ? 0 : strength == .medium ? 0.01 : 0.03
  }

  /// C3. Easy: the driver's name says slice. Medium: the name is the whole card's. Hard: a half,
  /// and memory and multiprocessors are forged as well.
  private mutating func sellSlice(_ strength: Strength, _ own: inout RandomStream) {
    var slices = ComputeSlice.slices(of: machine.gpu)
    if strength == .hard { slices = [slices[slices.count - 1]] }
    let slice = own.pick(slices)
    take(slice)
    show(slice, named: strength == .easy, whole: strength == .hard)
  }

  /// What a slice can do.
  mutating func take(_ slice: ComputeSlice) {
    habits.rate = slice.share
    habits.memoryRate = slice.memoryShare
    habits.usableMB = slice.vramMB
    habits.powerScale = 0.35 + 0.65 * slice.share
  }

  /// What the inventory shows of a slice.
  mutating func show(_ slice: ComputeSlice, named: Bool, whole: Bool) {
    for index in devices.indices {
      if named { devices[index].name = slice.name }
      guard !whole else { continue }
      devices[index].vramMB = slice.vramMB
      devices[index].multiprocessors = slice.multiprocessors
    }
  }

  /// C4. Easy: one machine registered again with all it says. Medium: the identities copied to
  /// other machines and owners. Hard: one of the identities, in half of the inventories.
  private mutating func cloneIdentity(
    _ strength: Strength, _ own: inout RandomStream, _ group: inout RandomStream
  ) {
    let owner = "o" + WorkHash.hex(group.bits(), 16)
    guard strength != .easy else {
      claim.owner = owner
      let prefix = WorkHash.hex(group.bits(), 16)
      (line.advertised, line.egress) = (prefix, [prefix])
      return
    }
    let cloned = machine.cards.map(\.uuid)
    machine = ComputeMachine(&own, gpu: machine.gpu, count: machine.cards.count)
    devices = Self.devices(of: machine)
    (claim.cpu, claim.cores) = (machine.cpu.name, machine.cores)
    (claim.ramMB, claim.diskGB) = (machine.ramMB, machine.diskGB)
    for index in devices.indices where strength == .medium || index == 0 {
      devices[index].uuid = cloned[index]
    }
    habits.namesInTurn = strength == .hard
  }

  /// C5. Easy: one run for ever. Medium: a few runs, challenges and hashes included, with noise
  /// on the value. Hard: recorded digits under fresh challenges, mixed with real runs.
  private mutating func replayRuns(_ strength: Strength, _ own: inout RandomStream) {
    habits.replay =
      switch strength {
      case .easy: .init(pool: 1, repeatsNonce: own.chance(0.7), repeatsHash: true)
      case .medium:
        .init(pool: own.integer(2...3), repeatsNonce: true, repeatsHash: true, jitter: 0.003)
      case .hard:
        .init(
          pool: own.integer(2...4), repeatsNonce: false, repeatsHash: own.chance(0.4), share: 0.85)
      }
  }

  /// C6. Easy: all traffic from elsewhere. Medium: half of it. Hard: the egress is a tunnel's at
  /// home; a third of work and probes still takes the long way.
  private mutating func outsource(_ strength: Strength, _ own: inout RandomStream) {
    let elsewhere = WorkHash.hex(own.bits(), 16)
    let extra = own.uniform(90, 220)
    line.rttMs = min(line.rttMs, own.uniform(5, 40))
    switch strength {
    case .easy:
      line.egress = [elsewhere]
      habits.relay = .init(share: 0.9, extraMs: extra, jobMs: own.uniform(15_000, 40_000))
    case .medium:
      line.egress = [line.advertised, elsewhere]
      habits.relay = .init(share: 0.5, extraMs: extra, jobMs: own.uniform(8_000, 25_000))
    case .hard:
      habits.relay = .init(share: 0.33, extraMs: extra * 0.6, jobMs: own.uniform(4_000, 9_000))
    }
  }

  /// C7. Easy: 176 to 240 cores and as much else on a small host. Medium: two to three times
  /// what is there. Hard: 1.5 to 1.8 times the cores alone.
  private mutating func inflateHost(_ strength: Strength, _ own: inout RandomStream) {
    switch strength {
    case .easy:
      machine.cores = min(machine.cores, own.pick([20, 24, 32, 44]))
      claim.cores = own.pick([176, 192, 224, 240])
      claim.ramMB = machine.ramMB * own.uniform(4, 8)
      claim.diskGB = machine.diskGB * own.uniform(4, 10)
    case .medium:
      claim.cores = (machine.cores * own.uniform(2, 3)).rounded()
      claim.ramMB = machine.ramMB * 2
      claim.diskGB = machine.diskGB * own.uniform(2, 4)
    case .hard: claim.cores = (machine.cores * own.uniform(1.5, 1.8)).rounded()
    }
    if own.chance(0.6) {
      claim.cpu = own.pick(ComputeCPU.server.filter { Double($0.cores) >= machine.cores }).name
    }
  }

  /// C8. Organic work is done worse and slower than audits, the less so the harder.
  private mutating func favourAudits(_ strength: Strength, _ own: inout RandomStream) {
    habits.errors = 0.002
    switch strength {
    case .easy: (habits.organicFailure, habits.organicSlow) = (own.uniform(0.5, 0.8), 2.5)
    case .medium: (habits.organicFailure, habits.organicSlow) = (own.uniform(0.25, 0.4), 1.7)
    case .hard:
      (habits.organicFailure, habits.organicSlow) = (own.uniform(0.12, 0.2), own.uniform(1.25, 1.4))
    }
  }

  /// C9. Organic work is left open long after it is done; the hard ones show load meanwhile.
  private mutating func inflateTime(_ strength: Strength, _ own: inout RandomStream) {
    machine.load = min(machine.load, 0.1)
    habits.feignsWork = strength == .hard
    habits.idleWall =
      switch strength {
      case .easy: own.uniform(5, 10)
      case .medium: own.uniform(2.5, 4)
      case .hard: own.uniform(1.7, 2.2)
      }
  }

  /// C10. Values above what the model can reach. Easy and hard: the time tells another story in
  /// half of the cases; medium: the time is forged to fit.
  private mutating func exceedCeiling(_ strength: Strength, _ own: inout RandomStream) {
    machine.stack = max(machine.stack, 0.9)
    habits.boostsTime = strength == .medium || own.chance(0.5)
    habits.boost =
      switch strength {
      case .easy: own.uniform(2, 5)
      case .medium: own.uniform(1.5, 1.9)
      case .hard: own.uniform(1.22, 1.4)
      }
  }

  /// C11. Easy: one owner, one address, the same sensors. Medium: other owners and addresses,
  /// sensors with a little noise. Hard: more noise, and runs that overlap in part.
  private mutating func shareMachine(
    _ strength: Strength, _ own: inout RandomStream, _ group: inout RandomStream
  ) {
    habits.hasSiblings = true
    habits.disguise = strength == .easy ? 0.002 : strength == .medium ? 0.01 : 0.03
    if strength == .hard { habits.overlap = 0.4...0.9 }
    for index in devices.indices { devices[index].uuid = WorkHash.gpuUUID(own.bits()) }
    guard strength == .easy else { return }
    claim.owner = "o" + WorkHash.hex(group.bits(), 16)
    let prefix = WorkHash.hex(group.bits(), 16)
    (line.advertised, line.egress) = (prefix, [prefix])
    (claim.region, line.rttMs) = ("eu-central", group.uniform(90, 110))
  }
}
