import ExactMath
import Testing

@testable import Profiles

/// Rules on the vehicle's own signals, its number, and faults.
@Suite struct MobilityVehicleTests {
  private static let day = MobilityDay(route: 4, seed: 4, minutes: 50)

  private func parked(engine: Double, battery: Double) -> MobilityDay {
    var random = ComputeRandom(state: 2)
    var day = Self.day
    for index in day.signals.indices {
      day.signals[index].odometer = 48_211.4
      day.signals[index].wheels = 0
      day.signals[index].engine = engine
      day.signals[index].battery = battery + 0.02 * random.noise()
    }
    return day
  }

  @Test func parkedWithTheEngineOffHolds() {
    let codes = parked(engine: 0, battery: 12.5).node.serious
    #expect(codes.isSuperset(of: ["M5_ODOMETER_STILL", "M5_WHEELS_STILL"]))
    #expect(!codes.contains("M5_PARKED"))
  }

  @Test func parkedWithTheEngineRunningRejects() {
    #expect(parked(engine: 810, battery: 14.1).node.serious.contains("M5_PARKED"))
  }

  @Test func beingTowedForAStretchPasses() {
    var day = Self.day
    let start = 40
    let end = 75
    let left = day.signals[start].odometer
    let towed = day.signals[end].odometer - left
    for index in day.signals.indices where index >= start {
      if index < end {
        day.signals[index].odometer = left
        day.signals[index].wheels = 0
        day.signals[index].engine = 0
        day.signals[index].battery = 12.4
      } else {
        day.signals[index].odometer -= towed
      }
    }
    #expect(day.node.serious.isEmpty)
    #expect(day.node.codes.contains("M5_TRANSPORTED"))
  }

  @Test(arguments: [0.3, 0.5])
  func odometerThatCountsAPartHolds(share: Double) {
    var day = Self.day
    for index in day.signals.indices {
      day.signals[index].odometer = 48_000 + share * (day.signals[index].odometer - 48_000)
    }
    #expect(!day.node.serious.isDisjoint(with: ["M5_ODOMETER_DIFFERS", "M5_ODOMETER_STILL"]))
  }

  @Test func wheelsThatTurnWhereThePathStaysHold() {
    var random = ComputeRandom(state: 6)
    var day = Self.day
    for index in day.fixes.indices {
      day.fixes[index].east = 400 + 3 * random.noise()
      day.fixes[index].north = 900 + 3 * random.noise()
      day.fixes[index].speed = 0
    }
    #expect(day.node.serious.contains("M5_ODOMETER_DIFFERS"))
  }

  @Test func odometerFarAheadOfThePathHolds() {
    var day = Self.day
    for index in day.signals.indices {
      day.signals[index].odometer = 48_000 + 1.5 * (day.signals[index].odometer - 48_000)
    }
    #expect(day.node.serious == ["M5_ODOMETER_DIFFERS"])
  }

  @Test func odometerAThirdAheadOfWheelsAndReceiverHolds() {
    var day = MobilityDay(route: 4, seed: 4, minutes: 50, interval: 60)
    #expect(day.node.serious.isEmpty)
    for index in day.signals.indices {
      day.signals[index].odometer = 48_000 + 1.4 * (day.signals[index].odometer - 48_000)
    }
    #expect(day.node.serious == ["M5_ODOMETER_DIFFERS"])
  }

  @Test func ferryOverMostOfTheWayPasses() {
    var day = Self.day
    let (start, end) = (30, 110)
    let left = day.signals[start].odometer
    let carried = day.signals[end].odometer - left
    for index in day.signals.indices where index >= start {
      if index < end {
        day.signals[index].odometer = left
        day.signals[index].wheels = .nan
        day.signals[index].engine = .nan
        day.signals[index].coolant = .nan
        day.signals[index].battery = 12.5
      } else {
        day.signals[index].odometer -= carried
      }
    }
    #expect(day.node.serious.isEmpty)
    #expect(day.node.codes.contains("M5_TRANSPORTED"))
  }

  @Test func odometerInMilesIsAFault() {
    var day = Self.day
    for index in day.signals.indices { day.signals[index].odometer *= 0.621371 }
    #expect(day.node.serious == ["F_ODOMETER"])
  }

  @Test func coldEngineHoldsAndElectricVehiclesPass() {
    var day = Self.day
    for index in day.signals.indices {
      day.signals[index].engine = 0
      day.signals[index].coolant = 20
      day.signals[index].battery = 12.4
    }
    #expect(day.node.serious == ["M5_ENGINE_OFF"])
    var electric = Self.day
    electric.claim["vehicle"] = "Tesla Model 3"
    for index in electric.signals.indices {
      electric.signals[index].engine = .nan
      electric.signals[index].coolant = .nan
      electric.signals[index].battery = 372
    }
    #expect(electric.node.serious.isEmpty)
  }

  @Test func engineIdlingAtRoadSpeedHolds() {
    var day = Self.day
    for index in day.signals.indices { day.signals[index].engine = 790 }
    #expect(day.node.serious.contains("M5_IDLING"))
  }

  @Test func odometerRunningBackOncePassesAndTwiceHolds() {
    var day = Self.day
    for index in day.signals.indices where index >= 60 { day.signals[index].odometer -= 9000 }
    #expect(!day.node.serious.contains("M4_ODOMETER_BACK"))
    for index in day.signals.indices where index >= 90 { day.signals[index].odometer -= 9000 }
    #expect(day.node.serious.contains("M4_ODOMETER_BACK"))
  }

