/// One device as the node's inventory shows it.
struct ComputeDevice: Sendable {
  var uuid: String
  var name: String
  var model: ComputeGPU
  var vramMB: Double
  var multiprocessors: Double
  var powerW: Double
  var clockMHz: Double
  /// The physical card behind it: an index into the machine's cards.
  var card: Int
}

/// The node's way to the coordinator.
struct ComputeLine: Sendable {
  var rttMs: Double
  var upMbps: Double
  var downMbps: Double
  var advertised: String
  /// Prefixes that its traffic comes from, one drawn at each probe.
  var egress: [String]
}

/// What a node says in its claim.
struct ComputeClaim: Sendable {
  var model: String
  var count: Int
  var vramMB: Double
  var cpu: String
  var cores: Double
  var ramMB: Double
  var diskGB: Double
  var owner: String
  var region: String
  /// The model whose rates work is expected to take place at.
  var gpu: ComputeGPU
}

/// Optional fields that a node's software leaves out.
struct ComputeOmissions: Sendable {
  var owner = false
  var region = false
  var cpu = false
  var driver = false
  var pcie = false
  var clocks = false
  var limit = false
  var multiprocessors = false
  var nonce = false
  var expected = false
  var cpuTime = false
  var temperature = false
  var power = false
  var memory = false

  init() {}

  init(_ random: inout RandomStream) {
    owner = random.chance(0.1)
    region = random.chance(0.1)
    cpu = random.chance(0.15)
    driver = random.chance(0.12)
    pcie = random.chance(0.3)
    clocks = random.chance(0.15)
    limit = random.chance(0.1)
    multiprocessors = random.chance(0.15)
    nonce = random.chance(0.08)
    expected = random.chance(0.08)
    cpuTime = random.chance(0.12)
    temperature = random.chance(0.05)
    power = random.chance(0.06)
    memory = random.chance(0.08)
  }

  /// Reports the fields without which an attack would leave no trace to find.
  mutating func keep(_ attack: String) {
    switch attack {
    case "C1", "C3": (multiprocessors, limit, power, memory) = (false, false, false, false)
    case "C2", "C11": (power, temperature) = (false, false)
    case "C5": nonce = false
    case "C8", "C9": (expected, cpuTime, power, limit) = (false, false, false, false)
    default: break
    }
  }
}

/// One node: the hardware it has, what it says of it, and how it behaves.
struct ComputeNode: Sendable {
  let member: CastMember
  let seed: UInt64
  var machine: ComputeMachine
  var claim: ComputeClaim
  var devices: [ComputeDevice]
  var line: ComputeLine
  var omissions: ComputeOmissions
  var habits = ComputeHabits()

  /// Purposes of the streams that a node draws from.
  enum Purpose: UInt64 {
    case machine = 0xC001
    case face, line, part, day, jobs, sessions, benchmarks, network, telemetry, group, region
  }

  init(_ member: CastMember, nodes: Int, seed: UInt64) {
    self.member = member
    self.seed = seed
    var face = RandomStream(seed: seed, Purpose.face.rawValue, UInt64(member.index))
    let isGrouped = Self.sharesMachine(member.part)
    let place = isGrouped ? UInt64(member.group) | 1 << 40 : UInt64(member.index)
    var random = RandomStream(seed: seed, Purpose.machine.rawValue, place)
    machine = Self.machine(for: member, &random)
    let gpu = machine.gpu
    let isNominal = face.chance(0.5)
    let pool = face.chance(0.5) ? UInt64(face.integer(0...max(nodes / 8, 1))) : face.bits()
    claim = ComputeClaim(
      model: face.chance(0.2) ? gpu.name.replacingPrefix("NVIDIA ") : gpu.name,
      count: machine.cards.count, vramMB: isNominal ? gpu.gigabytes * 1024 : gpu.vramMB,
      cpu: machine.cpu.name, cores: machine.cores, ramMB: machine.ramMB, diskGB: machine.diskGB,
      owner: "o" + WorkHash.hex(WorkHash.mix(seed, pool), 16), region: "", gpu: gpu)
    devices = Self.devices(of: machine)
    (claim.region, line) = Self.line(isServer: gpu.isServer, member, seed)
    omissions = ComputeOmissions(&face)
    play(member.part)
  }

  static func devices(of machine: ComputeMachine) -> [ComputeDevice] {
    machine.cards.enumerated().map { index, card in
      ComputeDevice(
        uuid: card.uuid, name: machine.gpu.name, model: machine.gpu,
        vramMB: machine.gpu.vramMB, multiprocessors: machine.gpu.multiprocessors,
        powerW: (machine.gpu.powerW * card.limit).rounded(),
        clockMHz: (machine.gpu.boostMHz * (1 + card.overclock) / 15).rounded() * 15, card: index)
    }
  }

  /// Where the node is and how it is connected; the coordinator sits in `us-east`.
  private static func line(
    isServer: Bool, _ member: CastMember, _ seed: UInt64
  ) -> (region: String, line: ComputeLine) {
    var random = RandomStream(seed: seed, Purpose.line.rawValue, UInt64(member.index))
    let place = random.drawn(by: [26, 14, 16, 18, 9, 8, 5, 4])
    let region = regions[place]
    let access = isServer ? random.uniform(0.5, 4) : random.uniform(6, 28)
    let down =
      isServer
      ? random.logNormal(median: 1800, 0.7) : min(random.logNormal(median: 160, 0.9), 2300)
    let ratio = isServer ? random.uniform(0.7, 1) : random.uniform(0.08, 0.7)
    let prefix = WorkHash.hex(random.bits(), 16)
    let line = ComputeLine(
      rttMs: region.rtt * random.uniform(0.9, 1.15) + access, upMbps: down * ratio,
      downMbps: down, advertised: prefix, egress: [prefix])
    return (region.name, line)
  }

  private static let regions: [(name: String, rtt: Double)] = [
    ("us-east", 12), ("us-west", 64), ("eu-west", 78), ("eu-central", 92),
    ("ap-southeast", 222), ("ap-northeast", 158), ("sa-east", 118), ("af-south", 228),
  ]
}

extension String {
  /// The text without `prefix`, where it has it.
  fileprivate func replacingPrefix(_ prefix: String) -> String {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
}
