import ExactMath
import Profiles

/// Courses of the nodes over the bins of one grid, less what is common: mean zero, clipped.
struct StorageCourses {
  let bins: Int
  /// Parameters that were fitted to each course.
  let fitted: Int
  /// By node: its values, NaN in gaps; `nil` where there are too few.
  var values: [[Float]?]
  /// Correlation of each course with itself a bin later, and share of it that was fitted away.
  private var memory: [Double]
  private var costs: [Double]

  /// The nodes' places; −1 where there is no course.
  var nodes: [Int] { values.indices.map { values[$0] == nil ? -1 : $0 } }

  init(bins: Int, fitted: Int, values: [[Float]?]) {
    self.bins = bins
    self.fitted = fitted
    self.values = values
    memory = values.map { $0.map(Self.memory) ?? 0 }
    costs = values.map { row in
      Double(fitted) / Double(max((row ?? []).count { !$0.isNaN }, fitted + 1))
    }
  }

  private static func memory(_ values: [Float]) -> Double {
    let (x, y) = (values.dropLast().map { Double($0) }, values.dropFirst().map { Double($0) })
    // Few neighbouring bins tell nothing of the memory.
    guard zip(x, y).count(where: { !$0.isNaN && !$1.isNaN }) >= 16 else { return 0 }
    let correlation = Statistics.correlation(x, y)
    return correlation.isNaN ? 0 : min(max(correlation, 0), 0.95)
  }

  /// A row with gaps at zero.
  func filled(_ node: Int) -> [Double] {
    (values[node] ?? []).map { $0.isNaN ? 0 : Double($0) }
  }

  /// Cosine of two rows with gaps at zero above which a pair is worth measuring: so many deviations
  /// of that of strangers. Two rows that each have a share p of the bins meet in p² of them, so their
  /// products are as noisy as p √bins of p · bins.
  func candidateLimit(_ rows: [Int], deviations: Double) -> Double {
    let filled = rows.map { row in Double((values[row] ?? []).count { !$0.isNaN }) }.sorted()
    let share = Quantile.of(filled, 0.5) / Double(bins)
    return deviations / Double(bins).squareRoot() * min(max(share, 0.3), 1).squareRoot()
  }

  func likeness(_ one: Int, _ other: Int) -> (correlation: Double, deviations: Double) {
    guard let x = values[one], let y = values[other] else { return (.nan, .nan) }
    return likeness(
      x, y, memory: memory[one] * memory[other], cost: max(costs[one], costs[other]))
  }

  func likeness(_ one: Int, _ other: [Float]) -> (correlation: Double, deviations: Double) {
    guard let x = values[one] else { return (.nan, .nan) }
    return likeness(x, other, memory: memory[one] * Self.memory(other), cost: costs[one])
  }

  /// Correlation over the bins that both have, and Fisher's z of it in deviations: of as many
  /// independent bins as two courses with memory are worth (Bartlett), less what was fitted.
  private func likeness(
    _ x: [Float], _ y: [Float], memory: Double, cost: Double
  ) -> (correlation: Double, deviations: Double) {
    var n = 0.0
    var sumX = 0.0
    var sumY = 0.0
    for (a, b) in zip(x, y) where !a.isNaN && !b.isNaN {
      n += 1
      sumX += Double(a)
      sumY += Double(b)
    }
    let free = n * (1 - cost) * (1 - memory) / (1 + memory) - 3
    guard free >= 6 else { return (.nan, .nan) }
    var xx = 0.0
    var xy = 0.0
    var yy = 0.0
    for (a, b) in zip(x, y) where !a.isNaN && !b.isNaN {
      let dx = Double(a) - sumX / n
      let dy = Double(b) - sumY / n
      xx += dx * dx
      xy += dx * dy
      yy += dy * dy
    }
    guard xx > 0, yy > 0 else { return (.nan, .nan) }
    let r = min(max(xy / (xx * yy).squareRoot(), -0.999999), 0.999999)
    return (r, 0.5 * Portable.log((1 + r) / (1 - r)) * free.squareRoot())
  }

  /// Mean of several nodes' courses, each at one deviation; `nil` under two.
  func mean(of nodes: [Int]) -> [Float]? {
    var sums = [Double](repeating: 0, count: bins)
    var counts = [Double](repeating: 0, count: bins)
    var used = 0
    for node in nodes {
      guard let values = values[node] else { continue }
      used += 1
      for (bin, value) in values.enumerated() where !value.isNaN {
        sums[bin] += Double(value)
        counts[bin] += 1
      }
    }
    return used < 2 ? nil : zip(sums, counts).map { $1 == 0 ? .nan : Float($0 / $1) }
  }
}
