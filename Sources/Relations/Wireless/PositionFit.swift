import ExactMath
import Profiles

/// Whether a node's links fit the place it claims, or another one better.
///
/// Each link counts (loss − expected − node's own offset)² / σ², at most 2.5². Over a network's own
/// path-loss line that is a clipped log-likelihood; the offset, a good or bad site, is free.
struct PositionFit: Sendable {
  /// Mean square in units of σ² at the claimed place, and at the best one.
  var claimed = Double.nan
  var best = Double.nan
  /// Metres from the claimed place to the best, to the east and to the north.
  var east = 0.0
  var north = 0.0
  /// Links it rests on.
  var links = 0

  /// Metres from the claimed place to the best.
  var metres: Double { (east * east + north * north).squareRoot() }

  /// Twice the gain in log-likelihood.
  var gain: Double { (claimed - best) * Double(links) }

  private struct Anchor {
    var x: Double
    var y: Double
    var loss: Double
  }

  static let minimumLinks = 5
  /// Mean squares up to this are what honest nodes have: no search.
  private static let unremarkable = 1.3
  /// Links of a node that count, heard first.
  static let mostAnchors = 48

  init() {}

  /// - Parameter trusts: the other ends whose positions count.
  init(of node: Int, in network: RadioNetwork, model: PathLossModel, trusts: (Int) -> Bool) {
    guard let station = network.stations[node], let here = station.position else { return }
    let eastward = Self.metresPerDegree(at: here)
    var anchors: [Anchor] = []
    func add(_ place: Position, _ loss: Double) {
      var east = place.longitude - here.longitude
      if east > 180 { east -= 360 } else if east < -180 { east += 360 }
      anchors.append(
        Anchor(
          x: east * eastward, y: (place.latitude - here.latitude) * Self.degree,
          loss: loss))
    }
    for link in network.links(of: node).prefix(Self.mostAnchors) {
      let other = link.receiver == node ? link.sender : link.receiver
      guard trusts(other), let place = network.stations[other]?.position else { continue }
      add(place, link.loss)
    }
    let gain = station.gain.isNaN ? RadioNetwork.usualGain : station.gain
    for device in station.devices {
      guard let place = Position(Double(device.latitude), Double(device.longitude)) else {
        continue
      }
      // Devices radiate 14 dBm as a rule.
      add(place, RadioNetwork.usualPower + gain - Double(device.rssi))
    }
    links = anchors.count
    guard anchors.count >= Self.minimumLinks else { return }
    claimed = Self.score(anchors, 0, 0, model)
    best = claimed
    guard claimed > Self.unremarkable else { return }
    search(anchors, model)
  }

  private mutating func search(_ anchors: [Anchor], _ model: PathLossModel) {
    var (x, y) = (0.0, 0.0)
    // Beside each of those heard, and in their middle.
    let middleX = Quantile.of(anchors.map(\.x).sorted(), 0.5)
    let middleY = Quantile.of(anchors.map(\.y).sorted(), 0.5)
    for place in anchors.map({ ($0.x, $0.y) }) + [(middleX, middleY)] {
      let score = Self.score(anchors, place.0, place.1, model)
      if score < best { (best, x, y) = (score, place.0, place.1) }
    }
    var step = 4000.0
    var rounds = 0
    while step >= 250, rounds < 60 {
      rounds += 1
      var moved = false
      for (dx, dy) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
        let score = Self.score(anchors, x + dx * step, y + dy * step, model)
        if score < best {
          (best, x, y) = (score, x + dx * step, y + dy * step)
          moved = true
          break
        }
      }
      if !moved { step /= 2 }
    }
    (east, north) = (x, y)
  }

  /// Metres of a degree of latitude.
  private static let degree = 111_195.0

  /// Metres of a degree of longitude.
  private static func metresPerDegree(at place: Position) -> Double {
    Portable.cos(place.latitude * 0.017453292519943295) * degree
  }

  /// The best place; `nil` where none is better than the claimed one.
  func place(from claimed: Position) -> Position? {
    guard metres > 0 else { return nil }
    var longitude = claimed.longitude + east / Self.metresPerDegree(at: claimed)
    if longitude > 180 { longitude -= 360 } else if longitude < -180 { longitude += 360 }
    return Position(claimed.latitude + north / Self.degree, longitude)
  }

  private static func score(
    _ anchors: [Anchor], _ x: Double, _ y: Double, _ model: PathLossModel
  ) -> Double {
    let residuals = anchors.map { anchor in
      let dx = anchor.x - x
      let dy = anchor.y - y
      return anchor.loss - model.loss(metres: (dx * dx + dy * dy).squareRoot())
    }
    // A site may be good or bad by a few decibels, not by as many as a wrong place takes.
    let offset = min(max(Quantile.of(residuals.sorted(), 0.5), -5), 5)
    let limit = 2.5 * model.deviation
    var sum = 0.0
    for residual in residuals {
      let clipped = min(abs(residual - offset), limit) / model.deviation
      sum += clipped * clipped
    }
    return sum / Double(residuals.count)
  }
}
