import ExactMath
import Profiles

/// What is left of the nodes' times to first byte without the node's level, the checker's distance,
/// the region's course and the node's own day.
struct StorageResiduals {
  /// On a grid finer than the typical node is measured, on one as fine, and on a coarser one.
  private(set) var courses: [StorageCourses] = []
  private let network: StorageNetwork
  private let levels: [Double]
  private let offsets: [Int: Double]
  private let start: UInt32
  private let span: UInt32

  init(_ network: StorageNetwork) {
    self.network = network
    levels = network.traces.map { trace in
      Statistics.median((trace?.rows ?? []).map { $0.ttfb > 0 ? Double($0.ttfb) : .nan })
    }.map { Portable.log($0) }
    offsets = Self.offsets(network, levels)
    let starts = network.traces.compactMap { $0?.rows.first?.second }.sorted()
    let ends = network.traces.compactMap { $0?.rows.last?.second }.sorted()
    // One node with a clock in another year must not stretch the grid for all.
    start = starts.isEmpty ? 0 : starts[starts.count / 100]
    let end = ends.isEmpty ? 0 : ends[(ends.count - 1) * 99 / 100]
    span = end > start ? end - start : 0
    let typical = Statistics.median(
      network.traces.compactMap { trace in
        trace.map { Double($0.rows.count { $0.ttfb > 0 }) }
      }.filter { $0 >= 12 })
    guard !typical.isNaN, span > 0 else { return }
    let residuals = network.traces.indices.map(residuals)
    // Shared noise may be gone within minutes, or lie in the course of hours.
    for perBin in [0.33, 0.8, 2.4] {
      let width = Self.width(span: Double(span), bins: typical / perBin)
      if span / width >= 12, courses.last?.bins != Int(span / width) + 1 {
        courses.append(course(residuals, width: width))
      }
    }
  }

  /// Seconds of a bin: about `bins` of them in the span.
  private static func width(span: Double, bins: Double) -> UInt32 {
    let most = min(bins, 576)
    let widths: [UInt32] = [120, 300, 600, 900, 1800, 3600, 7200, 14_400]
    return widths.first { span / Double($0) <= most } ?? 28_800
  }

  /// Mean clipped difference to the node's level by checker and region of the node.
  private static func offsets(_ network: StorageNetwork, _ levels: [Double]) -> [Int: Double] {
    var sums: [Int: (n: Double, sum: Double)] = [:]
    for (node, trace) in network.traces.enumerated() {
      guard let trace, !trace.checkers.isEmpty else { continue }
      var local = Array(repeating: (n: 0.0, sum: 0.0), count: trace.checkers.count)
      for row in trace.rows where row.checker != StorageTrace.Row.noChecker && row.ttfb > 0 {
        let difference = Portable.log(Double(row.ttfb)) - levels[node]
        local[Int(row.checker)].n += 1
        local[Int(row.checker)].sum += min(max(difference, -1.5), 1.5)
      }
      for (place, cell) in local.enumerated() where cell.n > 0 {
        let key =
          Int(network.checkers[node][place]) * network.regionCount + network.regions[node]
        let before = sums[key] ?? (0, 0)
        sums[key] = (before.n + cell.n, before.sum + cell.sum)
      }
    }
    return sums.mapValues { $0.n >= 8 ? $0.sum / $0.n : 0 }
  }

  private func course(_ residuals: [[Float]], width: UInt32) -> StorageCourses {
    let bins = Int(span / width) + 1
    var rows: [[Float]?] = network.traces.indices.map {
      binned($0, residuals[$0], width: width, bins: bins)
    }
    removeCommon(&rows, bins: bins)
    let isDaily = Double(span) > 64_800 && bins >= 20
    let basis = Self.basis(bins: bins, width: width, isDaily: isDaily)
    for node in rows.indices {
      if let row = rows[node] { rows[node] = Self.standardised(row, basis: basis) }
    }
    return StorageCourses(bins: bins, fitted: basis.count, values: rows)
  }

