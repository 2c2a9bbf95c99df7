import ExactMath
import Profiles

/// Plants beside others of their make, and under the sky that stations around them measure.
struct MeterPeers {
  private(set) var findings: [Int: [RuleFinding]] = [:]

  private static let fewest = 8

  private struct Plant {
    let station: Int
    let meter: MeterTrace
    let latitude: Double
    /// Share of a clear sky around it; NaN where nobody measures it.
    let clearness: Double
  }

  init(_ stations: [WeatherStation], _ weather: (Int) -> NeighbourWeather?) {
    var makes: [String: [Plant]] = [:]
    var models: [String: [Plant]] = [:]
    for (index, station) in stations.enumerated() {
      guard let meter = station.trace.meter, let place = station.trace.position else { continue }
      let plant = Plant(
        station: index, meter: meter, latitude: place.latitude,
        clearness: weather(index)?.clearness ?? .nan)
      if !meter.model.isEmpty { models[meter.model, default: []].append(plant) }
      if !meter.make.isEmpty { makes[meter.make, default: []].append(plant) }
      judgeClouds(index, meter, weather(index))
    }
    for model in models.keys.sorted() { judgeLimit(models[model] ?? []) }
    for make in makes.keys.sorted() {
      let plants = makes[make] ?? []
      judgeNights(plants)
      judgeYields(plants)
    }
  }

  private mutating func add(
    _ station: Int, _ reason: ReasonCode, _ observed: Double, high: Double, occurrences: Int = 1,
    minimum: Int = 1
  ) {
    findings[station, default: []].append(
      RuleFinding(
        reason, observed: observed, high: high, occurrences: occurrences,
        minimumOccurrences: minimum))
  }

  // MARK: Night

  /// A make of which next to nobody produces at night has no battery.
  private mutating func judgeNights(_ plants: [Plant]) {
    let seen = plants.filter { $0.meter.nightReadings >= 6 }
    guard seen.count >= Self.fewest else { return }
    let awake = seen.filter { $0.meter.nightProducing * 4 >= $0.meter.nightReadings }
    // Nine of ten sleep, and they are plants: they produce by day.
    let asleep = seen.filter { $0.meter.nightProducing == 0 }
    guard awake.count * 8 <= seen.count, asleep.count * 10 >= seen.count * 8,
      asleep.count(where: { $0.meter.peak > 20 }) * 2 >= asleep.count
    else { return }
    for plant in awake
    where !plant.meter.isStorage && !plant.meter.isTwoWay
      && plant.meter.nightShare >= MeterTrace.mostFromBattery
    {
      add(
        plant.station, EnvironmentRelation.nightUnlikePeers, plant.meter.nightPower, high: 0,
        occurrences: plant.meter.nightProducing, minimum: 3)
    }
  }

  // MARK: Yield

  /// Yield by the rating, held against plants of the make at about the same latitude: roofs slope
  /// more where the sun stands low.
  private mutating func judgeYields(_ plants: [Plant]) {
    let rated = plants.filter { $0.meter.rating > 0 && !$0.meter.isStorage && !$0.meter.isTwoWay }
    guard rated.count >= Self.fewest, Self.areRatings(rated) else { return }
    for plant in rated {
      let peers = rated.filter { $0.station != plant.station }
      judgePeak(plant, peers)
      let near = peers.filter { ($0.latitude.magnitude - plant.latitude.magnitude).magnitude < 12 }
      judgeYield(plant, near)
    }
  }

  /// Whether the numbers in the names are ratings: of different numbers, larger plants give more,
  /// and hardly any gives more than its own.
  private static func areRatings(_ plants: [Plant]) -> Bool {
    if plants.allSatisfy(\.meter.isStated) { return true }
    guard Set(plants.map(\.meter.rating)).count >= 3 else { return false }
    let shares = plants.map { $0.meter.peak / $0.meter.rating }.sorted()
    return shares[shares.count * 8 / 10] <= 1.1 && shares[shares.count * 9 / 10] >= 0.3
  }

