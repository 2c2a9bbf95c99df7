/// The workloads that the coordinator times.
enum ComputeBench: Int, CaseIterable, Sendable {
  case half, single, triad, diffusion, cpuSingle, cpuMulti, memory, disk

  var name: String {
    switch self {
    case .half: "matmul_fp16"
    case .single: "matmul_fp32"
    case .triad: "mem_triad"
    case .diffusion: "sd_its"
    case .cpuSingle: "cpu_single"
    case .cpuMulti: "cpu_multi"
    case .memory: "ram_alloc_mb"
    case .disk: "disk_alloc_gb"
    }
  }

  /// Fixed work in the value's unit times seconds: TFLOP, GB, images' steps. 0: no such tie.
  var work: Double {
    switch self {
    case .half: 1200
    case .single: 400
    case .triad: 8000
    case .diffusion: 500
    default: 0
    }
  }

  static let device: [ComputeBench] = [.half, .single, .triad, .diffusion]

  /// The median on a model.
  func median(_ gpu: ComputeGPU) -> Double {
    switch self {
    case .half: gpu.half
    case .single: gpu.single
    case .triad: gpu.bandwidth * 0.9
    default: gpu.diffusion
    }
  }
}

/// The records of one node's day, by kind, before they are put in order.
struct ComputeRows {
  struct Benchmark {
    var bench: ComputeBench
    var value: Double
    var elapsedMs: Double
    var device: Int
    var nonce: UInt64
    var hash: UInt64
  }

  struct Job {
    var id: UInt64
    var task: String
    var hash: UInt64
    var isOrganic: Bool
    var elapsedMs: Double
    var cpuMs: Double
    var expectedMs: Double
    var agreed: Bool?
  }

  struct Telemetry {
    var device: Int
    var util: Double
    var memoryMB: Double
    var powerW: Double
    var tempC: Double
    var clockMHz: Double
  }

  struct Network {
    var rttMs: Double
    var upMbps: Double
    var downMbps: Double
    var egress: Int
  }

  enum Kind: UInt64 { case claim, inventory, benchmark, job, telemetry, network }

  /// Time within the day, kind and index of every record, packed so that they sort by time.
  private(set) var keys: [UInt64] = []
  private(set) var inventories: [(device: Int, isNamed: Bool)] = []
  private(set) var benchmarks: [Benchmark] = []
  private(set) var jobs: [Job] = []
  private(set) var telemetry: [Telemetry] = []
  private(set) var networks: [Network] = []

  static let dayMs = 86_400_000.0

  private mutating func add(_ kind: Kind, _ ms: Double, _ index: Int) -> Bool {
    guard ms >= 0, ms < Self.dayMs else { return false }
    keys.append(UInt64(ms) << 24 | kind.rawValue << 20 | UInt64(index))
    return true
  }

  mutating func claim(at ms: Double) { _ = add(.claim, ms, 0) }

  mutating func append(_ row: Benchmark, at ms: Double) {
    if add(.benchmark, ms, benchmarks.count) { benchmarks.append(row) }
  }

  mutating func append(_ row: Job, at ms: Double) {
    if add(.job, ms, jobs.count) { jobs.append(row) }
  }

  mutating func append(_ row: Telemetry, at ms: Double) {
    if add(.telemetry, ms, telemetry.count) { telemetry.append(row) }
  }

  mutating func append(_ row: Network, at ms: Double) {
    if add(.network, ms, networks.count) { networks.append(row) }
  }

  mutating func append(inventory device: Int, isNamed: Bool, at ms: Double) {
    if add(.inventory, ms, inventories.count) { inventories.append((device, isNamed)) }
  }

  /// Every record in time order: (ms within the day, kind, index within the kind).
  var inOrder: [(ms: Int64, kind: Kind, index: Int)] {
    keys.sorted().map { key in
      let kind = Kind(rawValue: key >> 20 & 0xF) ?? .claim
      return (Int64(key >> 24), kind, Int(key & 0xF_FFFF))
    }
  }
}
