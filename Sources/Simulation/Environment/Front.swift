import ExactMath

/// A line in the air that crosses a region: other air behind it, rain along it.
struct Front: Sendable {
  /// When it passes the region's centre.
  private let time: Double
  /// Seconds later per kilometre to the east and north.
  private let east: Double
  private let north: Double
  /// Kelvin colder (or, for a warm front, warmer) behind it, and drier.
  private let drop: Double
  private let drying: Double
  /// hPa of the trough along it.
  private let trough: Double
  private let veer: (east: Double, north: Double)
  private let rain: Double
  /// Seconds that the change takes.
  private let width: Double

  init(passing time: Double, strength: Double, _ random: inout RandomStream) {
    self.time = time
    let direction = random.uniform(-1.0, 0.6)
    let delay = 1000 / random.uniform(7, 16)
    east = delay * Portable.cos(direction)
    north = delay * Portable.sin(direction)
    let isCold = random.chance(0.7)
    drop = strength * (isCold ? random.uniform(2.5, 8) : -random.uniform(1.5, 4))
    drying = isCold ? drop * random.uniform(0.5, 1.3) : -random.uniform(2, 4)
    trough = strength * random.uniform(2, 8)
    veer = (strength * random.uniform(0, 4), -strength * random.uniform(1, 5))
    rain = random.chance(0.75) ? strength * random.uniform(0.8, 6) : 0
    width = isCold ? random.uniform(900, 3000) : random.uniform(4000, 9000)
  }

  func act(on air: inout AirMass, _ x: Double, _ y: Double, _ now: Double) {
    let past = now - time - east * x - north * y
    guard past > -3 * 86_400, past < 6 * 86_400 else { return }
    let distance = (past * past + width * width).squareRoot()
    let behind = 0.5 + 0.5 * past / distance
    let fading = Portable.exp(-max(past, 0) / 140_000)
    let near = Portable.exp(-distance / 40_000)
    air.warmth += drop * (0.35 * near * (1 - behind) - behind * fading)
    air.moisture += drying * (0.4 * near * (1 - behind) - behind * fading)
    air.pressure -= trough * near
    air.east += veer.east * behind * fading
    air.north += veer.north * (behind * fading - 0.6 * near * (1 - behind))
    let overcast = (past + 3600) / 15_000
    air.cloud += 0.75 * Portable.exp(-overcast * overcast)
    guard rain > 0 else { return }
    let band = past / 5000
    air.rain += rain * Portable.exp(-band * band)
  }
}
