/// A part of a card that the driver presents as a device of its own.
struct ComputeSlice: Sendable {
  let name: String
  /// Share of the card's rate, of its memory's rate, and what is left of its units.
  let share: Double
  let memoryShare: Double
  let vramMB: Double
  let multiprocessors: Double

  /// Models that are sold in slices.
  static let divisible: [ComputeGPU] = [
    .named("NVIDIA A100-SXM4-40GB"), .named("NVIDIA A100-SXM4-80GB"),
    .named("NVIDIA A100 80GB PCIe"), .named("NVIDIA H100 80GB HBM3"), .named("NVIDIA H100 PCIe"),
    .named("NVIDIA A40"), .named("NVIDIA L40S"), .named("NVIDIA A10"),
  ]

  /// The slices of a model, smallest first: instances of its multiprocessors (MIG) where it has
  /// them, shares of its time with fixed memory (vGPU) otherwise.
  static func slices(of gpu: ComputeGPU) -> [ComputeSlice] {
    let sizes: [(units: Double, memory: Double)] = [(1, 1), (2, 2), (3, 4), (4, 4)]
    guard gpu.capability == 8 || gpu.capability == 9 else {
      return [4, 2].map { parts in
        ComputeSlice(
          name: "GRID \(shortName(gpu))-\(Int(gpu.gigabytes / parts))Q", share: 1 / parts,
          memoryShare: 1 / parts, vramMB: gpu.gigabytes * 1024 / parts,
          multiprocessors: gpu.multiprocessors)
      }
    }
    let unit: Double = gpu.capability == 9 ? 16 : 14
    return sizes.map { size in
      let multiprocessors = size.units * unit
      let gigabytes = Int(gpu.gigabytes * size.memory / 8)
      return ComputeSlice(
        name: "\(gpu.name) MIG \(Int(size.units))g.\(gigabytes)gb",
        share: multiprocessors / gpu.multiprocessors, memoryShare: size.memory / 8,
        vramMB: (gpu.vramMB * size.memory / 8 * 0.985 / 128).rounded() * 128,
        multiprocessors: multiprocessors)
    }
  }

  private static func shortName(_ gpu: ComputeGPU) -> String {
    String(gpu.name.split(separator: " ").last ?? "")
  }
}

extension ComputeGPU {
  /// The same with other memory.
  func with(vramMB: Double) -> ComputeGPU {
    changed(vramMB: vramMB, rate: 1, memory: 1)
  }

  /// The same at a share of its rates.
  func slowed(_ rate: Double, memory: Double) -> ComputeGPU {
    changed(vramMB: vramMB, rate: rate, memory: memory)
  }
}

extension ComputeCard {
  /// The same card, cooled worse by the given factor.
  func warmed(_ factor: Double) -> ComputeCard {
    ComputeCard(
      uuid: uuid, quality: quality, memoryQuality: memoryQuality, warming: warming * factor,
      limit: limit, overclock: overclock)
  }
}