  /// By row, how far its time is from what the checker usually has of the node, in the node's own
  /// deviations. Where a checker came four times and more, its median takes the distance away; what
  /// is left adds up from what the node did, so it is compared in milliseconds.
  private func residuals(_ node: Int) -> [Float] {
    guard let trace = network.traces[node] else { return [] }
    var times: [[Float]] = Array(repeating: [], count: trace.checkers.count + 1)
    for row in trace.rows where row.ttfb > 0 {
      times[min(Int(row.checker), trace.checkers.count)].append(row.ttfb)
    }
    let middles = times.enumerated().map { place, times in
      times.count >= 4 && place < trace.checkers.count
        ? Statistics.median(times.map { Double($0) }) : .nan
    }
    var near: [Double] = []
    var far: [Double] = []
    for row in trace.rows {
      let middle = middles[min(Int(row.checker), trace.checkers.count)]
      let isTimed = row.ttfb > 0
      near.append(isTimed ? Double(row.ttfb) - middle : .nan)
      far.append(isTimed && middle.isNaN ? distance(row, node) : .nan)
    }
    // A median leaves half of a pair's own deviation to be found again in the others.
    let nearSpread = max(Statistics.robustSpread(Statistics.sorted(near)), 0.05)
    let farSpread = max(Statistics.robustSpread(Statistics.sorted(far)), 0.01)
    return zip(near, far).map { near, far in
      let value = near.isNaN ? far / farSpread : near / nearSpread
      return value.isNaN ? .nan : Float(min(max(value, -3), 3))
    }
  }

  /// Logarithm of a row's time less the node's level and the checker's distance.
  private func distance(_ row: StorageTrace.Row, _ node: Int) -> Double {
    let checker = network.checker(of: row, at: node)
    let key = checker * network.regionCount + network.regions[node]
    let offset = checker < 0 ? 0 : offsets[key] ?? 0
    return Portable.log(Double(row.ttfb)) - levels[node] - offset
  }

  /// The node's means by bin; `nil` where it has fewer than twelve.
  private func binned(
    _ node: Int, _ residuals: [Float], width: UInt32, bins: Int
  ) -> [Float]? {
    guard let trace = network.traces[node] else { return nil }
    var sums = [Double](repeating: 0, count: bins)
    var counts = [Double](repeating: 0, count: bins)
    for (row, value) in zip(trace.rows, residuals) where !value.isNaN && row.second >= start {
      let bin = Int((row.second - start) / width)
      guard bin < bins else { continue }
      sums[bin] += Double(value)
      counts[bin] += 1
    }
    let filled = counts.count { $0 > 0 }
    guard filled >= 12 else { return nil }
    return zip(sums, counts).map { $1 == 0 ? .nan : Float($0 / $1) }
  }

  /// Takes each region's mean course away, or the network's where a region has under ten nodes.
  private func removeCommon(_ rows: inout [[Float]?], bins: Int) {
    var sums = Array(repeating: [Double](repeating: 0, count: bins), count: network.regionCount + 1)
    var counts = sums
    for (node, row) in rows.enumerated() {
      for (bin, value) in (row ?? []).enumerated() where !value.isNaN {
        for place in [network.regions[node], network.regionCount] {
          sums[place][bin] += Double(min(max(value, -1), 1))
          counts[place][bin] += 1
        }
      }
    }
    for node in rows.indices {
      guard var row = rows[node] else { continue }
      for bin in row.indices {
        let region = network.regions[node]
        let place = counts[region][bin] >= 10 ? region : network.regionCount
        if counts[place][bin] >= 10 { row[bin] -= Float(sums[place][bin] / counts[place][bin]) }
      }
      rows[node] = row
    }
  }

  /// A constant and a slope, and the first two harmonics of the day.
  private static func basis(bins: Int, width: UInt32, isDaily: Bool) -> [[Double]] {
    let turn = 6.283185307179586 * Double(width) / 86_400
    var basis: [[Double]] = [
      Array(repeating: 1, count: bins),
      (0..<bins).map { Double($0) / Double(bins) - 0.5 },
    ]
    guard isDaily else { return basis }
    for harmonic in [1.0, 2.0] {
      basis.append((0..<bins).map { Portable.sin(harmonic * turn * Double($0)) })
      basis.append((0..<bins).map { Portable.cos(harmonic * turn * Double($0)) })
    }
    return basis
  }

  /// Residuals of the fit to `basis`, clipped at three robust deviations and at one deviation.
  private static func standardised(_ row: [Float], basis: [[Double]]) -> [Float]? {
    // Modified Gram–Schmidt over the bins that were measured.
    var rest = row.map { Double($0) }
    var used: [[Double]] = []
    for vector in basis {
      var direction = zip(vector, row).map { $1.isNaN ? 0 : $0 }
      for other in used { subtract(other, from: &direction) }
      let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 1e-6 else { continue }
      let unit = direction.map { $0 / length }
      used.append(unit)
      subtract(unit, from: &rest)
    }
    let spread = Statistics.robustSpread(Statistics.sorted(rest))
    guard spread > 1e-6 else { return nil }
    return rest.map { $0.isNaN ? .nan : Float(min(max($0 / spread, -3), 3)) }
  }

  private static func subtract(_ unit: [Double], from values: inout [Double]) {
    var product = 0.0
    for (a, b) in zip(unit, values) where !b.isNaN { product += a * b }
    for index in values.indices { values[index] -= product * unit[index] }
  }
}