  /// An inverter cuts off at its rating; the yield has to be as far off as the peak, so that a name
  /// that states another rating does not reject.
  private mutating func judgePeak(_ plant: Plant, _ peers: [Plant]) {
    let shares = peers.map { $0.meter.peak / $0.meter.rating }.sorted()
    let yields = peers.map { $0.meter.yield / $0.meter.rating }.filter { !$0.isNaN }.sorted()
    guard shares.count >= Self.fewest, yields.count >= Self.fewest else { return }
    let limit = 1.3 * max(shares[shares.count * 3 / 4], 1)
    let own = plant.meter.peak / plant.meter.rating
    let yield = plant.meter.yield / plant.meter.rating
    guard own > limit, yield > 1.3 * yields[yields.count * 3 / 4] else { return }
    add(plant.station, EnvironmentRelation.beyondRating, own, high: limit)
  }

  /// Inverters of one model cut off at one power: where the highest peaks of the model pile up
  /// there, a plant a tenth above them is none of it. A name that plants of all sizes share has no
  /// such pile, or a wide range of peaks.
  private mutating func judgeLimit(_ plants: [Plant]) {
    let plain = plants.filter { !$0.meter.isTwoWay && $0.meter.peak > 100 }
    let peaks = plain.map(\.meter.peak).sorted()
    guard peaks.count >= 2 * Self.fewest else { return }
    // Up to an eighth may be above it.
    let limits = peaks[(peaks.count / 2)...].filter { peak in
      let pile = peaks.count { $0 <= peak && $0 > 0.985 * peak }
      let above = peaks.count { $0 > 1.03 * peak }
      return pile >= max(4, peaks.count / 8) && above * 8 <= peaks.count
    }
    guard let limit = limits.last, limit < 1.6 * peaks[peaks.count / 2] else { return }
    for plant in plain where plant.meter.peak > 1.1 * limit {
      add(plant.station, EnvironmentRelation.beyondPeers, plant.meter.peak, high: 1.1 * limit)
    }
  }

  private mutating func judgeYield(_ plant: Plant, _ peers: [Plant]) {
    let own = plant.meter.yield / plant.meter.rating
    let yields = peers.map { $0.meter.yield / $0.meter.rating }.filter { !$0.isNaN }.sorted()
    guard yields.count >= Self.fewest, !own.isNaN else { return }
    // Nine of ten peers give less, under whatever sky; another quarter is a better roof.
    let limit = 1.25 * yields[yields.count * 9 / 10]
    // Under the measured sky: the peers' yield for each share of a clear sky.
    let measured = peers.compactMap { peer -> Double? in
      let value = peer.meter.yield / peer.meter.rating / peer.clearness
      return peer.clearness > 0.1 && !value.isNaN ? value : nil
    }.sorted()
    var share = own / limit
    if measured.count >= Self.fewest, plant.clearness > 0.1 {
      let usual = measured[measured.count / 2]
      share = max(share, own / plant.clearness / (1.45 * usual))
    }
    guard share > 1 else { return }
    add(plant.station, EnvironmentRelation.beyondPeers, share * limit, high: limit)
  }

  // MARK: Clouds

  /// Power that follows a clear sky while clouds pass over the stations around.
  private mutating func judgeClouds(
    _ index: Int, _ meter: MeterTrace, _ weather: NeighbourWeather?
  ) {
    guard let weather, meter.peak > 20, !meter.isTwoWay,
      let ratio = CloudCourse.missing(meter.variation, during: meter.sky, weather)
    else { return }
    add(index, EnvironmentRelation.noClouds, ratio, high: CloudCourse.most)
  }
}

/// How much clouds change a course of the light.
enum CloudCourse {
  /// How many times steadier than the neighbours' light is no sensor under the same clouds: a clear
  /// sky over one plant and clouds over half of the others would still be within it.
  static let most = 4.0

  /// How many times more the neighbours' light varies than a station's; `nil` where it is at most
  /// four times, where the station's varies by 6 % or more, or where clouds changed the neighbours'
  /// by less than an eighth.
  ///
  /// - Parameter variation: standard deviation over mean of the share of a clear sky.
  static func missing(
    _ variation: Double, during course: HourlyCourse, _ weather: NeighbourWeather
  ) -> Double? {
    guard variation < 0.06, weather.clearness > 0.05, let sky = weather.courses[.sky] else {
      return nil
    }
    var values: [Double] = []
    for (offset, value) in course.values.enumerated() where !value.isNaN {
      let found = sky[course.first + Int64(offset)]
      if !found.isNaN { values.append(found) }
    }
    guard values.count >= 4 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    // The neighbours' course is without its level.
    let others = (squares / Double(values.count)).squareRoot() / weather.clearness
    let ratio = others / max(variation, 0.001)
    return others >= 0.12 && ratio > most ? ratio : nil
  }
}
