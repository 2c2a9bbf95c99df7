import ExactMath
import Profiles

/// Nodes of one network group that behave as one.
///
/// A hosting provider's nodes share a group too, and differ like any others. How alike two nodes
/// of one region are by chance is measured on pairs from different groups.
struct StorageGroups {
  private let network: StorageNetwork
  /// Ascending values of each behaviour over all nodes.
  private let order: [[Float]]
  private let groups: [[Int]]
  private var limits = (twins: 0.0, kin: 0.0)

  /// Behaviours that two nodes must have in common to be compared.
  private static let leastBehaviours = 5

  init(_ network: StorageNetwork) {
    self.network = network
    order = (0..<StorageTrace.behaviours).map { column in
      network.traces.compactMap { $0?.behaviour[column] }.filter { !$0.isNaN }.sorted()
    }
    groups = Self.groups(network, by: \.inetGroup).filter { $0.count >= 2 }

    limits = chanceLimits()
  }

  /// Nodes by a hash that is not zero, in order of their first node.
  static func groups(
    _ network: StorageNetwork, by key: KeyPath<StorageTrace, UInt64>
  ) -> [[Int]] {
    var places: [UInt64: Int] = [:]
    var groups: [[Int]] = []
    for (node, trace) in network.traces.enumerated() {
      guard let trace, trace[keyPath: key] != 0 else { continue }
      if let place = places[trace[keyPath: key]] {
        groups[place].append(node)
      } else {
        places[trace[keyPath: key]] = groups.count
        groups.append([node])
      }
    }
    return groups
  }

  /// How much more alike two nodes are than chance: the sum over behaviours of −ln of the chance
  /// that two nodes of the network lie as close, less its mean, in deviations. NaN where they share
  /// too few behaviours.
  private func likeness(_ one: Int, _ other: Int) -> Double {
    guard let a = network.traces[one]?.behaviour, let b = network.traces[other]?.behaviour else {
      return .nan
    }
    var sum = 0.0
    var count = 0.0
    for column in a.indices where !a[column].isNaN && !b[column].isNaN {
      let values = order[column]
      let low = Self.place(of: min(a[column], b[column]), in: values, after: false)
      let high = Self.place(of: max(a[column], b[column]), in: values, after: true)
      let mass = Double(high - low) / Double(values.count)
      sum -= Portable.log(2 * mass - mass * mass)
      count += 1
    }
    return count < Double(Self.leastBehaviours) ? .nan : (sum - count) / count.squareRoot()
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

  /// What one pair of strangers in 500 and one in 33 is beyond: of one region, in different groups, of different
  /// owners.
  private func chanceLimits() -> (twins: Double, kin: Double) {
    var byRegion: [[Int]] = Array(repeating: [], count: network.regionCount)
    for (node, region) in network.regions.enumerated() where network.traces[node] != nil {
      byRegion[region].append(node)
    }
    var found: [Double] = []
    for step in [1, 7, 31, 101] where found.count < 40_000 {
      for nodes in byRegion where nodes.count > step {
        let stride = max(1, network.traces.count / 20_000)
        for place in Swift.stride(from: 0, to: nodes.count - step, by: stride) {
          guard let one = network.traces[nodes[place]],
            let other = network.traces[nodes[place + step]],
            one.inetGroup == 0 || one.inetGroup != other.inetGroup,
            one.owner == 0 || one.owner != other.owner
          else { continue }
          found.append(likeness(nodes[place], nodes[place + step]))
        }
      }
    }
    let sorted = Statistics.sorted(found)
    guard sorted.count >= 200 else { return (5, 4) }
    return (max(Quantile.of(sorted, 0.998), 2.5), max(Quantile.of(sorted, 0.97), 1.6))
  }

  /// The others that the node is like, where they are too many for chance: two beyond what one pair
  /// in 500 is, or three and most of the group beyond what one in 33 is.
  private func alike(_ found: [(likeness: Double, node: Int)]) -> [(likeness: Double, node: Int)] {
    let twins = found.filter { $0.likeness > limits.twins }
    if twins.count >= 2, twins.count * 4 >= found.count { return twins }
    let kin = found.filter { $0.likeness > limits.kin }
    return kin.count >= 3 && kin.count * 4 >= found.count * 3 ? kin : []
  }

  func report(to outcome: inout StorageOutcome) {
    for group in groups {
      // Every pair of a group is compared; beyond that many, every node with as many others.
      let reach = min(group.count - 1, 128)
      for (place, node) in group.enumerated() {
        outcome.set(
          .groupSize, of: node, to: Portable.log(Double(group.count)) / 0.6931471805599453)
        guard group.count >= 3 else { continue }
        var found: [(likeness: Double, node: Int)] = []
        for step in 1...reach {
          let other = group[(place + step) % group.count]
          let likeness = likeness(node, other)
          if !likeness.isNaN { found.append((likeness, other)) }
        }
        found.sort { ($1.likeness, $0.node) < ($0.likeness, $1.node) }
        guard found.count >= 2 else { continue }
        outcome.set(.likeness, of: node, to: found[1].likeness)
        let alike = alike(found)
        guard alike.count >= 2 else { continue }
        outcome.add(
          .storageOneBehaviour, to: node, observed: Double(alike.count + 1), high: 1,
          occurrences: alike.count, minimum: 2, peers: alike.map(\.node).sorted())
      }
    }
  }
}
