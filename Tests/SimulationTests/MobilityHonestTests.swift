import Foundation
import Testing

@testable import Simulation

@Suite struct MobilityHonestTests {
  private let scene = SensedScene<MobilityNetwork>(.honest, count: 24)

  @Test func bytesDependOnPlanNodeAndDayAlone() { expectSensedPure(MobilityNetwork.self) }

  @Test func everyRecordFitsTheSchema() throws { try expectSensedValid(MobilityNetwork.self) }

  @Test func odometersFollowThePath() throws {
    var seen = 0
    for place in 0..<24 {
      let log = try scene.log(place)
      guard log.path > 20_000, log.odometerRange > 0 else { continue }
      // Chords between fixes are up to a seventh shorter than the way; the scale errs by 3 %.
      let ratio = log.odometerRange * 1000 / log.path
      #expect(ratio > 0.9 && ratio < 1.25, "node \(place): \(ratio)")
      seen += 1
    }
    #expect(seen > 4)
  }

  @Test func odometersGoOnOvernight() throws {
    for place in 0..<12 {
      let today = try scene.log(place).values("obd", "odometer_km")
      let tomorrow = try scene.log(place, day: 1).values("obd", "odometer_km")
      let all = today + tomorrow
      #expect(zip(all, all.dropFirst()).allSatisfy { $0 <= $1 })
      guard let last = today.last, let next = tomorrow.first else { continue }
      #expect(next - last < 40)
    }
  }

  @Test func nobodyDrivesFasterThanCarsDo() throws {
    for place in 0..<24 {
      for step in try scene.log(place).steps() where step.seconds > 3 {
        // 26 m/s, plus what a late record and errors of position add.
        #expect(step.metres / step.seconds < 60)
      }
    }
  }

  @Test func aDayHasTensToHundredsOfRecords() throws {
    let counts = try (0..<24).map { try scene.log($0).records.count }
    #expect(counts.allSatisfy { $0 >= 40 && $0 <= 800 })
    #expect((100...400).contains(counts.sorted()[12]))
  }

  @Test func enginesWarmUpAndElectricOnesReportNone() throws {
    var (warm, electric) = (0, 0)
    for place in 0..<24 {
      let vehicle = scene.network.vehicle(place)
      let log = try scene.log(place)
      guard !log.of("obd").isEmpty else { continue }
      let coolant = log.values("obd", "coolant_c")
      if vehicle.model.drivetrain == .electric {
        #expect(coolant.isEmpty && log.values("obd", "rpm").isEmpty)
        electric += 1
      } else if let low = coolant.min(), let high = coolant.max() {
        #expect(high <= 100)
        if low < 45, high > 80 { warm += 1 }
      }
    }
    #expect(warm > 0 && electric > 0)
  }

  /// Expected digits from outside: the worked example of the check digit that 49 CFR 565 and
  /// most texts about it use, and seventeen ones.
  @Test func checkDigitsAgreeWithKnownNumbers() {
    #expect(VehicleModel.checkDigit(Array("1M8GDM9AXKP042788".utf8)) == UInt8(ascii: "X"))
    #expect(VehicleModel.checkDigit(Array("11111111111111111".utf8)) == UInt8(ascii: "1"))
    #expect(VehicleModel.checkDigit(Array("5GZCZ43D13S812715".utf8)) == UInt8(ascii: "1"))
  }

  @Test func identificationNumbersAreValid() throws {
    for place in 0..<24 {
      let vehicle = scene.network.vehicle(place)
      let characters = Array(vehicle.vin.utf8)
      #expect(characters.count == 17)
      #expect(characters[8] == VehicleModel.checkDigit(characters))
      #expect(!vehicle.vin.contains { "IOQ".contains($0) })
      let years = Array("ABCDEFGHJKLMNPRSTVWXY123456789".utf8)
      #expect(characters[9] == years[(vehicle.year - 1980) % 30])
    }
  }

  @Test func errorsOfPositionLast() {
    var random = RandomStream(seed: 3)
    let city = City(number: 0, seed: 3)
    let traits = Receiver.Traits(&random)
    var receiver = Receiver(traits, city: city, random)
    let state = Drive.State(x: 0, y: 0, speed: 10, acceleration: 0, heading: 0, along: 0)
    let errors = (0..<4000).map { second in
      let fix = receiver.fix(at: Double(second), state)
      return city.metres(latitude: fix.latitude, longitude: fix.longitude).x
    }
    let variance = errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
    let lagged = zip(errors, errors.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(lagged / Double(errors.count - 1) / variance > 0.9)
    #expect(variance > 1 && variance < 60)
  }

  @Test func workingDaysRepeatWays() throws {
    let vehicle = (0..<24).map { scene.network.vehicle($0) }.first {
      if case .commuter = $0.habit { true } else { false }
    }
    let commuter = try #require(vehicle)
    let itinerary = Itinerary(commuter, seed: 5)
    let ways = (0..<14).flatMap { itinerary.errands(20_250 + $0) }.map(\.route)
    #expect(Set(ways).count < ways.count - 4)
  }
}
