import Contributions
import TestRecords
import Testing

@testable import Profiles
@testable import Relations

/// Towns of stations under a common sky.
@Suite struct EnvironmentRelationTests {
  private static let midnight: Int64 = 1_750_204_800_000

  private struct Random {
    var state: UInt64

    mutating func uniform() -> Double {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }

    mutating func noise() -> Double {
      (0..<12).reduce(-6.0) { sum, _ in sum + uniform() }
    }
  }

  /// A day's readings every ten minutes.
  private struct Readings {
    var temperature: [Double] = []
    var humidity: [Double] = []
    var pressure: [Double] = []
  }

  /// The town's weather at an hour, of one of many days.
  private static func weather(_ hour: Double, day: Int) -> (Double, Double, Double) {
    let phase = Double(day)
    let wave = SolarGeometry.sine(degrees: (hour - 9) * 15)
    let front = SolarGeometry.sine(degrees: hour * 17.8 + phase * 97)
    return (
      16 + 6 * wave + 2 * front, 60 - 15 * wave + 6 * front,
      955 + 2.5 * SolarGeometry.sine(degrees: hour * 11.5 + phase * 132)
    )
  }

  private static func readings(_ seed: Int, day: Int = 0, late: Double = 0) -> Readings {
    var random = Random(state: UInt64(seed))
    var found = Readings()
    for step in 0..<144 {
      let now = weather(Double(step) / 6 - late, day: day)
      found.temperature.append(now.0 + 0.1 * random.noise())
      found.humidity.append(now.1 + 0.8 * random.noise())
      found.pressure.append(now.2 + 0.08 * random.noise())
    }
    return found
  }

  private static func node(
    _ name: String, _ readings: Readings, seed: Int, owner: String? = nil, elevation: Double = 500
  ) -> NodeProfile {
    var random = Random(state: UInt64(seed &+ 7777))
    var log = RecordLog(.environment)
    log.add(
      "claim", at: midnight,
      [
        "lat": .number(48 + 0.02 * random.uniform()), "lon": .number(11 + 0.02 * random.uniform()),
        "elevation_m": .number(elevation), "model": "WS", "owner": .text(owner ?? name),
      ])
    for step in readings.temperature.indices {
      log.add(
        "reading", at: midnight + Int64(step) * 600_000 + 1000,
        [
          "temp_c": .number((readings.temperature[step] * 10).rounded() / 10),
          "humidity_pct": .number(readings.humidity[step].rounded()),
          "pressure_hpa": .number((readings.pressure[step] * 100).rounded() / 100),
        ])
    }
    return Profile.environment.profile(log.records(of: name))
  }

  /// Fourteen honest stations, and what a test adds.
  private static func town(_ added: [NodeProfile]) -> [NodeProfile] {
    (1...14).map { node("h\($0)", readings($0), seed: $0) } + added
  }

  private func codes(_ nodes: [NodeProfile]) async throws -> [Set<String>] {
    let outcome = try await EnvironmentRelation.outcome(of: nodes, tasks: 2)
    return nodes.indices.map { place in
      Set((outcome.findings[place] ?? []).filter(\.isEstablished).map(\.reason.code))
    }
  }

  private static func areClean(_ codes: ArraySlice<Set<String>>) -> Bool {
    codes.allSatisfy { $0.isEmpty }
  }

  @Test func honestNeighboursPass() async throws {
    let found = try await codes(Self.town([]))
    #expect(Self.areClean(found[...]))
  }

  @Test func aCopyWithJitterIsFoundAndItsOriginalIsNot() async throws {
    var copy = Self.readings(3)
    var random = Random(state: 99)
    for step in copy.temperature.indices {
      copy.temperature[step] += 0.05 * random.noise() + 0.3
      copy.humidity[step] += 0.5 * random.noise()
      copy.pressure[step] += 0.04 * random.noise()
    }
    let found = try await codes(Self.town([Self.node("copy", copy, seed: 50)]))
    #expect(!found[14].isDisjoint(with: ["E2_TWIN", "E2_COPY"]))
    #expect(Self.areClean(found[..<14]))
  }

  @Test func anExactCopyHoldsBothEnds() async throws {
    let found = try await codes(Self.town([Self.node("copy", Self.readings(3), seed: 50)]))
    #expect(found[14] == ["E2_TWIN"])
    #expect(found[2] == ["E2_TWIN"])
  }

