import ExactMath

/// A vehicle on its way along blocks of 150 to 500 m.
struct MobilityDriving {
  var east = 0.0
  var north = 0.0
  /// m/s and degrees.
  var speed = 0.0
  var heading = 0.0
  /// Metres.
  var driven = 0.0
  private var left = 0.0
  private var limit = 0.0
  private var wait = 0
  private var pace: Double

  init(_ streets: inout ComputeRandom, _ random: inout ComputeRandom) {
    pace = 0.95 + 0.08 * random.noise()
    east = Double.random(in: 0..<8000, using: &streets)
    north = Double.random(in: 0..<8000, using: &streets)
    turn(&streets)
  }

  private mutating func turn(_ streets: inout ComputeRandom) {
    left = Double.random(in: 150..<500, using: &streets)
    limit = [30, 50, 50, 60, 80].randomElement(using: &streets).map { Double($0) / 3.6 } ?? 14
    let turn = [0, 0, -90, 90, -20, 25].randomElement(using: &streets) ?? 0
    heading = (heading + Double(turn) + 360).truncatingRemainder(dividingBy: 360)
  }

  mutating func drive(_ streets: inout ComputeRandom, _ random: inout ComputeRandom) {
    if wait > 0 {
      wait -= 1
      speed = 0
      return
    }
    pace += 0.05 * (0.95 - pace) + 0.02 * random.noise()
    let target = min(limit * pace, (2 * 1.8 * max(left, 1)).squareRoot() + 4)
    speed += min(max(target - speed, -2.5), 1.6)
    let radians = heading * 0.017453292519943295
    east += speed * Portable.sin(radians)
    north += speed * Portable.cos(radians)
    driven += speed
    left -= speed
    if left <= 0 {
      turn(&streets)
      if Double.random(in: 0..<1, using: &random) < 0.35 {
        wait = Int.random(in: 4..<40, using: &random)
      }
    }
  }
}

/// Errors of a receiver, that last about a minute.
struct MobilityNoise {
  var east: Double
  var north: Double
  var up: Double
  var dilution = 0.9

  init(_ random: inout ComputeRandom) {
    east = 2.5 * random.noise()
    north = 2.5 * random.noise()
    up = 3 * random.noise()
  }

  mutating func step(_ random: inout ComputeRandom) {
    let keep = 0.985
    let fresh = (1 - keep * keep).squareRoot()
    east = keep * east + fresh * 2.5 * random.noise()
    north = keep * north + fresh * 2.5 * random.noise()
    up = keep * up + fresh * 3 * random.noise()
    dilution = min(max(dilution + 0.02 * (0.95 - dilution) + 0.03 * random.noise(), 0.6), 2.4)
  }
}
