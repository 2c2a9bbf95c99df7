import ExactMath
import Profiles

/// What a node heard of its peers, around its own best line over the logarithm of the distance.
struct WitnessLine: Sendable {
  let fit: LineFit
  let isWide: Bool
  /// Whether the strengths are mostly the noise's.
  let isChannelPower: Bool
  /// Standard deviation, over links with five receptions, of the logarithm of their deviations.
  let spreadOfDeviations: Double

  static let minimumLinks = 8

  /// `nil` under eight links. Whoever makes signals up takes the peers' claimed power into account
  /// or does not: the better line counts.
  init?(of node: Int, _ network: RadioNetwork) {
    let links = network.heard(by: node).map { network.links[$0] }.filter { $0.metres >= 300 }
    guard links.count >= Self.minimumLinks else { return nil }
    let lengths = links.map { Statistics.log10($0.metres) }
    guard let byLoss = LineFit(lengths, links.map { -$0.loss }),
      let byStrength = LineFit(lengths, links.map(\.rssi))
    else { return nil }
    fit = byLoss.residualDeviation < byStrength.residualDeviation ? byLoss : byStrength
    isWide = (lengths.max() ?? 0) - (lengths.min() ?? 0) >= 0.477
    isChannelPower = network.stations[node]?.isChannelPower ?? false
    let deviations = links.filter { $0.count >= 5 && $0.deviation > 0 }.map {
      Portable.log($0.deviation)
    }
    spreadOfDeviations = deviations.count < 5 ? .nan : Statistics.deviation(deviations)
  }

  /// Real links scatter by 8.9 dB; a calm network's own scatter counts where it is less than 6 dB.
  func finding(deviation: Double?) -> RuleFinding? {
    guard fit.slope < 0, isWide, !isChannelPower, fit.correlation * fit.correlation >= 0.6 else {
      return nil
    }
    let limit = RadioPhysics.smallestScatter(
      links: fit.count, deviation: min(deviation ?? 6, 6))
    guard fit.residualDeviation < limit else { return nil }
    // Fixed links in line of sight lose what free space takes: 20 dB a decade, if not to the decibel.
    if abs(fit.slope + 20) < 4, fit.residualDeviation >= 1 { return nil }
    return RuleFinding(
      .witnessesOnALine, observed: fit.residualDeviation, low: limit, occurrences: fit.count,
      minimumOccurrences: Self.minimumLinks)
  }
}

extension ReasonCode {
  static let witnessesOnALine = ReasonCode(
    "W6_WITNESSES_ON_A_LINE", bit: 44, .spoof, .medium, unit: "dB",
    text: "Peers near and far arrive as a formula says, without hills, walls or trees.")
}
