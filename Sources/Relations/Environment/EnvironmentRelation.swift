import ExactMath
import Profiles

/// Stations beside their neighbours: one sky over all of them, and a sensor of its own in each.
enum EnvironmentRelation: Relation {
  static let copy = ReasonCode(
    "E2_COPY", bit: 40, .spoof, .high,
    text: "The measurements are another station's, noise included, with something added.")
  static let twin = ReasonCode(
    "E2_TWIN", bit: 41, .spoof, .medium,
    text: "The noise of the measurements is that of another station.")
  static let farm = ReasonCode(
    "E7_FARM", bit: 42, .spoof, .high, unit: "nodes",
    text: "One sensor's measurements, noise included, come from several stations.")
  static let farmDoubt = ReasonCode(
    "E7_FARM_DOUBT", bit: 43, .spoof, .medium, unit: "nodes",
    text: "Several stations share more of their noise than neighbours do.")
  static let otherWeather = ReasonCode(
    "E3_OTHER_WEATHER", bit: 44, .spoof, .medium,
    text: "The course of the weather is not the neighbours': that of another day or place.")
  static let pressureElsewhere = ReasonCode(
    "E4_PRESSURE_ELSEWHERE", bit: 45, .spoof, .medium, unit: "hPa",
    text: "The air pressure at the claimed elevation does not fit the neighbours'.")
  static let unlikeOutdoors = ReasonCode(
    "E1_UNLIKE_OUTDOORS", bit: 46, .spoof, .medium,
    text: "Temperature, humidity, wind and light move far less than at the neighbours.")
  static let clock = ReasonCode(
    "F_CLOCK", bit: 47, .fault, .medium, unit: "h",
    text: "The measurements fit the neighbours' at another hour: the clock is off.")
  static let barometer = ReasonCode(
    "F_BAROMETER", bit: 49, .fault, .low, unit: "hPa",
    text: "The air pressure is off by the same amount all day: the sensor or the elevation is.")

  static let nightUnlikePeers = ReasonCode(
    "E6_NIGHT_UNLIKE_PEERS", bit: 28, .spoof, .medium, unit: "W",
    text: "Produces at night, which plants of the same make do not.")
  static let beyondPeers = ReasonCode(
    "E6_BEYOND_PEERS", bit: 29, .spoof, .medium,
    text: "Gives more by its rating than plants of the same make under the same sky.")
  static let noClouds = ReasonCode(
    "E6_NO_CLOUDS", bit: 30, .spoof, .medium,
    text: "The power follows a clear sky while clouds passed over the stations around.")
  static let clearSky = ReasonCode(
    "E5_NO_CLOUDS", bit: 39, .spoof, .medium,
    text: "The light follows a clear sky while clouds passed over the stations around.")
  static let laminar = ReasonCode(
    "E5_NO_TURBULENCE", bit: 31, .spoof, .medium,
    text: "The wind lacks the eddies that the neighbours' wind has.")
  static let beyondRating = ReasonCode(
    "E6_BEYOND_RATING", bit: 37, .spoof, .high,
    text: "The power is above the rating in the model's name, which no plant of the make exceeds.")
  static let skyElsewhere = ReasonCode(
    "E4_SKY_ELSEWHERE", bit: 38, .spoof, .medium, unit: "km",
    text: "Clouds passed when they did over stations far from the claimed position.")

  static let reasons: [ReasonCode] = [
    copy, twin, farm, farmDoubt, otherWeather, pressureElsewhere, unlikeOutdoors, clock,
    nightUnlikePeers, beyondPeers, noClouds, laminar, beyondRating, skyElsewhere,
    clearSky, barometer,
  ]

  static let features: [FeatureSpec] = [
    misfitFeature("temp_misfit", "temperature", ["E1", "E3", "E4", "E5"]),
    misfitFeature("pressure_misfit", "pressure", ["E3", "E4", "E5"]),
    misfitFeature("humidity_misfit", "humidity", ["E1", "E3", "E4", "E5"]),
    misfitFeature("sky_misfit", "daylight", ["E1", "E3", "E4", "E5"]),
    FeatureSpec(
      "pressure_offset", unit: "hPa", resolution: 0.1, side: .high, attacks: ["E4"],
      text: "distance of the pressure, at the claimed elevation, from the neighbours'"),
    FeatureSpec(
      "liveliness", unit: "log", resolution: 0.05, side: .low, attacks: ["E1"],
      text: "ranges of temperature and humidity, wind and light over the neighbours', mean log"),
    FeatureSpec(
      "shared_noise", resolution: 0.02, side: .high, attacks: ["E2", "E7"],
      text: "correlation of the station's noise with the most similar station's, over neighbours'"),
  ]

  private static func misfitFeature(
    _ name: String, _ what: String, _ attacks: [String]
  ) -> FeatureSpec {
    FeatureSpec(
      name, unit: "log2", resolution: 0.05, side: .high, attacks: attacks,
      text: "how many times farther the course of \(what) is from the neighbours' than theirs")
  }

  static func outcome(of nodes: [NodeProfile], tasks: Int) async throws -> RelationOutcome {
    var outcome = RelationOutcome(nodes: nodes.count, features: features.count)
    let stations = nodes.indices.compactMap { WeatherStation(nodes[$0], place: $0) }
    let cells = WeatherCells(stations)
    let order = cells.members.keys.sorted()
    var weather: [WeatherCells.Cell: NeighbourWeather] = [:]
    for cell in order { weather[cell] = NeighbourWeather(cells.members[cell] ?? [], stations) }
    var offsets = [Double](repeating: .nan, count: stations.count)
    let towns = NearStations(stations)
    let home = HomeWeather(stations, towns)
    for (index, station) in stations.enumerated() {
      guard let cell = cells.cellOf[index], let neighbours = weather[cell] else { continue }
      let judgement = WeatherJudgement(station, neighbours)
      offsets[index] = judgement.pressureOffset
      outcome.findings[station.node, default: []] += judgement.findings.filter {
        $0.reason != otherWeather || !home.excuses(index, neighbours, $0.observed)
      }
      outcome.features[station.node] = values(judgement)
    }
    let meters = MeterPeers(stations) { index in cells.cellOf[index].flatMap { weather[$0] } }
    let sky = await SkyPlace(stations, towns).findings(tasks: tasks)
    let twins = try await WeatherTwins(
      nodes: nodes, stations: stations, cells: cells, towns: towns, pressureOffsets: offsets,
      tasks: tasks)
    for (index, station) in stations.enumerated() {
      outcome.findings[station.node, default: []] +=
        (twins.findings[index] ?? []) + (meters.findings[index] ?? [])
        + (sky[index] ?? [])
      outcome.features[station.node][6] = features[6].quantised(twins.sharedNoise[index])
    }
    outcome.findings = outcome.findings.filter { !$0.value.isEmpty }
    return outcome
  }

  private static func values(_ judgement: WeatherJudgement) -> [Double] {
    let misfits = WeatherQuantity.allCases.map { quantity -> Double in
      let value = judgement.misfits[quantity] ?? .nan
      return value.isNaN ? .nan : Portable.log(max(value, 0.0625)) / 0.6931471805599453
    }
    let all = misfits + [judgement.pressureOffset.magnitude, judgement.liveliness, .nan]
    return zip(features, all).map { $0.quantised($1) }
  }
}
