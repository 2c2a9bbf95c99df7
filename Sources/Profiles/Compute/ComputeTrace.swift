import Contributions

/// What a host's records say that only other hosts' records can answer: read by the profile's own
/// relation.
package struct ComputeTrace: Sendable {
  /// What the host claims, in words that make nodes comparable, narrowest first: the name as it is
  /// written with the memory claimed, then the model's key. Empty without a model.
  package let models: [String]
  package let processor: String?
  package let claimed: Claimed
  /// Theoretical peaks of the claimed model: single precision, matrix units, memory; NaN where the
  /// reference table is silent or its variants differ by more than a tenth.
  package let peaks: [Double]
  package let figures: [Figure]
  package let devices: [DeviceSpan]
  /// One fingerprint per distinctive benchmark run, ascending, each once.
  package let runs: [UInt64]
  /// When the first of them came.
  package let firstRun: Int64
  /// Whether the devices are slow because they are hot, which is a fault and no lie.
  package let isThrottled: Bool
  /// Whether they are hot at load, which explains a lower clock.
  package let isHot: Bool
  /// Hash of the owner's name; 0 where none is claimed.
  package var owner: UInt64 = 0
  /// Whether the claim or the driver says that the device is a part of a card.
  package var isPart = false
  /// Share of the network measurements that leave from another network than advertised.
  package var elsewhere = Double.nan
  /// ln of organic jobs' time over audits', both over the time expected.
  package var auditGap = Double.nan

  /// Claimed amounts; NaN where never claimed.
  package struct Claimed: Sendable {
    package let devices: Double
    package let cores: Double
    package let mainMemory: Double
    package let disk: Double
  }

  /// A GPU's identity, and when the device that had it was at work here.
  package struct DeviceSpan: Sendable {
    package let identity: UInt64
    /// ms since 1970-01-01 UTC.
    package let first: Int64
    package let last: Int64
    /// Records of it, and those among them that give the identity.
    package let records: Int
    package let sightings: Int
    /// Hash of the driver's name of it; 0 where not reported.
    package let name: UInt64
  }

  /// What is measured of a host and compares with other hosts.
  package enum Line: UInt8, Sendable, CaseIterable {
    /// ln of a workload's median result, and of its best tenth.
    case throughput, best
    /// ln of the median result of a workload that does not depend on the GPU.
    case other
    /// ln of a workload's median wall time.
    case elapsed
    /// ln of the relative deviation of a workload's results.
    case steadiness
    /// At load: ln W, ln MHz, °C / 100.
    case power, clock, temperature
    /// ln of the memory clock, MHz.
    case memoryClock
    /// ln of jobs' wall time over the time expected (`expected`), or of a kind of work's wall time.
    case slowness
    /// ln of jobs' processor time over wall time.
    case processor
    /// ln of the processors that jobs kept busy at most (nine in ten stay below).
    case parallelism
    /// ln of all jobs' wall time over the wall time that the devices had.
    case bookedTime
    /// Share of the readings during jobs that show a busy device, and a half busy one.
    case busy, partial
    /// ln of a workload's result times its wall time, of one run in seven the highest: a fixed
    /// workload's is the same on every host.
    case work
  }

  /// One measurement under a key that makes it comparable.
  package struct Figure: Sendable {
    package let line: Line
    package let key: String
    package let value: Double
    /// Measurements behind it.
    package let count: Int
  }
}

extension ComputeTrace {
  init(_ evidence: ComputeEvidence) {
    let claim = evidence.claims.current
    models = evidence.comparableModels
    processor = evidence.claims.processor.map { $0.lowercased() }
    claimed = Claimed(
      devices: claim?.count ?? .nan, cores: claim?.cores ?? .nan,
      mainMemory: claim?.mainMemory ?? .nan, disk: claim?.disk ?? .nan)
    peaks = evidence.isDeclaredPart ? [] : Self.peaks(evidence.model)
    figures = evidence.figures
    devices = evidence.deviceSpans
    (runs, firstRun) = evidence.benchmarks.fingerprints
    isThrottled = evidence.isThrottled
    isHot = evidence.isHot
    owner = evidence.claims.owner.map { $0.isEmpty ? 0 : StableHash.of($0) } ?? 0
    isPart =
      evidence.isDeclaredPart
      || evidence.inventory.rows.contains { ComputeEvidence.namesPart($0.model) }
    elsewhere = evidence.network.addressed < 4 ? .nan : evidence.network.elsewhereShare
    auditGap = evidence.jobs.auditTimeGap?.gap ?? .nan
  }

  private static func peaks(_ model: GPUModel?) -> [Double] {
    let variants = model?.variants ?? []
    guard !variants.isEmpty else { return [] }
    return [\GPUVariant.peak, \.tensorPeak, \.bandwidth].map { peak in
      let values = variants.map { $0[keyPath: peak] }
      guard let least = values.min(), let most = values.max(), !values.contains(where: \.isNaN),
        most <= 1.1 * least
      else { return .nan }
      return (least + most) / 2
    }
  }
}

extension ComputeEvidence {
  /// Whether the claim itself says that it is about a part of a card: by its name, or by memory
  /// that the devices have and the whole card would exceed.
  var isDeclaredPart: Bool {
    if Self.namesPart(model) { return true }
    guard let claimed = claims.current?.memory, claimed > 0 else { return false }
    let least = least(\.memory)
    return claimed < 0.7 * least
  }

