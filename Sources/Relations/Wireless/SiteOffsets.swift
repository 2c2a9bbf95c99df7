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

  static let minimumLinks = 5

  init(_ network: RadioNetwork, _ model: PathLossModel) {
    hears = Array(repeating: .nan, count: network.count)
    isHeard = hears
    heardCounts = Array(repeating: 0, count: network.count)
    sentCounts = heardCounts
    deviation = model.deviation
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

  /// An offset in both directions, or a very large one in either, that four in a thousand good and
  /// bad sites of this network do not have.
  func finding(of node: Int) -> RuleFinding? {
    let (hears, heard) = (hears[node], isHeard[node])
    let hearsScore = score(hears, hearsSpread, heardCounts[node])
    let heardScore = score(heard, isHeardSpread, sentCounts[node])
    let isMutual =
      hears * heard > 0 && min(hearsScore, heardScore) >= 2.7
      && min(abs(hears), abs(heard)) >= 5
    let isOneSided =
      (hearsScore >= 4.5 && abs(hears) >= 9) || (heardScore >= 4.5 && abs(heard) >= 9)
    guard isMutual || isOneSided else { return nil }
    let largest = heard.isNaN || abs(hears) > abs(heard) ? hears : heard
    return RuleFinding(
      .lyingPower, observed: largest, low: -4 * hearsSpread, high: 4 * hearsSpread,
      occurrences: heardCounts[node] + sentCounts[node],
      minimumOccurrences: Self.minimumLinks)
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
