import ExactMath
import Profiles

/// How much better a node's behaviour is explained by that of a few others than by the network's.
///
/// Every behaviour gives a logarithm of a likelihood ratio. Behaviours that follow from one cause,
/// such as the three that a slow disk changes, count together, up to a limit each way: one family
/// alone never makes two nodes one.
struct StorageLikeness {
  private typealias Measure = StorageTrace.Measure
  private typealias Exact = StorageTrace.Exact

  /// What may be equal for one reason.
  enum Family: Int, CaseIterable {
    /// Distance and line, which neighbours share; the machine; the line; proofs; claims; habits.
    case site, service, rate, proofs, claims, habits

    /// Natural logarithms that the family may add. Neighbours are equally far from everybody.
    var most: Double {
      switch self {
      case .site: 1
      case .service: 3
      case .rate, .proofs: 2.4
      case .claims: 2.8
      case .habits: 2
      }
    }

    /// How often one machine's identities are expected to have it in common: the machine itself
    /// shows through, what is only said or chosen can differ.
    var share: Double {
      switch self {
      case .service, .rate, .proofs: 0.7
      case .site, .claims, .habits: 0.35
      }
    }
  }

  /// What a set of nodes has in common: a centre for each behaviour.
  struct Centre {
    var measured: [Double]
    var errors: [Double]
    /// By behaviour, ascending places of the centre among all nodes' values.
    var places: [(low: Float, high: Float)]
  }

  private static let families: (measured: [Family], exact: [Family]) = (
    [.site, .service, .service, .service, .rate, .proofs, .proofs],
    [
      .claims, .claims, .claims, .claims,
      .habits, .habits, .habits, .habits, .habits, .habits,
    ]
  )
  /// Part of the network's spread that one machine's identities may differ by.
  private static let jitter = 0.15

  private let traces: [StorageTrace?]
  /// Middle and spread of each measured behaviour over the network.
  private let middles: [Double]
  private let spreads: [Double]
  /// By node and exact behaviour: share of nodes below its value and not above it.
  private let places: [[(low: Float, high: Float)]]

  init(_ network: StorageNetwork) {
    traces = network.traces
    let columns = Measure.allCases.indices.map { column in
      Statistics.sorted(
        network.traces.map { Double($0?.behaviour.measured[column] ?? .nan) })
    }
    middles = columns.map { Quantile.of($0, 0.5) }
    spreads = columns.map { (Quantile.of($0, 0.84) - Quantile.of($0, 0.16)) / 2 }
    let orders = Exact.allCases.indices.map { column in
      network.traces.compactMap { $0?.behaviour.exact[column] }.filter { !$0.isNaN }.sorted()
    }
    places = network.traces.map { trace in
      guard let trace else { return [] }
      return zip(trace.behaviour.exact, orders).map { value, order in
        guard !value.isNaN, order.count >= 20 else { return (.nan, .nan) }
        let count = Float(order.count)
        return (
          Float(Self.place(of: value, in: order, after: false)) / count,
          Float(Self.place(of: value, in: order, after: true)) / count
        )
      }
    }
  }

  /// Number of values below `value`, or not above it.
  private static func place(of value: Float, in sorted: [Float], after: Bool) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value || after && sorted[middle] == value {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// The medians of the nodes' behaviours.
  func centre(of nodes: [Int]) -> Centre {
    let behaviours = nodes.compactMap { traces[$0]?.behaviour }
    var centre = Centre(measured: [], errors: [], places: [])
    for column in Measure.allCases.indices {
      let values = Statistics.sorted(behaviours.map { Double($0.measured[column]) })
      let errors = Statistics.sorted(behaviours.map { Double($0.errors[column]) })
      centre.measured.append(Quantile.of(values, 0.5))
      centre.errors.append(
        Quantile.of(errors, 0.5) / Double(max(values.count, 1)).squareRoot())
    }
    for column in Exact.allCases.indices {
      // The middle node's place: a value that some node has.
      let all = nodes.map { places[$0].isEmpty ? (low: .nan, high: .nan) : places[$0][column] }
        .filter { !$0.low.isNaN }.sorted { ($0.low, $0.high) < ($1.low, $1.high) }
      centre.places.append(all.isEmpty ? (.nan, .nan) : all[all.count / 2])
    }
    return centre
  }

  /// By family, natural logarithms of the likelihood ratio.
  func ratios(_ node: Int, to centre: Centre) -> [Double] {
    var sums = [Double](repeating: 0, count: Family.allCases.count)
    guard let behaviour = traces[node]?.behaviour else { return sums }
    for column in Measure.allCases.indices {
      let value = Double(behaviour.measured[column])
      guard !value.isNaN, !centre.measured[column].isNaN, spreads[column] > 0 else { continue }
      sums[Self.families.measured[column].rawValue] += measuredRatio(
        value, error: Double(behaviour.errors[column]), centre, column)
    }
    for column in Exact.allCases.indices {
      let own = places[node][column]
      let other = centre.places[column]
      guard !own.low.isNaN, !other.low.isNaN else { continue }
      let mass = Double(max(own.high, other.high) - min(own.low, other.low))
      sums[Self.families.exact[column].rawValue] += Self.exactRatio(mass)
    }
    return zip(sums, Family.allCases).map { sum, family in
      let same = Portable.exp(min(max(sum, -6), family.most))
      return Portable.log(1 - family.share + family.share * same)
    }
  }

  /// Two normal densities: around the centre by what measuring and jitter leave, and the network's.
  private func measuredRatio(
    _ value: Double, error: Double, _ centre: Centre, _ column: Int
  ) -> Double {
    let spread = spreads[column]
    let noise = error * error + centre.errors[column] * centre.errors[column]
    let narrow = noise + Self.jitter * Self.jitter * spread * spread
    let wide = spread * spread + error * error
    let near = value - centre.measured[column]
    // Beyond two deviations of the network a value is rare whoever has it: its rarity says less.
    let far = min((value - middles[column]).magnitude, 2 * wide.squareRoot())
    return min(
      max(
        0.5 * (Portable.log(wide / narrow) + far * far / wide - near * near / narrow), -1.5), 2)
  }

  /// Two nodes of the network lie within `mass` of each other with a chance of 2m − m²; those of one
  /// machine more often so, with a density of 0.3 c^(−0.7) over that chance c.
  private static func exactRatio(_ mass: Double) -> Double {
    let chance = min(max(2 * mass - mass * mass, 1e-3), 1)
    return -1.204 - 0.7 * Portable.log(chance)
  }
}
