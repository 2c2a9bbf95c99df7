import Testing

@testable import Profiles

@Suite struct EnvironmentMeterRuleTests {
  /// A 5 kW plant under a broken sky, every ten minutes.
  private func plant(
    model: String = "INV", power scale: Double = 1, counter: Double = 1, current: Double = 1,
    extra: (Double) -> Double = { _ in 0 }
  ) -> EnvironmentStation {
    var random = EnvironmentRandom(state: 3)
    var station = EnvironmentStation(model: model)
    let place = Position(EnvironmentStation.latitude, EnvironmentStation.longitude)!
    var energy = 123_400.0
    var previous = 0.0
    for step in 0..<144 {
      let hour = Double(step) / 6
      let moment = EnvironmentStation.midnight + Int64(hour * 3_600_000)
      let sun = SolarGeometry.clearSky(sine: SolarGeometry.sineOfElevation(moment, at: place))
      let power = scale * (4.2 * sun * (0.8 + 0.1 * random.noise()) + extra(hour))
      energy += counter * (power + previous).magnitude / 2 / 6
      previous = power
      let voltage = 230 + random.noise()
      station.add(
        "meter", hour: hour,
        [
          "power_w": power.rounded(), "energy_wh": energy.rounded(),
          "voltage_v": (voltage * 10).rounded() / 10,
          "current_a": (current * power.magnitude / voltage * 100).rounded() / 100, "freq_hz": 50,
        ])
    }
    return station
  }

  @Test func anHonestPlantPasses() {
    #expect(plant().serious.isEmpty)
    #expect(plant(model: "PV 5 kWp").serious.isEmpty)
  }

  @Test func morePowerThanVoltageTimesCurrentIsRejected() {
    #expect(plant(current: 0.7).serious.contains("E6_POWER_BALANCE"))
    // One phase of three, and a poor power factor.
    #expect(plant(current: 1 / 3).serious.isEmpty)
    #expect(plant(current: 1.25).serious.isEmpty)
  }

  @Test(arguments: [1.3, 0.6, 3])
  func aCounterThatDoesNotRunWithThePowerHolds(counter: Double) {
    #expect(plant(counter: counter).serious.contains("E6_COUNTER_RATIO"))
  }

  @Test func aCounterThatJumpsHoldsAndOneThatStartsAnewIsAFault() {
    var jumping = plant()
    jumping.add("meter", hour: 23.9, ["power_w": 0, "energy_wh": 190_000])
    #expect(jumping.serious.contains("E6_COUNTER_JUMP"))
    var reset = plant()
    reset.add("meter", hour: 23.9, ["power_w": 0, "energy_wh": 0])
    #expect(reset.serious.isEmpty)
    #expect(reset.codes.contains("F_COUNTER_RESET"))
  }

  @Test func powerAboveTheModelsRatingIsRejected() {
    #expect(plant(model: "PV 5 kWp", power: 2).serious.contains("E6_BEYOND_CAPACITY"))
    #expect(EnvironmentStation(model: "Cell 10 kWh").codes.isEmpty)
  }

  @Test func someReadingsBeyondVoltageTimesCurrentHoldAndAFewPass() {
    var some = plant()
    var few = plant()
    for step in 0..<30 {
      let reading = ["power_w": 2000.0, "voltage_v": 230, "current_a": 5]
      some.add("meter", hour: 9 + Double(step) / 7, reading)
      if step < 4 { few.add("meter", hour: 9 + Double(step) / 7, reading) }
    }
    #expect(some.serious.contains("E6_POWER_BALANCE_DOUBT"))
    #expect(few.serious.isEmpty)
  }

  @Test func aBatterysPowerAtNightOnlyAddsToTheScore() {
    let station = plant(extra: { $0 < 2 || $0 > 20.5 ? 300 : 0 })
    #expect(station.serious.isEmpty)
    #expect(station.codes.contains("E6_SOME_POWER_AT_NIGHT"))
    #expect(!plant().codes.contains("E6_SOME_POWER_AT_NIGHT"))
  }

  @Test func sunPowerAtNightHoldsAtMost() {
    let night: (Double) -> Double = { $0 < 2 || $0 > 20.5 ? 3000 : 0 }
    let station = plant(model: "PV 5 kWp", extra: night)
    #expect(station.serious == ["E6_POWER_AT_NIGHT"])
    #expect(plant(model: "Home Battery", extra: night).serious.isEmpty)
    // Charging by day shows as power the other way.
    #expect(
      plant(extra: { $0 < 2 || $0 > 20.5 ? 3000 : $0 > 9 && $0 < 11 ? -5000 : 0 }).serious.isEmpty)
  }

  @Test func aCounterThatHungAndCaughtUpPasses() {
    var station = EnvironmentStation(model: "INV")
    var energy = 50_000.0
    for step in 0..<144 {
      energy += 2000 / 6
      let shown = (60..<90).contains(step) ? 50_000 + 60 * 2000 / 6 : energy
      station.add(
        "meter", hour: Double(step) / 6,
        ["power_w": 2000, "energy_wh": shown.rounded(), "voltage_v": 230])
    }
    #expect(!station.codes.contains("E6_COUNTER_JUMP"))
  }
}
