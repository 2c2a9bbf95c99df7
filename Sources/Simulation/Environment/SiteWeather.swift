import ExactMath

/// A place where a station stands.
struct Site: Sendable {
  enum Setting: Sendable {
    case open
    /// Shaded by slopes, cold at night, little wind.
    case valley
    /// In a basin that stays in fog all day.
    case fog
  }

  let regionNumber: Int
  /// Kilometres east and north of the region's centre.
  let x: Double
  let y: Double
  let latitude: Double
  let longitude: Double
  let elevation: Double
  var setting = Setting.open
}

/// Air as it is at a site.
struct SiteAir: Sendable {
  var temperature: Double
  var dewPoint: Double
  var pressure: Double
  /// Mean speed 10 m above open ground, m/s, and where it comes from, degrees.
  var wind: Double
  var direction: Double
  /// W/m² on the horizontal.
  var solar: Double
  var uv: Double
  /// mm/h.
  var rain: Double
  /// Sine of the sun's elevation.
  var sun: Double
}

/// The weather of one site from one time to another.
///
/// Air masses are taken every ten minutes. The ground's warmth follows sun and clouds with a
/// memory of three hours, run up over 30 hours, so that it does not depend on where a day begins
/// (what is left of the start is below 10⁻⁴).
struct SiteWeather: Sendable {
  let weather: RegionWeather
  let site: Site
  private let sun: Sun
  private let start: Double
  private var masses: [AirMass] = []
  /// Warmth of the ground, K.
  private var ground: [Double] = []

  private static let step = 600.0
  private static let memory = 10_800.0

  /// - Parameter warmUp: seconds to run up the ground's warmth; 0 where only the light matters.
  init(
    _ weather: RegionWeather, _ site: Site, from: Double, to: Double, warmUp: Double = 108_000
  ) {
    self.weather = weather
    self.site = site
    sun = Sun(latitude: site.latitude, longitude: site.longitude)
    start = (from / Self.step).rounded(.down) * Self.step - warmUp
    let count = Int((to - start) / Self.step) + 3
    let fronts = weather.fronts(from: start, to: to)
    let kept = Portable.exp(-Self.step / Self.memory)
    let gain = 0.011 + 0.0009 * weather.region.depression
    var warmth = 0.0
    masses.reserveCapacity(count)
    ground.reserveCapacity(count)
    for place in 0..<count {
      let time = start + Double(place) * Self.step
      let mass = weather.air(site.x, site.y, at: time, fronts: fronts)
      let cloud = weather.cloud(site.x, site.y, at: time, base: mass.cloud)
      let solar = Self.solar(sine: sun.sine(at: time), cloud: cloud)
      let goal = gain * solar - 6 * (1 - 0.75 * cloud)
      warmth = goal + (warmth - goal) * kept
      masses.append(mass)
      ground.append(warmth)
    }
  }

  /// Clouds take up to 76 % of the light: F. Kasten and G. Czeplak, "Solar and terrestrial
  /// radiation dependent on the amount and type of cloud", Solar Energy 24 (1980). The edges of
  /// broken clouds add up to a tenth.
  private static func solar(sine: Double, cloud: Double) -> Double {
    let clear = Sun.clearSky(sine: sine)
    guard clear > 0 else { return 0 }
    let square = cloud * cloud
    let broken = max(1 - 16 * (cloud - 0.38) * (cloud - 0.38), 0)
    let taken = 0.76 * square * cloud * Portable.exp(-0.4 * (1 - cloud))
    return clear * (1 - taken) * (1 + 0.1 * broken)
  }

  /// Light on the horizontal, W/m², and what a clear sky would give.
  func light(at time: Double) -> (solar: Double, clear: Double, sine: Double) {
    let place = (time - start) / Self.step
    let index = min(max(Int(place), 0), masses.count - 2)
    let share = place - Double(index)
    let base = masses[index].cloud + share * (masses[index + 1].cloud - masses[index].cloud)
    let cloud = weather.cloud(site.x, site.y, at: time, base: base)
    let sine = sun.sine(at: time)
    return (Self.solar(sine: sine, cloud: cloud), Sun.clearSky(sine: sine), sine)
  }

  func air(at time: Double) -> SiteAir {
    let place = (time - start) / Self.step
    let index = min(max(Int(place), 0), masses.count - 2)
    let share = place - Double(index)
    let mass = masses[index].mixed(with: masses[index + 1], share)
    let warmth = ground[index] + share * (ground[index + 1] - ground[index])
    let cloud = weather.cloud(site.x, site.y, at: time, base: mass.cloud)
    let sine = sun.sine(at: time)
    var air = SiteAir(
      temperature: 0, dewPoint: 0, pressure: 0, wind: 0, direction: 0,
      solar: Self.solar(sine: sine, cloud: cloud), uv: 0,
      rain: weather.rain(site.x, site.y, at: time, cloud: cloud, front: mass.rain), sun: sine)
    if sine > 0 {
      let clear = 12.5 * sine * sine * sine.squareRoot()
      air.uv = clear * (1 - 0.65 * cloud * cloud * cloud)
    }
    settle(&air, mass, warmth: warmth, time)
    air.pressure = pressure(mass, at: time)
    let speed = (mass.east * mass.east + mass.north * mass.north).squareRoot()
    air.wind = speed * (0.6 + 0.5 * min(air.solar / 800, 1)) * calm
    let angle = Portable.atan2(y: -mass.east, x: -mass.north) * 180 / Double.pi
    air.direction = angle < 0 ? angle + 360 : angle
    return air
  }

  private var calm: Double {
    switch site.setting {
    case .open: 1
    case .valley: 0.45
    case .fog: 0.12
    }
  }

  /// Temperature and dew point, and what the setting does to the sun.
  private func settle(_ air: inout SiteAir, _ mass: AirMass, warmth: Double, _ time: Double) {
    let region = weather.region
    let season = region.seasonal(time) - 0.0065 * (site.elevation - region.elevation)
    let dew = season - region.depression - 1 + mass.moisture + 0.15 * warmth
    switch site.setting {
    case .open: air.temperature = season + mass.warmth + warmth
    case .valley:
      air.temperature = season + mass.warmth + (warmth < 0 ? 1.9 : 0.9) * warmth
      // Slopes hide the sun up to 20° above the horizon: the sky alone gives a tenth.
      if air.sun < 0.342 {
        air.solar *= 0.1
        air.uv *= 0.3
      }
    case .fog:
      air.temperature = season - 3 + 0.12 * mass.warmth + 0.03 * warmth
      air.solar *= 0.16
      air.uv *= 0.3
      air.rain = 0
    }
    air.dewPoint = air.rain > 0.2 ? max(dew, air.temperature - 1.2) : dew
    if site.setting == .fog { air.dewPoint = air.temperature - 0.03 }
    air.dewPoint = min(air.dewPoint, air.temperature - 0.05)
  }

  /// At the site's height, with the tides of the air: highest near 10 and 22 h local solar time.
  private func pressure(_ mass: AirMass, at time: Double) -> Double {
    let region = weather.region
    let hour = sun.hour(at: time)
    let lean = max(1 - (site.latitude / 75) * (site.latitude / 75), 0)
    let tide =
      1.15 * lean * Portable.cos((hour - 9.7) * Double.pi / 6)
      + 0.45 * lean * Portable.cos((hour - 6) * Double.pi / 12)
    let kelvin =
      273.15 + region.seasonal(time) + mass.warmth + 0.5 * 0.0065 * site.elevation + 1.5
    return (mass.pressure + tide) * Portable.exp(-9.80665 * site.elevation / (287.05 * kelvin))
  }
}
