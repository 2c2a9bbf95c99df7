import ExactMath
import Profiles

/// What a link of this network loses at a distance: a line over log₁₀ of the metres, by least
/// squares over the shorter half of the links without those more than 2.5 deviations off it.
///
/// Of long links only the lucky ones are heard, which flattens any line through them, and it is long
/// links that liars claim. The slope is kept to what open country and cities show, 20 to 40 dB.
struct PathLossModel: Sendable {
  let intercept: Double
  /// dB a decade.
  let slope: Double
  /// Standard deviation of links around the line, dB.
  let deviation: Double
  /// Share of the links' variance that the distance explains.
  let explained: Double

  /// Links under this length tell more of the claimed positions' rounding than of the air.
  static let shortest = 300.0
  static let minimumLinks = 40

  /// `nil` where there are too few links, or where the distance explains nothing.
  init?(_ links: [RadioNetwork.Link]) {
    var rows: [(x: Double, y: Double)] = []
    for link in links where link.metres >= Self.shortest && link.metres < 300_000 {
      rows.append((Portable.log(link.metres) / 2.302585092994046, link.loss))
    }
    guard rows.count >= Self.minimumLinks else { return nil }
    let middle = Quantile.of(rows.map(\.x).sorted(), 0.5)
    let short = rows.filter { $0.x <= middle }
    var kept = short
    guard var fit = Self.line(kept) else { return nil }
    for _ in 0..<4 {
      let residuals = short.map { abs($0.y - fit.intercept - fit.slope * $0.x) }
      let scale = 1.4826 * Quantile.of(residuals.sorted(), 0.5)
      kept = zip(short, residuals).filter { $0.1 <= 2.5 * max(scale, 0.5) }.map(\.0)
      guard let next = Self.line(kept) else { return nil }
      fit = next
    }
    let slope = min(max(fit.slope, 20), 40)
    let intercept = Quantile.of(kept.map { $0.y - slope * $0.x }.sorted(), 0.5)
    (self.slope, self.intercept) = (slope, intercept)
    deviation = max(
      1.4826 * Quantile.of(short.map { abs($0.y - intercept - slope * $0.x) }.sorted(), 0.5), 1)
    explained = Self.line(rows)?.explained ?? 0
  }

  private static func line(
    _ rows: [(x: Double, y: Double)]
  ) -> (intercept: Double, slope: Double, explained: Double)? {
    let count = Double(rows.count)
    guard rows.count >= 8 else { return nil }
    let meanX = rows.reduce(0) { $0 + $1.x } / count
    let meanY = rows.reduce(0) { $0 + $1.y } / count
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for row in rows {
      xx += (row.x - meanX) * (row.x - meanX)
      xy += (row.x - meanX) * (row.y - meanY)
      yy += (row.y - meanY) * (row.y - meanY)
    }
    guard xx > 0, yy > 0 else { return nil }
    return (meanY - xy / xx * meanX, xy / xx, xy * xy / (xx * yy))
  }

  func loss(metres: Double) -> Double {
    intercept + slope * Portable.log(max(metres, 50)) / 2.302585092994046
  }

  /// How much stronger a link is than its length suggests, dB; NaN without a length.
  func excess(_ link: RadioNetwork.Link) -> Double {
    link.metres.isNaN ? .nan : loss(metres: link.metres) - link.loss
  }
}
