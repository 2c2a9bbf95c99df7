extension ComputeNode {
  /// Whether the nodes of the part's group stand on one machine (or on equal ones).
  static func sharesMachine(_ part: Part) -> Bool {
    switch part {
    case .attack("C4", _), .attack("C11", _): true
    default: false
    }
  }

  /// The hardware that the part needs.
  static func machine(
    for member: CastMember, _ random: inout RandomStream
  ) -> ComputeMachine {
    let all = ComputeGPU.all
    switch member.part {
    case .attack("C1", let strength):
      let cheap = all.filter { !betterModels(than: $0, strength).isEmpty }
      return ComputeMachine(&random, gpu: random.pick(cheap))
    case .attack("C2", _): return ComputeMachine(&random, count: 1)
    case .attack("C3", _), .lookAlike("declared slice"):
      return ComputeMachine(&random, gpu: random.pick(ComputeSlice.divisible), count: 1)
    case .attack("C11", _), .attack("C4", _):
      return ComputeMachine(&random, count: random.pick([1, 1, 2]))
    case .attack("C7", _): return ComputeMachine(&random, count: random.pick([1, 1, 2]))
    case .lookAlike("modded memory"):
      return ComputeMachine(&random, gpu: random.pick(modded.map(\.model)))
    case .lookAlike("14-card host"):
      return ComputeMachine(&random, gpu: .named("NVIDIA GeForce RTX 3090"), count: 14)
    case .lookAlike("shared bus"):
      let home = all.filter { !$0.isServer && $0.diffusion < 25 && $0.half > 0 }
      return ComputeMachine(&random, gpu: random.pick(home), count: random.pick([4, 6, 8, 10, 12]))
    case .lookAlike("container limits"):
      return ComputeMachine(&random, gpu: random.pick(all.filter(\.isServer)), count: 1)
    case .fault("dead card"): return ComputeMachine(&random, count: random.pick([2, 3, 4, 6, 8]))
    default: return ComputeMachine(&random)
    }
  }

  /// Cards that workshops fit with more memory than their maker sold: model and MiB.
  static let modded: [(model: ComputeGPU, vramMB: Double)] = [
    (.named("NVIDIA GeForce RTX 2080 Ti"), 22528), (.named("NVIDIA GeForce RTX 3080"), 20480),
    (.named("NVIDIA GeForce RTX 4090"), 49140),
  ]

  /// Turns the sound, honest node into the one that the part asks for.
  mutating func play(_ part: Part) {
    var own = RandomStream(seed: seed, Purpose.part.rawValue, UInt64(member.index))
    var group = RandomStream(seed: seed, Purpose.group.rawValue, UInt64(member.group))
    switch part {
    case .honest: break
    case .fault(let name): fail(name, &own, &group)
    case .lookAlike(let name): resemble(name, &own, &group)
    case .attack(let code, let strength):
      omissions.keep(code)
      attack(code, strength, &own, &group)
    }
  }

  private mutating func fail(
    _ name: String, _ own: inout RandomStream, _ group: inout RandomStream
  ) {
    switch name {
    case "throttling":
      habits.throttleC = own.uniform(70, 84)
      machine.cards = machine.cards.map { $0.warmed(own.uniform(1.5, 2)) }
      habits.rate = own.uniform(0.6, 0.9)
      habits.clockScale = habits.rate
    case "dead card": habits.deadDevice = own.integer(0...(devices.count - 1))
    case "zero memory": for index in devices.indices { devices[index].vramMB = 0 }
    case "generic ids": setGenericIDs(&own)
    case "bad memory": habits.errors = own.uniform(0.08, 0.35)
    case "stuck sensor": habits.stuckC = own.pick([0, 25, 127, own.uniform(30, 60).rounded()])
    case "bad link":
      machine.pcieWidth = 1
      habits.busShare = own.uniform(0.55, 0.8)
      habits.rate = own.uniform(0.85, 0.95)
    case "verifier outage":
      let start = group.uniform(1, 18)
      habits.verifierOutage = start...(start + group.uniform(2, 5))
    default: break
    }
  }

  private mutating func resemble(
    _ name: String, _ own: inout RandomStream, _ group: inout RandomStream
  ) {
    switch name {
    case "modded memory":
      let size = Self.modded.first { $0.model.name == machine.gpu.name }?.vramMB
      machine.gpu = machine.gpu.with(vramMB: size ?? machine.gpu.vramMB)
      for index in devices.indices { devices[index].vramMB = machine.gpu.vramMB }
      claim.vramMB = machine.gpu.vramMB
    case "new driver": renewDriver(&own)
    case "thermal throttling":
      habits.throttleC = own.uniform(76, 86)
      machine.cards = machine.cards.map { $0.warmed(own.uniform(1.3, 1.6)) }
    case "shared bus":
      habits.busShare = own.uniform(0.55, 0.85)
      machine.pcieWidth = own.pick([1, 1, 4])
    case "14-card host": habits.wave = own.pick([4, 5, 7])
    case "declared slice":
      let slice = own.pick(ComputeSlice.slices(of: machine.gpu))
      take(slice)
      show(slice, named: true, whole: false)
      claim.model = slice.name
      claim.vramMB = slice.vramMB
      claim.gpu = machine.gpu.slowed(slice.share, memory: slice.memoryShare)
    case "generic ids": setGenericIDs(&own)
    case "moved card": moveCard(&group)
    case "quantised clock": habits.clockStepMs = own.pick([500, 1000, 1000, 2000])
    case "CGNAT":
      line.egress = (0..<own.integer(2...4)).map { _ in WorkHash.hex(own.bits(), 16) }
    case "VPN":
      line.egress = [WorkHash.hex(own.bits(), 16)]
      line.rttMs += own.uniform(30, 110)
      line.downMbps = min(line.downMbps, own.uniform(80, 400))
      line.upMbps = min(line.upMbps, line.downMbps)
    case "container limits":
      machine.cores = (machine.cores * own.uniform(0.6, 0.85)).rounded()
      machine.ramMB *= own.uniform(0.7, 0.95)
    case "maintenance":
      let start = own.uniform(0, 18)
      habits.maintenance = start...(start + own.uniform(3, 6))
    case "I/O wait": habits.waitWall = own.uniform(1.6, 3.2)
    case "wrong batch size":
      habits.boost = own.pick([2, 2, 4])
      habits.boostShare = own.uniform(0.08, 0.25)
      habits.boostsUncontrolledOnly = true
    case "load cycle":
      habits.sharesLoad = true
      let prefix = WorkHash.hex(group.bits(), 16)
      (line.advertised, line.egress) = (prefix, [prefix])
      line.rttMs = group.uniform(10, 120)
      claim.owner = "o" + WorkHash.hex(group.bits(), 16)
    default: break
    }
  }

  /// A driver newer than any list knows; it rounds memory down a little and names more.
  private mutating func renewDriver(_ own: inout RandomStream) {
    let driver = own.pick(["580.65.06", "580.95.05", "590.44.01"])
    machine = machine.with(driver: driver)
    let hidden = own.pick([0, 128, 256]) as Double
    for index in devices.indices { devices[index].vramMB -= hidden }
    claim.vramMB = devices.first?.vramMB ?? claim.vramMB
  }

  /// One card of a pair of nodes is in the first until some hour, then in the second.
  private mutating func moveCard(_ group: inout RandomStream) {
    let uuid = WorkHash.gpuUUID(group.bits())
    let hour = group.uniform(7, 15)
    devices[0].uuid = uuid
    habits.present = member.place == 0 ? 0...hour : (hour + 1)...24
  }

  /// Drivers and virtual machines that give no real identity.
  private mutating func setGenericIDs(_ own: inout RandomStream) {
    let generic = own.pick([
      "GPU-00000000-0000-0000-0000-000000000000", "N/A", "[Not Supported]", "0", "unknown",
      "GPU-ffffffff-ffff-ffff-ffff-ffffffffffff",
    ])
    for index in devices.indices { devices[index].uuid = generic }
  }
}
