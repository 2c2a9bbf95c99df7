import ExactMath
import Profiles

/// How far each host's figures are from those of hosts that claim the same.
struct ComputePeers {
  typealias Line = ComputeTrace.Line

  /// One figure of one node against its peers.
  struct Deviation {
    let line: Line
    let key: Int32
    /// The figure less the peers' median: ln of a ratio for most lines.
    let ratio: Double
    /// The same in units of the peers' spread on that side.
    let deviations: Double
    let count: Int
  }

  /// Deviations by node, in the order of its figures.
  private(set) var deviations: [[Deviation]]

  /// Nodes that a narrow group must have to be compared within, and a wider one.
  static let narrowMinimum = 8
  static let wideMinimum = 5
  /// Deviations beyond this say nothing more.
  static let limit = 40.0

  private struct Entry {
    let node: Int32
    let narrow: Int32
    let wide: Int32
    var value: Double
    let count: Int32
  }

  init(_ nodes: [NodeProfile], _ traces: [ComputeTrace?]) {
    deviations = Array(repeating: [], count: nodes.count)
    var keys: [Key: Int] = [:]
    var entries: [(key: Key, entries: [Entry])] = []
    var names: [String: Int32] = [:]
    func number(_ name: String?) -> Int32 {
      guard let name else { return -1 }
      if let known = names[name] { return known }
      let new = Int32(names.count)
      names[name] = new
      return new
    }
    for (node, trace) in traces.enumerated() {
      guard let trace else { continue }
      let narrow = number(trace.models.first)
      let wide = number(trace.models.last)
      for figure in trace.figures {
        let key = Key(line: figure.line, name: figure.key)
        let place = keys[key] ?? entries.count
        if place == entries.count {
          keys[key] = place
          entries.append((key, []))
        }
        let isGeneral = key.isGeneral
        entries[place].entries.append(
          Entry(
            node: Int32(node), narrow: isGeneral ? 0 : narrow, wide: isGeneral ? 0 : wide,
            value: figure.value, count: Int32(figure.count)))
      }
    }
    for (place, group) in entries.enumerated() {
      let line = group.key.line
      let isOfGPU = group.key.isOfBenchmark ? Self.dependsOnModel(group.entries) : true
      if isOfGPU {
        compare(group.entries, key: Int32(place), line: line, traces)
      } else if line == .throughput {
        // A processor's or a disk's workload: peers have the same processor.
        let entries = group.entries.map { entry in
          Entry(
            node: entry.node, narrow: number(traces[Int(entry.node)]?.processor), wide: 0,
            value: entry.value, count: entry.count)
        }
        compare(entries, key: Int32(place), line: .other, traces)
      }
    }
  }

  private struct Key: Hashable {
    let line: Line
    let name: String

    var isOfBenchmark: Bool { line == .throughput || line == .best || line == .elapsed }

    /// Whether all hosts are peers in it, whatever they claim.
    var isGeneral: Bool {
      switch line {
      case .steadiness, .bookedTime, .busy, .partial, .work: true
      case .slowness: name == "expected"
      default: false
      }
    }
  }

  /// Whether models differ in a figure by more than their own hosts do. With fewer than three
  /// models to compare it is taken for granted.
  private static func dependsOnModel(_ entries: [Entry]) -> Bool {
    var values: [Int32: [Double]] = [:]
    for entry in entries where entry.wide >= 0 {
      values[entry.wide, default: []].append(entry.value)
    }
    let models = values.filter { $0.value.count >= wideMinimum }.sorted { $0.key < $1.key }
    guard models.count >= 3 else { return true }
    let medians = models.map { Statistics.median($0.value) }
    let within = Statistics.median(
      zip(models, medians).flatMap { model, median in
        model.value.map { ($0 - median).magnitude }
      })
    let middle = Statistics.median(medians)
    return Statistics.median(medians.map { ($0 - middle).magnitude }) > max(1.5 * within, 0.03)
  }