  // MARK: - Numbers

  /// Widely published examples of the check digit.
  @Test func checkDigitsAreThoseOfTheStandard() {
    #expect(VehicleNumber("1M8GDM9AXKP042788")?.passesCheck == true)
    #expect(VehicleNumber("11111111111111111")?.passesCheck == true)
    #expect(VehicleNumber("1M8GDM9A1KP042788")?.passesCheck == false)
    #expect(VehicleNumber("1M8GDM9AXKP04278") == nil)
    #expect(VehicleNumber("1M8GDM9AXKP0427O8") == nil)
    #expect(VehicleNumber("1m8gdm9a-xkp042788")?.text == "1M8GDM9AXKP042788")
  }

  @Test func yearsAndMakesAreReadFromTheNumber() throws {
    let number = try #require(VehicleNumber("1HGCM82633A004352"))
    #expect(number.passesCheck && number.fits(year: 2003) && !number.fits(year: 2015))
    #expect(number.fits(vehicle: "Honda Accord") == true)
    #expect(number.fits(vehicle: "BMW 320d") == false)
    #expect(number.fits(vehicle: "Kutsenits") == nil)
  }

  @Test func claimAgainstItsNumberIsNotedOnly() {
    var day = Self.day
    day.claim["vin"] = "1HGCM82633A004352"
    #expect(day.node.codes.contains("M4_VIN_CHECK"))
    #expect(day.node.serious.isEmpty)
    day.claim["vehicle"] = "Honda Accord"
    day.claim["year"] = 2003
    #expect(!day.node.codes.contains("M4_VIN_CHECK"))
  }

  // MARK: - Faults

  @Test func stuckReceiverIsAFault() {
    var day = Self.day
    for index in 60..<day.fixes.count {
      day.fixes[index].east = day.fixes[60].east
      day.fixes[index].north = day.fixes[60].north
    }
    #expect(day.node.serious == ["F_STUCK_GPS"])
  }

  /// Twelve minutes with turning wheels at one spot, then on from there.
  @Test func testBenchPasses() {
    var day = Self.day
    let place = 150
    for index in place..<day.fixes.count { day.fixes[index].second += 900 }
    for index in day.signals.indices where day.signals[index].second >= day.fixes[place - 1].second
    {
      day.signals[index].second += 900
      day.signals[index].odometer += 20
    }
    let stand = day.fixes[place - 1]
    let last = day.signals.last { $0.second < stand.second }
    for step in 1...24 {
      var fix = stand
      fix.second += 30 * Double(step)
      fix.speed = 0
      day.fixes.insert(fix, at: place - 1 + step)
      if var signal = last {
        signal.second = fix.second + 1
        signal.odometer += 20.0 * Double(step) / 24
        signal.wheels = 100
        signal.engine = 2400
        day.signals.append(signal)
      }
    }
    #expect(day.node.serious.isEmpty)
  }

  @Test func frozenSignalsAreAFault() {
    var day = Self.day
    let row = day.signals.firstIndex { $0.second > 30_600 && $0.wheels > 30 } ?? 40
    for index in row..<day.signals.count {
      let second = day.signals[index].second
      day.signals[index] = day.signals[row]
      day.signals[index].second = second
    }
    #expect(day.node.serious.contains("F_FROZEN_OBD"))
    #expect(day.node.profile.findings.allSatisfy { !$0.accuses })
  }

  @Test func stoppedOdometerWithTurningWheelsIsAFault() {
    var day = Self.day
    for index in day.signals.indices { day.signals[index].odometer = 48_211 }
    #expect(day.node.serious == ["F_ODOMETER"])
  }

  @Test func lowBatteryAndBlindReceiverAreFaults() {
    var day = Self.day
    for index in day.signals.indices { day.signals[index].battery = 10.9 }
    for index in day.fixes.indices { day.fixes[index].dilution = 9.5 }
    #expect(day.node.serious == ["F_LOW_BATTERY", "F_RECEIVER_OR_CAMERA"])
  }

  // MARK: - Profile

  @Test func reasonsHaveTheirOwnBits() {
    let bits = Profile.mobility.reasons.map(\.bit)
    #expect(Set(bits).count == bits.count)
    let own = Set(8...39).union([62])
    #expect(Profile.mobility.reasons.dropFirst(4).allSatisfy { own.contains($0.bit) })
  }

  @Test func peersAreOfOneDeviceAndUnitsAreNewCells() {
    let profile = Self.day.node.profile
    #expect(profile.groups == ["device:DashCam 3", "all"])
    let twice = Self.day.followed(by: Self.day.shifted(by: 20_000)).node.profile
    #expect(profile.unitsMicro > 50_000_000)
    #expect(twice.unitsMicro == profile.unitsMicro)
  }

  /// Totals that fit, a course that does not: an even swing instead of lights and limits.
  @Test func wheelsThatSwingByThemselvesAreSuspect() {
    var day = MobilityDay(route: 1, seed: 1)
    for index in day.signals.indices {
      day.signals[index].wheels = 32 + 16 * Portable.sin(1.7 * Double(index))
    }
    #expect(day.node.codes.contains("M5_WHEELS_DISAGREE"))
    for seed: UInt64 in 1...4 {
      let honest = MobilityDay(route: seed, seed: seed, interval: 30)
      #expect(!honest.node.codes.contains("M5_WHEELS_DISAGREE"))
    }
  }
}
