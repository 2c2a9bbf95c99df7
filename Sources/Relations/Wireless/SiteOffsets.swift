import ExactMath
import Profiles

/// How much better or worse than its distance says each node hears, and is heard: medians over its
/// links, each less the other end's own, as in Tukey's median polish.
struct SiteOffsets: Sendable {
  /// dB; NaN under `minimumLinks`.
  private(set) var hears: [Double]
  private(set) var isHeard: [Double]
  private var heardCounts: [Int]
  private var sentCounts: [Int]
  /// Robust deviation of each over the nodes.
  private var hearsSpread = Double.nan
  private var isHeardSpread = Double.nan
  private let deviation: Double
  /// How much stronger each node is heard than it hears the same peers, dB; NaN under
  /// `minimumPairs`. Path, shadow, antennas and site are the same both ways: what is left is power,
  /// and the receivers' errors of a decibel or two.
  private(set) var asymmetry: [Double]
  private var asymmetrySpread = Double.nan
  private let isUnheard: [Bool]

  static let minimumLinks = 5
  private static let minimumPairs = 4

  init(_ network: RadioNetwork, _ model: PathLossModel) {
    hears = Array(repeating: .nan, count: network.count)
    isHeard = hears
    heardCounts = Array(repeating: 0, count: network.count)
    sentCounts = heardCounts
    deviation = model.deviation
    asymmetry = Self.asymmetries(network)
    isUnheard = (0..<network.count).map { Self.isUnheard($0, network) }
    asymmetrySpread = Self.spread(asymmetry)
    let excess = network.links.map {
      $0.metres >= PathLossModel.shortest ? model.excess($0) : .nan
    }
    for _ in 0..<2 {
      (hears, heardCounts) = Self.medians(network.count) { node in
        network.heard(by: node).map { place in
          excess[place] - Self.known(isHeard[network.links[place].sender])
        }
      }
      (isHeard, sentCounts) = Self.medians(network.count) { node in
        network.sent(by: node).map { place in
          excess[place] - Self.known(hears[network.links[place].receiver])
        }
      }
    }
    hearsSpread = Self.spread(hears)
    isHeardSpread = Self.spread(isHeard)
  }

  private static func known(_ offset: Double) -> Double { offset.isNaN ? 0 : offset }

  private static func medians(
    _ count: Int, _ values: (Int) -> [Double]
  ) -> ([Double], [Int]) {
    var offsets: [Double] = []
    var counts: [Int] = []
    for node in 0..<count {
      let sorted = values(node).filter { !$0.isNaN }.sorted()
      counts.append(sorted.count)
      offsets.append(sorted.count >= minimumLinks ? Quantile.of(sorted, 0.5) : .nan)
    }
    return (offsets, counts)
  }

  private static func spread(_ offsets: [Double]) -> Double {
    let sizes = offsets.filter { !$0.isNaN }.map { abs($0) }.sorted()
    return sizes.count < 20 ? .nan : max(1.4826 * Quantile.of(sizes, 0.5), 1.5)
  }

  private static func asymmetries(_ network: RadioNetwork) -> [Double] {
    (0..<network.count).map { node in
      let differences = network.heard(by: node).compactMap { place -> Double? in
        let there = network.links[place]
        guard let back = network.link(from: node, to: there.sender),
          there.isPowerKnown == back.isPowerKnown, there.metres > 300
        else { return nil }
        return there.loss - back.loss
      }.sorted()
      let strengths = network.heard(by: node).map { network.links[$0].rssi }.sorted()
      // A receiver that hears nothing but the edge of reception may be deaf, not loud.
      guard differences.count >= minimumPairs, Quantile.of(strengths, 0.5) > -128 else {
        return .nan
      }
      return Quantile.of(differences, 0.5)
    }
  }

  /// Whether it sends, hears many that hear others, and is heard by nobody: a radio that makes
  /// anything up need not be there.
  private static func isUnheard(_ node: Int, _ network: RadioNetwork) -> Bool {
    guard let station = network.stations[node], station.beacons >= 3, network.sent(by: node).isEmpty
    else { return false }
    let attentive = network.heard(by: node).count {
      network.heard(by: network.links[$0].sender).count >= 4
    }
    return attentive >= 10
  }

  /// More or less power than claimed, found against each peer both ways; a node that all should
  /// hear and nobody does; or one that is far worse or better than claimed in both directions, more
  /// than a good site is.
  func finding(of node: Int) -> RuleFinding? {
    let links = heardCounts[node] + sentCounts[node]
    func found(_ observed: Double, _ limit: Double) -> RuleFinding {
      RuleFinding(
        .lyingPower, observed: observed, low: -limit, high: limit,
        occurrences: max(links, Self.minimumLinks), minimumOccurrences: Self.minimumLinks)
    }
    let difference = asymmetry[node]
    let limit = max(8, 3.2 * asymmetrySpread)
    // A noisy site hears only what fades upwards, and its peers seem strong: less power than claimed
    // has to be much less.
    if difference >= limit || difference <= -2.5 * limit { return found(difference, limit) }
    if isUnheard[node] { return found(-100, limit) }
    let (hears, heard) = (hears[node], isHeard[node])
    guard hears * heard > 0, min(abs(hears), abs(heard)) >= (hears < 0 ? 10 : 12),
      score(hears, hearsSpread, heardCounts[node]) >= 2.4,
      score(heard, isHeardSpread, sentCounts[node]) >= 2.4
    else { return nil }
    return found(hears < 0 ? max(hears, heard) : min(hears, heard), hears < 0 ? 10 : 12)
  }

  private func score(_ offset: Double, _ spread: Double, _ count: Int) -> Double {
    guard !offset.isNaN, !spread.isNaN else { return 0 }
    // A median of few links strays by itself: 1.25 σ / √n.
    let chance = 1.2533 * deviation / Double(max(count, 1)).squareRoot()
    return abs(offset) / max(spread, chance)
  }
}

extension ReasonCode {
  static let lyingPower = ReasonCode(
    "W9_POWER_OFFSET", bit: 46, .spoof, .medium, unit: "dB",
    text: "All peers find the node stronger or weaker than its claimed power and gain allow.")
}