  /// Deviations below which differences are rounding or of no account.
  private static func leastSpread(_ line: Line) -> Double {
    switch line {
    case .memoryClock: 0.005
    case .steadiness: 0.15
    case .busy, .partial: 0.05
    case .processor: 0.04
    case .power: 0.03
    default: 0.02
    }
  }

  private mutating func compare(
    _ entries: [Entry], key: Int32, line: Line, _ traces: [ComputeTrace?]
  ) {
    var entries = entries
    if line == .throughput || line == .best, Self.isSum(entries, traces) {
      for index in entries.indices {
        let devices = traces[Int(entries[index].node)]?.claimed.devices ?? .nan
        if devices > 1 { entries[index].value -= Portable.log(devices) }
      }
    }
    let centres = Self.centres(entries)
    let residuals = Statistics.sorted(zip(entries, centres).map { $0.value - $1 })
    let least = Self.leastSpread(line)
    let low = Self.spread(residuals, upper: false, least: least)
    let high = Self.spread(residuals, upper: true, least: least)
    for (entry, centre) in zip(entries, centres) where !centre.isNaN {
      let ratio = entry.value - centre
      let deviations = min(max(ratio / (ratio < 0 ? low : high), -Self.limit), Self.limit)
      self.deviations[Int(entry.node)].append(
        Deviation(
          line: line, key: key, ratio: ratio, deviations: deviations, count: Int(entry.count)))
    }
    if line == .throughput {
      for (node, deviation) in ComputeRoofline.deviations(
        entries.indices.filter { centres[$0].isNaN }
          .map { (Int(entries[$0].node), entries[$0].value, Int(entries[$0].count)) },
        references: zip(entries, centres).compactMap { $1.isNaN ? nil : (Int($0.node), $1) },
        traces, key: key)
      {
        self.deviations[node].append(deviation)
      }
    }
  }

  /// The median of each entry's narrowest group that is large enough; NaN without one.
  private static func centres(_ entries: [Entry]) -> [Double] {
    func medians(_ group: (Entry) -> Int32, _ minimum: Int) -> [Int32: Double] {
      var values: [Int32: [Double]] = [:]
      for entry in entries where group(entry) >= 0 {
        values[group(entry), default: []].append(entry.value)
      }
      return values.compactMapValues { values in
        values.count < minimum ? nil : Statistics.median(values)
      }
    }
    let narrow = medians(\.narrow, narrowMinimum)
    let wide = medians(\.wide, wideMinimum)
    return entries.map { narrow[$0.narrow] ?? wide[$0.wide] ?? .nan }
  }

  /// A normal deviation of one side of ascending residuals around zero: from the quartile or from
  /// the outermost tenth, whichever is wider, because honest hardware has a soft lower tail (8 %
  /// of real submissions are below half of their model's median, 1.3 times as wide as a normal's by its tenth). A tenth of the
  /// hosts may lie before it moves much, and no number of them widens it beyond 1.6 times.
  private static func spread(_ residuals: [Double], upper: Bool, least: Double) -> Double {
    let quarter = Quantile.of(residuals, upper ? 0.75 : 0.25).magnitude / 0.6745
    let tenth = Quantile.of(residuals, upper ? 0.9 : 0.1).magnitude / 1.2816
    let spread = max(quarter, min(tenth, 1.6 * quarter), least)
    return spread.isNaN ? least : spread
  }

  /// Whether a workload's result grows with the number of devices claimed, as of hosts that report
  /// all of them together.
  private static func isSum(_ entries: [Entry], _ traces: [ComputeTrace?]) -> Bool {
    let centres = centres(entries)
    var ratios: [Double] = []
    for (entry, centre) in zip(entries, centres) where !centre.isNaN {
      let devices = traces[Int(entry.node)]?.claimed.devices ?? .nan
      if devices >= 2 { ratios.append((entry.value - centre) / Portable.log(devices)) }
    }
    // Of groups with one and with several devices, half of the difference is the median's own.
    return ratios.count >= 8 && Statistics.median(ratios) > 0.4
  }
}
