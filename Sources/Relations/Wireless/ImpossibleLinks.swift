import Profiles

/// Links that no radio makes over the claimed distance, and the ends that are to blame for them.
struct ImpossibleLinks: Sendable {
  /// Of a node to blame: how many of its links are impossible, of how many, and their other ends.
  struct Blame: Sendable {
    var count: Int
    var links: Int
    var farthest: Double
    var peers: [Int]
  }

  let blamed: [Int: Blame]

  /// No gateway on land hears another beyond this, whatever tower it is on: the horizon of two
  /// mountains of 1,000 m is 260 km away.
  private static let horizon = 300_000.0
  private static let minimumCount = 3

  /// Whoever has the largest share of impossible links is blamed first, and what it explains does
  /// not count against others: half of the links of an honest node may lead to liars.
  init(_ network: RadioNetwork) {
    var bad: [[Int]] = Array(repeating: [], count: network.count)
    var total = [Int](repeating: 0, count: network.count)
    for (place, link) in network.links.enumerated() {
      total[link.receiver] += 1
      total[link.sender] += 1
      guard Self.isImpossible(link) else { continue }
      bad[link.receiver].append(place)
      bad[link.sender].append(place)
    }
    let suspects = bad.indices.filter { bad[$0].count >= Self.minimumCount }
    var blamed: [Int: Blame] = [:]
    for percent in stride(from: 90, through: 30, by: -10) {
      var now: [(node: Int, blame: Blame)] = []
      for node in suspects where blamed[node] == nil {
        let own = bad[node].map { network.links[$0] }.filter { link in
          blamed[link.receiver == node ? link.sender : link.receiver] == nil
        }
        guard own.count >= Self.minimumCount, own.count * 100 >= total[node] * percent else {
          continue
        }
        now.append(
          (
            node,
            Blame(
              count: own.count, links: total[node], farthest: own.map(\.metres).max() ?? .nan,
              peers: Set(own.map { $0.receiver == node ? $0.sender : $0.receiver }).sorted())
          ))
      }
      for one in now { blamed[one.node] = one.blame }
    }
    self.blamed = blamed
  }

  /// More than 10 dB stronger than free space, a kilometre taken off for rounded positions, or past
  /// the horizon.
  private static func isImpossible(_ link: RadioNetwork.Link) -> Bool {
    guard link.metres > 2000 else { return false }
    if link.metres > horizon { return true }
    let loss =
      link.isBudgetKnown
      ? link.loss : RadioPhysics.highestEIRP + RadioPhysics.assumedGain - link.rssi
    let least = RadioPhysics.freeSpaceLoss(
      metres: link.metres - 1000, megahertz: link.megahertz)
    return loss < least - 10
  }
}