  /// Whether a name says that it is of a part of a card.
  static func namesPart(_ model: GPUModel?) -> Bool {
    (model?.key ?? "").split(separator: " ").contains { partWords.contains(String($0)) }
  }

  private static let partWords: Set<String> = [
    "mig", "vgpu", "grid", "slice", "partition", "fraction", "shared", "1/2", "1/3", "1/4", "1/7",
    "2/7", "3/7", "4/7", "1/8",
  ]

  /// Groups to compare within, narrowest first. Names that differ in form factor only share a key
  /// but not their speed; a part is no peer of whole cards.
  var comparableModels: [String] {
    guard let model, let name = claims.modelName else { return [] }
    let memory = claims.current?.memory ?? .nan
    let size = memory.isNaN || memory > 1e9 ? "" : String(Int((memory / 1024).rounded()))
    let part = isDeclaredPart ? "part " + size : ""
    return ["\(name.lowercased())|\(size)", "\(model.key ?? name.lowercased())|\(part)"]
  }

  /// Whether heat holds a chip far back.
  var isThrottled: Bool { throttledClocks.count >= 5 }

  /// Whether the devices are at a temperature limit in most readings at load.
  var isHot: Bool {
    let readings = telemetry.devices.flatMap { device in
      zip(device.utilisation, device.temperature).compactMap { $0 >= 50 ? $1 : nil }
    }
    return Statistics.median(readings) >= 82
  }

  /// Clocks of hot devices that run far below their rating under load, MHz.
  ///
  /// Notebook parts are rated at the highest clock that any of them is allowed, and run well below
  /// it in good health; they get a lower limit.
  var throttledClocks: [Double] {
    let words = model?.key?.split(separator: " ") ?? []
    let isNotebook = words.contains("laptop") || words.suffix(2) == ["max", "q"]
    let limit = leastBoostClock * (isNotebook ? 0.35 : 0.8)
    var slow: [Double] = []
    for device in telemetry.devices {
      for index in device.clock.indices
      where device.clock[index] > 0 && device.clock[index] < limit
        && device.temperature[index] >= 83 && device.utilisation[index] >= 50
      {
        slow.append(device.clock[index])
      }
    }
    return slow
  }
}

// MARK: - Devices and runs

extension ComputeEvidence {
  /// Each identity's span on each device number: from its first inventory there until another
  /// identity takes the number's place. Telemetry and benchmarks of the number count as its own;
  /// jobs and unnumbered benchmarks go on without the device.
  var deviceSpans: [ComputeTrace.DeviceSpan] {
    var spans: [ComputeTrace.DeviceSpan] = []
    for device in Set(inventory.rows.map(\.device)).sorted() {
      let rows = inventory.rows.filter { $0.device == device && $0.identity >= 0 }
      let others = activity(of: device)
      var start = 0
      while start < rows.count {
        var end = start + 1
        while end < rows.count, rows[end].identity == rows[start].identity { end += 1 }
        let from = start == 0 ? Int64.min : rows[start].time
        let until = end == rows.count ? Int64.max : rows[end].time
        let times = others.filter { $0 >= from && $0 < until } + rows[start..<end].map(\.time)
        spans.append(
          ComputeTrace.DeviceSpan(
            identity: StableHash.of(inventory.text(rows[start].identity)),
            first: times.min() ?? 0, last: times.max() ?? 0, records: times.count,
            sightings: end - start,
            name: rows[start].model.map { StableHash.of($0.key ?? $0.name) } ?? 0))
        start = end
      }
    }
    return Array(spans.prefix(64))
  }

  private func activity(of device: Double) -> [Int64] {
    let samples = telemetry.devices.filter { $0.device == device }.flatMap(\.times)
    let runs = benchmarks.benches.flatMap { bench in
      bench.runs.compactMap { $0.device == device && $0.isNumbered ? Int64($0.time) : nil }
    }
    return samples + runs
  }
}

extension ComputeBenchmarks {
  /// Runs that are told apart: at most this many of a node are kept.
  private static let keptRuns = 256

  /// Hashes of the runs whose result and time, both of four digits or more, meet those of another
  /// machine by chance only, and the time of the first.
  var fingerprints: ([UInt64], Int64) {
    var kept: Set<UInt64> = []
    var first = Int64.max
    for bench in benches {
      for run in bench.runs where kept.count < Self.keptRuns {
        guard Self.hasFourDigits(run.value), Self.hasFourDigits(run.elapsed) else { continue }
        kept.insert(
          StableHash.of(
            "\(bench.name)\u{1F}\(run.value.bitPattern)\u{1F}\(run.elapsed.bitPattern)"))
        first = min(first, Int64(run.time))
      }
    }
    return (kept.sorted(), first)
  }

  /// Whether a number has at least four significant digits as printed; a round one has not.
  private static func hasFourDigits(_ value: Double) -> Bool {
    guard value > 0, value < 1e12 else { return false }
    var scaled = value
    while scaled < 100 { scaled *= 10 }
    while scaled >= 1000 { scaled /= 10 }
    return (scaled - scaled.rounded()).magnitude > 1e-6
  }
}
