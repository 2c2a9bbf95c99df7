import ExactMath

/// A crossing of a city's streets, in blocks from its centre.
struct Crossing: Sendable, Hashable {
  var u: Int
  var v: Int

  /// Blocks between two crossings along the streets.
  func blocks(to other: Crossing) -> Int {
    abs(u - other.u) + abs(v - other.v)
  }
}

/// A city whose streets are a function of place: a turned grid, bent by slow waves so that
/// arterials curve. Every vehicle of the city drives the same streets.
struct City: Sendable {
  let latitude: Double
  let longitude: Double
  /// Height of the centre above sea level, and how far hills reach above and below it, in metres.
  let elevation: Double
  let relief: Double
  /// Metres between two streets.
  let block: Double
  /// Seconds that local time is ahead of UTC.
  let utcOffset: Double
  private let turn: (sine: Double, cosine: Double)
  private let bends: [Wave]
  private let hills: [Wave]
  private let degreesPerMetre: (latitude: Double, longitude: Double)

  /// One sine wave over the plane.
  private struct Wave: Sendable {
    let x: Double
    let y: Double
    let phase: Double
    let height: Double

    init(length: Double, height: Double, _ random: inout RandomStream) {
      let direction = random.uniform(0, 2 * Double.pi)
      x = 2 * Double.pi / length * Portable.cos(direction)
      y = 2 * Double.pi / length * Portable.sin(direction)
      phase = random.uniform(0, 2 * Double.pi)
      self.height = height
    }

    func value(_ px: Double, _ py: Double) -> Double {
      height * Portable.sin(x * px + y * py + phase)
    }
  }

  /// A mean radius of the Earth, 6,371,008.8 m: the sphere of a haversine distance.
  static let earthRadius = 6_371_008.8
  /// Centre (degrees), elevation, relief and block length (metres).
  private static let table: [(Double, Double, Double, Double, Double)] = [
    (52.52, 13.40, 38, 14, 150), (40.42, -3.70, 650, 45, 120), (45.76, 4.84, 180, 55, 130),
    (52.23, 21.01, 105, 12, 170), (45.46, 9.19, 120, 8, 140), (51.45, -2.59, 40, 50, 130),
    (30.27, -97.74, 160, 50, 160), (39.74, -104.99, 1610, 40, 130), (41.88, -87.75, 180, 6, 200),
    (43.70, -79.42, 120, 45, 180), (-23.55, -46.63, 760, 50, 120), (-1.29, 36.82, 1680, 60, 150),
    (1.35, 103.85, 20, 14, 160), (34.69, 135.50, 15, 12, 110), (-37.81, 144.96, 35, 30, 200),
  ]

  static var count: Int { table.count }

  init(number: Int, seed: UInt64) {
    let entry = Self.table[number % Self.table.count]
    var random = RandomStream(seed: seed, 0xC17, UInt64(number))
    latitude = entry.0
    longitude = entry.1
    elevation = entry.2
    relief = entry.3
    block = entry.4
    utcOffset = (entry.1 / 15).rounded() * 3600
    let angle = random.uniform(-0.6, 0.6)
    turn = (Portable.sin(angle), Portable.cos(angle))
    var bends: [Wave] = []
    for _ in 0..<4 {
      let length = random.uniform(4500, 9000)
      bends.append(Wave(length: length, height: length * 0.022, &random))
    }
    self.bends = bends
    hills = [
      Wave(length: random.uniform(5000, 9000), height: 0.65 * entry.3, &random),
      Wave(length: random.uniform(2500, 4000), height: 0.35 * entry.3, &random),
    ]
    let perMetre = 180 / (Double.pi * Self.earthRadius)
    degreesPerMetre = (
      perMetre, perMetre / Portable.cos(entry.0 * Double.pi / 180)
    )
  }

  /// Metres east and north of the centre of the point (u, v), given in blocks.
  func place(_ u: Double, _ v: Double) -> (x: Double, y: Double) {
    let x = block * (turn.cosine * u - turn.sine * v)
    let y = block * (turn.sine * u + turn.cosine * v)
    return (
      x + bends[0].value(x, y) + bends[1].value(x, y),
      y + bends[2].value(x, y) + bends[3].value(x, y)
    )
  }

  func place(_ crossing: Crossing) -> (x: Double, y: Double) {
    place(Double(crossing.u), Double(crossing.v))
  }

  /// Height of the ground above sea level, in metres.
  func ground(_ x: Double, _ y: Double) -> Double {
    elevation + hills[0].value(x, y) + hills[1].value(x, y)
  }

  /// How narrow the streets are, from 1 in the centre to 0 in the suburbs: what receivers suffer.
  func canyon(_ x: Double, _ y: Double) -> Double {
    1 / (1 + (x * x + y * y) / 6.25e6)
  }

  func degrees(_ x: Double, _ y: Double) -> (latitude: Double, longitude: Double) {
    (latitude + y * degreesPerMetre.latitude, longitude + x * degreesPerMetre.longitude)
  }

  func metres(latitude: Double, longitude: Double) -> (x: Double, y: Double) {
    (
      (longitude - self.longitude) / degreesPerMetre.longitude,
      (latitude - self.latitude) / degreesPerMetre.latitude
    )
  }
}