  @Test func oneSensorBehindManyStationsIsAFarm() async throws {
    let farm = (0..<5).map { member -> NodeProfile in
      var readings = Self.readings(200)
      var random = Random(state: UInt64(300 + member))
      for step in readings.temperature.indices {
        readings.temperature[step] += 0.02 * random.noise()
      }
      return Self.node("farm\(member)", readings, seed: 60 + member, owner: "farmer")
    }
    let found = try await codes(Self.town(farm))
    #expect(found[14...].count { $0 == ["E7_FARM"] } == 5)
    #expect(Self.areClean(found[..<14]))
  }

  @Test func twoUnitsOfOneOwnerInOneGardenPass() async throws {
    let pair = (0..<2).map {
      Self.node("pair\($0)", Self.readings(400 + $0), seed: 70, owner: "one")
    }
    let found = try await codes(Self.town(pair))
    #expect(Self.areClean(found[...]))
  }

  @Test func anotherDaysWeatherHoldsAndAnotherHoursIsAClock() async throws {
    let replay = Self.node("replay", Self.readings(500, day: 4), seed: 80)
    let late = Self.node("late", Self.readings(501, late: 4), seed: 81)
    let found = try await codes(Self.town([replay, late]))
    #expect(found[14].contains("E3_OTHER_WEATHER"))
    #expect(found[15] == ["F_CLOCK"])
  }

  @Test func pressureOfAnotherHeightHolds() async throws {
    let high = Self.node("high", Self.readings(600), seed: 90, elevation: 1300)
    let found = try await codes(Self.town([high]))
    #expect(found[14] == ["E4_PRESSURE_ELSEWHERE"])
  }

  @Test func aBarometerThatIsOffAllDayIsAFault() async throws {
    var off = Self.readings(603)
    for step in off.pressure.indices { off.pressure[step] -= 18 }
    let found = try await codes(Self.town([Self.node("off", off, seed: 93)]))
    #expect(found[14] == ["F_BAROMETER"])
    #expect(Self.areClean(found[..<14]))
  }

  @Test func aCoarseHeightAndPressureReducedToTheSeaPass() async throws {
    let valley = Self.node("valley", Self.readings(601), seed: 91, elevation: 680)
    var reduced = Self.readings(602)
    for step in reduced.pressure.indices { reduced.pressure[step] *= 1.061 }
    let found = try await codes(Self.town([valley, Self.node("sea", reduced, seed: 92)]))
    #expect(found[14] == ["F_BAROMETER"])
    #expect(Self.areClean(found[..<14]) && found[15].isEmpty)
  }

  @Test func aSwingOfAQuarterOfTheNeighboursHolds() async throws {
    var inside = Self.readings(700)
    for step in inside.temperature.indices {
      inside.temperature[step] = 20 + (inside.temperature[step] - 16) / 5
      inside.humidity[step] = 45 + (inside.humidity[step] - 60) / 5
    }
    let found = try await codes(Self.town([Self.node("inside", inside, seed: 91)]))
    #expect(found[14].contains("E1_UNLIKE_OUTDOORS"))
  }

  @Test func theOutcomeDoesNotDependOnTasks() async throws {
    let nodes = Self.town([Self.node("copy", Self.readings(3), seed: 50)])
    let one = try await EnvironmentRelation.outcome(of: nodes, tasks: 1)
    let four = try await EnvironmentRelation.outcome(of: nodes, tasks: 4)
    #expect(one.findings == four.findings)
    let bits = { (rows: [[Double]]) in rows.map { $0.map(\.bitPattern) } }
    #expect(bits(one.features) == bits(four.features))
  }

  @Test func reasonsHaveBitsOfTheirOwn() {
    let bits = EnvironmentRelation.reasons.map(\.bit) + Profile.environment.reasons.map(\.bit)
    #expect(Set(bits).count == bits.count)
    #expect(EnvironmentRelation.reasons.prefix(8).map(\.bit) == Array(40...47))
    let later = EnvironmentRelation.reasons.dropFirst(8).map(\.bit)
    #expect(Set(later).isSubset(of: Set(28...39).union(48...63)))
  }
}
