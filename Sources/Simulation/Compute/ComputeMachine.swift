/// One physical card: how good a specimen it is and how well it is cooled.
struct ComputeCard: Sendable {
  let uuid: String
  /// Its rate over the model's median on a controlled workload.
  let quality: Double
  /// Its memory's rate over the model's median.
  let memoryQuality: Double
  /// Kelvin above the surroundings for each watt.
  let warming: Double
  /// Power limit set by the host, as a share of the model's.
  let limit: Double
  /// Clock offset of the board's maker, as a share of the rated boost.
  let overclock: Double
}

/// The hardware that is really there, whatever the node says of it.
struct ComputeMachine: Sendable {
  var gpu: ComputeGPU
  var cards: [ComputeCard]
  let cpu: ComputeCPU
  /// Cores and memory that work may use.
  var cores: Double
  var ramMB: Double
  var diskGB: Double
  private(set) var driver: String
  let os: String
  var pcieWidth: Int
  /// Rate of the software stack on uncontrolled workloads, over the model's median.
  var stack: Double
  /// Share of the day that rented sessions keep a card busy.
  var load: Double
  let ambient: Double

  /// - Parameters:
  ///   - gpu: the model; drawn by how often it is met when `nil`.
  ///   - count: number of cards; drawn when `nil`.
  init(_ random: inout RandomStream, gpu chosen: ComputeGPU? = nil, count: Int? = nil) {
    let drawn = ComputeGPU.all[random.drawn(by: ComputeGPU.shares)]
    let gpu = chosen ?? drawn
    let usual = Self.counts[random.drawn(by: gpu.isServer ? Self.serverShares : Self.homeShares)]
    let count = count ?? usual
    self.gpu = gpu
    let processors = gpu.isServer || count > 2 ? ComputeCPU.server : ComputeCPU.home
    cpu = random.pick(processors)
    let sockets = gpu.isServer && count >= 8 ? 2 : 1
    cores = Double(cpu.cores * sockets)
    ramMB = (cores * random.pick([2, 2, 4, 8]) * 1024).rounded()
    diskGB = random.pick([240, 480, 960, 1920, 3840, 7680])
    let isWindows = !gpu.isServer && random.chance(0.35)
    driver = Self.driver(for: gpu, isWindows: isWindows, &random)
    os = random.pick(isWindows ? Self.windows : Self.linux)
    pcieWidth = gpu.isServer || random.chance(0.75) ? 16 : random.pick([4, 8])
    stack = random.drawn(between: Self.uncontrolled)
    load = random.uniform(0.05, 0.75)
    ambient = gpu.isServer ? random.uniform(20, 27) : random.uniform(16, 32)
    let limit = gpu.isServer || random.chance(0.8) ? 1 : random.uniform(0.6, 0.9)
    let fullLoad = gpu.isServer ? random.uniform(28, 45) : random.uniform(38, 52)
    let overclock = gpu.isServer ? 0 : random.uniform(0, 0.08)
    cards = (0..<count).map { _ in
      ComputeCard(
        uuid: WorkHash.gpuUUID(random.bits()), quality: Self.quality(&random),
        memoryQuality: min(random.normal(1, 0.008), 1.03),
        warming: fullLoad * random.uniform(0.92, 1.08) / (gpu.powerW * limit), limit: limit,
        overclock: overclock)
    }
  }

  /// The same with another driver.
  func with(driver: String) -> ComputeMachine {
    var copy = self
    copy.driver = driver
    return copy
  }

  private static let counts = [1, 2, 3, 4, 6, 8, 10, 12, 14]
  private static let homeShares: [Double] = [62, 18, 3, 9, 4, 3, 0.4, 0.4, 0.2]
  private static let serverShares: [Double] = [34, 14, 1, 18, 1, 31, 0.6, 0.2, 0.2]
  private static let linux = [
    "Linux-5.15.0-113-generic", "Linux-5.15.0-76-generic", "Linux-6.8.0-41-generic",
    "Linux-6.5.0-35-generic", "Linux-5.4.0-174-generic", "Linux-6.1.0-21-amd64",
  ]
  private static let windows = [
    "Windows-10-10.0.19045-SP0", "Windows-10-10.0.22631-SP0", "Windows-11-10.0.26100-SP0",
    "Linux-5.15.153.1-microsoft-standard-WSL2",
  ]

  private static func driver(
    for gpu: ComputeGPU, isWindows: Bool, _ random: inout RandomStream
  ) -> String {
    if isWindows { return random.pick(["572.16", "572.83", "576.02"]) }
    let recent = ["570.86.15", "570.124.06", "575.57.08"]
    if gpu.capability >= 12 { return random.pick(recent) }
    return random.pick(
      ["535.183.01", "550.54.15", "550.90.07", "555.42.06", "560.35.03", "565.57.01"] + recent)
  }

  /// Uncontrolled workloads, host over model median: measured on 2,694 crowd-sourced Stable
  /// Diffusion runs (8 % below a half, 2.2 % above 1.3, 0.07 % above 1.5). The upper points lie a
  /// little lower, because those shares count from medians of few runs, which widens the tail.
  static let uncontrolled: [(share: Double, value: Double)] = [
    (0, 0.08), (0.0004, 0.1), (0.0045, 0.2), (0.0122, 0.3), (0.0316, 0.4), (0.0798, 0.5),
    (0.141, 0.6), (0.21, 0.7), (0.285, 0.8), (0.375, 0.9), (0.5, 1), (0.75, 1.07), (0.9, 1.14),
    (0.955, 1.2), (0.987, 1.3), (0.9985, 1.4), (0.9997, 1.5), (1, 1.54),
  ]

  /// Controlled workloads: audited results spread −2.2 %/+1.6 % in the median group and reach
  /// −35 %/+5 % in the worst; one SKU differs by 8 % on average in large clusters, and outliers
  /// are 1.5 times slower (Sinha et al. 2022).
  private static func quality(_ random: inout RandomStream) -> Double {
    let kind = random.uniform()
    if kind < 0.015 { return random.uniform(0.65, 0.88) }
    let fall = kind < 0.12 ? random.exponential(0.03) : 0
    return min(max(random.normal(1.0, 0.012) - fall, 0.65), 1.045)
  }
}
