/// One GPU model: what its driver reports and what the usual workloads reach on it.
struct ComputeGPU: Sendable {
  let name: String
  /// Gigabytes on the box, and MiB as the driver counts them.
  let gigabytes: Double
  private(set) var vramMB: Double
  let multiprocessors: Double
  let capability: Double
  let boostMHz: Double
  let memoryMHz: Double
  let powerW: Double
  let idleW: Double
  /// Peak of the memory, GB/s.
  private(set) var bandwidth: Double
  /// Median of large matrix products, TFLOPS: FP16 on tensor cores (NaN without them) and FP32.
  private(set) var half: Double
  private(set) var single: Double
  /// Median of image diffusion, iterations a second.
  private(set) var diffusion: Double
  let pcie: Int
  let isServer: Bool
  /// How often it is met, relative to the others.
  let share: Double

  private init(
    _ name: String, _ memory: (Double, Double), _ multiprocessors: Double, _ capability: Double,
    _ clocks: (Double, Double), _ power: (Double, Double), _ bandwidth: Double,
    _ rates: (Double, Double, Double), pcie: Int = 4, server: Bool = false, share: Double
  ) {
    self.name = name
    (gigabytes, vramMB) = memory
    self.multiprocessors = multiprocessors
    self.capability = capability
    (boostMHz, memoryMHz) = clocks
    (powerW, idleW) = power
    self.bandwidth = bandwidth
    (half, single, diffusion) = rates
    self.pcie = pcie
    isServer = server
    self.share = share
  }

  /// Vendors' data sheets for the static columns, driver prints for the memory. Rates: iterations
  /// are the medians of crowd-sourced Stable Diffusion runs where there are enough of them;
  /// TFLOPS lie at the shares of the peak that public production tables and reviews show.
  static let all: [ComputeGPU] = [
    ComputeGPU(
      "NVIDIA GeForce GTX 1080 Ti", (11, 11264), 28, 6.1, (1582, 5505), (250, 12), 484,
      (.nan, 10.2, 3.4), pcie: 3, share: 2),
    ComputeGPU(
      "NVIDIA GeForce RTX 2080 Ti", (11, 11264), 68, 7.5, (1545, 7000), (250, 15), 616,
      (49.5, 12.4, 11.0), pcie: 3, share: 3),
    ComputeGPU(
      "NVIDIA GeForce RTX 3060", (12, 12288), 28, 8.6, (1777, 7501), (170, 12), 360,
      (24.3, 9.1, 7.26), share: 8),
    ComputeGPU(
      "NVIDIA GeForce RTX 3070", (8, 8192), 46, 8.6, (1725, 7001), (220, 14), 448,
      (38.4, 14.2, 10.9), share: 5),
    ComputeGPU(
      "NVIDIA GeForce RTX 3080", (10, 10240), 68, 8.6, (1710, 9501), (320, 20), 760,
      (56.2, 20.3, 15.1), share: 6),
    ComputeGPU(
      "NVIDIA GeForce RTX 3080 Ti", (12, 12288), 80, 8.6, (1665, 9501), (350, 20), 912,
      (64.0, 23.5, 17.2), share: 4),
    ComputeGPU(
      "NVIDIA GeForce RTX 3090", (24, 24576), 82, 8.6, (1695, 9751), (350, 22), 936,
      (66.4, 24.2, 17.2), share: 12),
    ComputeGPU(
      "NVIDIA GeForce RTX 4060 Ti", (16, 16380), 34, 8.9, (2535, 9001), (165, 9), 288,
      (42.1, 15.0, 9.2), share: 4),
    ComputeGPU(
      "NVIDIA GeForce RTX 4070", (12, 12282), 46, 8.9, (2475, 10501), (200, 11), 504,
      (55.3, 20.1, 13.4), share: 4),
    ComputeGPU(
      "NVIDIA GeForce RTX 4070 Ti", (12, 12282), 60, 8.9, (2610, 10501), (285, 12), 504,
      (75.6, 27.8, 18.1), share: 5),
    ComputeGPU(
      "NVIDIA GeForce RTX 4080", (16, 16376), 76, 8.9, (2505, 11201), (320, 13), 716.8,
      (92.0, 33.6, 22.3), share: 5),
    ComputeGPU(
      "NVIDIA GeForce RTX 4090", (24, 24564), 128, 8.9, (2520, 10501), (450, 18), 1008,
      (157, 53.5, 30.3), share: 18),
    ComputeGPU(
      "NVIDIA GeForce RTX 5080", (16, 16303), 84, 12, (2617, 15001), (360, 14), 960,
      (106, 39, 26), pcie: 5, share: 3),
    ComputeGPU(
      "NVIDIA GeForce RTX 5090", (32, 32607), 170, 12, (2407, 14001), (575, 22), 1792,
      (196, 71, 41), pcie: 5, share: 6),
    ComputeGPU(
      "Tesla T4", (16, 15360), 40, 7.5, (1590, 5001), (70, 10), 320, (27.5, 4.9, 5.05),
      pcie: 3, server: true, share: 4),
    ComputeGPU(
      "NVIDIA A10", (24, 23028), 72, 8.6, (1695, 6251), (150, 17), 600, (68, 14.8, 10.4),
      server: true, share: 3),
    ComputeGPU(
      "NVIDIA A40", (48, 46068), 84, 8.6, (1740, 7251), (300, 24), 696, (112, 23, 16.2),
      server: true, share: 3),
    ComputeGPU(
      "NVIDIA RTX A4000", (16, 16376), 48, 8.6, (1560, 7001), (140, 9), 448, (58, 13.5, 13.5),
      share: 4),
    ComputeGPU(
      "NVIDIA RTX A5000", (24, 24564), 64, 8.6, (1695, 8001), (230, 15), 768, (88, 18.9, 14.9),
      share: 3),
    ComputeGPU(
      "NVIDIA RTX A6000", (48, 49140), 84, 8.6, (1800, 8001), (300, 20), 768, (125, 24.5, 17.5),
      share: 5),
    ComputeGPU(
      "NVIDIA RTX 6000 Ada Generation", (48, 49140), 142, 8.9, (2505, 10001), (300, 20), 960,
      (240, 54, 31.5), share: 3),
    ComputeGPU(
      "NVIDIA L4", (24, 23034), 58, 8.9, (2040, 6251), (72, 16), 300, (58, 11.5, 9.6),
      server: true, share: 3),
    ComputeGPU(
      "NVIDIA L40S", (48, 46068), 142, 8.9, (2520, 9001), (350, 33), 864, (252, 54, 32),
      server: true, share: 4),
    ComputeGPU(
      "Tesla V100-SXM2-16GB", (16, 16384), 80, 7, (1530, 877), (300, 40), 900, (96, 14.4, 15.5),
      pcie: 3, server: true, share: 2),
    ComputeGPU(
      "NVIDIA A100-SXM4-40GB", (40, 40960), 108, 8, (1410, 1215), (400, 50), 1555,
      (257, 18.4, 30), server: true, share: 4),
    ComputeGPU(
      "NVIDIA A100-SXM4-80GB", (80, 81920), 108, 8, (1410, 1593), (400, 60), 2039,
      (262, 18.5, 37.2), server: true, share: 6),
    ComputeGPU(
      "NVIDIA A100 80GB PCIe", (80, 81920), 108, 8, (1410, 1512), (300, 45), 1935,
      (236, 17.2, 33), server: true, share: 4),
    ComputeGPU(
      "NVIDIA H100 PCIe", (80, 81559), 114, 9, (1755, 1593), (350, 50), 2039, (402, 38, 40),
      pcie: 5, server: true, share: 3),
    ComputeGPU(
      "NVIDIA H100 80GB HBM3", (80, 81559), 132, 9, (1980, 2619), (700, 70), 3352,
      (648, 50.5, 55), pcie: 5, server: true, share: 7),
    ComputeGPU(
      "NVIDIA H200", (141, 143771), 132, 9, (1980, 3201), (700, 75), 4800, (662, 51, 57),
      pcie: 5, server: true, share: 3),
  ]

