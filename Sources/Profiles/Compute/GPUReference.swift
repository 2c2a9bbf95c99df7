import Synchronization

/// One variant of a GPU model: a row of the reference table. NaN where the table is silent.
public struct GPUVariant: Sendable, Equatable {
  public let key: String
  public let vendor: String
  /// What tells the variants of one key apart; empty if there is one.
  public let variant: String
  /// Nominal memory, MiB.
  public let memory: Double
  /// Streaming multiprocessors (NVIDIA) or compute units (AMD).
  public let multiprocessors: Double
  /// CUDA compute capability; NaN for AMD.
  public let computeCapability: Double
  /// Rated boost clock, MHz. Cards run 5 to 15 % above it.
  public let boostClock: Double
  /// Single-precision peak, 10¹² flop/s.
  public let peak: Double
  /// Default power limit, W.
  public let boardPower: Double
  /// Dense half-precision peak of the matrix units, 10¹² flop/s.
  public let tensorPeak: Double
  /// Memory's theoretical peak, 10⁹ byte/s.
  public let bandwidth: Double
}

/// A GPU as a name calls it.
public struct GPUModel: Sendable, Equatable {
  public let name: String
  /// Normalised name; `nil` where the name names no product.
  public let key: String?
  /// Reference rows of the key; empty where the table has none, which is evidence of nothing.
  public let variants: [GPUVariant]
}

/// Reference facts of GPU models, embedded in the binary from `Datasets/reference/gpus.csv`.
public struct GPUReference: Sendable {
  private let variants: [String: [GPUVariant]]
  private let cache = NameCache()

  /// The table that comes with Assay.
  public static let embedded = GPUReference(csv: PackageResources.gpus_csv)

  /// - Parameter csv: lines of comma-separated cells without quotes, columns named in the first
  ///   line. A line with another number of cells is left out.
  public init(csv: [UInt8]) {
    let lines = csv.split(separator: UInt8(ascii: "\n")).map { line in
      line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
    }
    let names = lines.first ?? []
    var variants: [String: [GPUVariant]] = [:]
    for line in lines.dropFirst() where line.count == names.count {
      let row = GPUVariant(Dictionary(zip(names, line)) { first, _ in first })
      variants[row.key, default: []].append(row)
    }
    self.variants = variants
  }

  /// Every key of the table, sorted.
  public var keys: [String] { variants.keys.sorted() }

  /// The table's rows under `key`, in its order; empty when it has none.
  public func variants(ofKey key: String) -> [GPUVariant] {
    variants[key] ?? []
  }

  /// The normalised form of a model's name, in the table or not; `nil` where nothing is left.
  public static func key(for name: String) -> String? {
    GPUName.key(for: name)
  }

  /// What `name` calls, and what is known of it. Remembered, because few names repeat a lot.
  public func model(named name: String) -> GPUModel {
    cache.model(name) {
      let key = GPUName.key(for: name)
      return GPUModel(name: name, key: key, variants: key.map(variants(ofKey:)) ?? [])
    }
  }
}

/// Models by name. What it returns does not depend on what it remembers.
private final class NameCache: Sendable {
  /// Names come from nodes, so their number has to be limited.
  private static let limit = 4096
  private let models = Mutex<[String: GPUModel]>([:])

  func model(_ name: String, _ make: () -> GPUModel) -> GPUModel {
    if let known = models.withLock({ $0[name] }) { return known }
    let model = make()
    models.withLock { if $0.count < Self.limit { $0[name] = model } }
    return model
  }
}

extension GPUVariant {
  fileprivate init(_ cells: [String: String]) {
    func number(_ name: String) -> Double { cells[name].flatMap(Double.init) ?? .nan }
    self.init(
      key: cells["key"] ?? "", vendor: cells["vendor"] ?? "", variant: cells["variant"] ?? "",
      memory: number("vram_mb"), multiprocessors: number("sm_count"),
      computeCapability: number("compute_cap"), boostClock: number("boost_clock_mhz"),
      peak: number("fp32_tflops"), boardPower: number("board_power_w"),
      tensorPeak: number("fp16_tensor_tflops"), bandwidth: number("memory_bandwidth_gb_s"))
  }
}
