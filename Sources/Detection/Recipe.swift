/// Which detectors an ensemble joins, and how much of the rows it is fitted to it believes.
///
/// Chosen on the development tables; what else was tried, and what it gave, is in
/// Docs/detection.md.
public struct Recipe: Sendable, Equatable {
  /// The detectors of one geometry.
  public struct Space: Sendable, Equatable {
    public let geometry: Geometry
    public let measures: [Measure]

    public init(_ geometry: Geometry, _ measures: [Measure]) {
      self.geometry = geometry
      self.measures = measures
    }
  }

  public let spaces: [Space]
  /// Share of the rows that is left out of the reference as too strange; 0 to believe them all.
  public let trimmedShare: Double
  /// Rows that the reference is thinned to.
  public let referenceRows: Int

  public init(spaces: [Space], trimmedShare: Double, referenceRows: Int) {
    self.spaces = spaces
    self.trimmedShare = trimmedShare
    self.referenceRows = referenceRows
  }

  /// Whether an ensemble can be made by it.
  var isUsable: Bool {
    let neighbours = spaces.flatMap(\.measures).map { measure in
      switch measure {
      case .neighbour(let k), .localRatio(let k): k
      case .kernelVariance, .mahalanobis, .mixture: 1
      }
    }
    return !spaces.isEmpty
      && spaces.allSatisfy { !$0.measures.isEmpty && $0.measures.ratios.count <= 1 }
      && neighbours.allSatisfy { (1...1024).contains($0) } && referenceRows >= 1
      && (0...1).contains(trimmedShare)
  }

  /// For rows some of which are what is looked for: a quarter is left out, and places are judged
  /// by the fifth and the tenth neighbour, which a small cluster of strange rows cannot fake.
  public static let contaminated = Recipe(
    spaces: [
      Space(.standardised, distances), Space(.compressed, distances), Space(.copula, distances),
    ],
    trimmedShare: 0.25, referenceRows: 2048)

  private static let distances: [Measure] = [.neighbour(5), .neighbour(10)]

  /// For rows that are all honest: the nearest of them counts, and more of them are kept.
  public static let clean = Recipe(
    spaces: [
      Space(.standardised, [.neighbour(1), .mixture]),
      Space(.copula, [.neighbour(1), .localRatio(20), .kernelVariance]),
    ],
    trimmedShare: 0, referenceRows: 16_384)

  /// For a network's nodes: contaminated, and with an eye on how features hang together, which an
  /// attacker who forges one of them breaks.
  public static let nodes = Recipe(
    spaces: [
      Space(.standardised, distances), Space(.compressed, distances + [.mahalanobis]),
      Space(.copula, distances),
    ],
    trimmedShare: 0.25, referenceRows: 2048)
}