  /// The same with other memory and at a share of its rates.
  func changed(vramMB: Double, rate: Double, memory: Double) -> ComputeGPU {
    var copy = self
    copy.vramMB = vramMB
    copy.bandwidth *= memory
    copy.half *= rate
    copy.single *= rate
    copy.diffusion *= rate
    return copy
  }

  static let shares = all.map(\.share)

  /// The model called so; the first of the table for an unknown name.
  static func named(_ name: String) -> ComputeGPU {
    all.first { $0.name == name } ?? all[0]
  }
}

/// A processor: its name, logical cores, and one core's score in the single-thread workload.
struct ComputeCPU: Sendable {
  let name: String
  let cores: Int
  let score: Double

  static let home: [ComputeCPU] = [
    ComputeCPU(name: "AMD Ryzen 5 5600X 6-Core Processor", cores: 12, score: 1560),
    ComputeCPU(name: "AMD Ryzen 7 5800X 8-Core Processor", cores: 16, score: 1600),
    ComputeCPU(name: "AMD Ryzen 9 7950X 16-Core Processor", cores: 32, score: 2080),
    ComputeCPU(name: "12th Gen Intel(R) Core(TM) i7-12700K", cores: 20, score: 1850),
    ComputeCPU(name: "13th Gen Intel(R) Core(TM) i9-13900K", cores: 32, score: 2200),
    ComputeCPU(name: "Intel(R) Core(TM) i5-10400F CPU @ 2.90GHz", cores: 12, score: 1120),
    ComputeCPU(name: "Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz", cores: 28, score: 840),
  ]

  static let server: [ComputeCPU] = [
    ComputeCPU(name: "AMD EPYC 7543 32-Core Processor", cores: 64, score: 1290),
    ComputeCPU(name: "AMD EPYC 7763 64-Core Processor", cores: 128, score: 1240),
    ComputeCPU(name: "AMD EPYC 9654 96-Core Processor", cores: 192, score: 1420),
    ComputeCPU(name: "Intel(R) Xeon(R) Platinum 8480+", cores: 112, score: 1330),
    ComputeCPU(name: "Intel(R) Xeon(R) Gold 6248R CPU @ 3.00GHz", cores: 48, score: 1100),
  ]
}
