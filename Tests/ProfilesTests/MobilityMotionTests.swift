import Testing

@testable import Profiles

/// Rules on replays, simulated receivers and impossible places.
@Suite struct MobilityMotionTests {
  private static let day = MobilityDay(route: 1, seed: 1)

  @Test(arguments: 1...6)
  func honestDayRaisesNothing(seed: UInt64) {
    #expect(MobilityDay(route: seed, seed: seed).node.serious.isEmpty)
  }

  @Test(arguments: [2, 30])
  func otherRatesRaiseNothing(interval: Int) {
    let day = MobilityDay(route: 9, seed: 9, minutes: 30, interval: interval)
    #expect(day.node.serious.isEmpty)
  }

  // MARK: - Replays

  @Test(arguments: [0.0, 5])
  func repeatingTheMorningsDriveRejects(jitter: Double) {
    let replay = Self.day.shifted(by: 20_000).jittered(jitter, seed: 3)
    let node = Self.day.followed(by: replay).node
    #expect(node.serious.contains("M1_REPEATED_DRIVE"))
    #expect(node.feature("own_repeat") > 0.3)
    #expect(node.serious.contains("M1_REPEATED_POSITIONS") == (jitter == 0))
  }

  @Test func commutingTheSameWayTwicePasses() {
    for seed: UInt64 in 1...4 {
      let again = MobilityDay(route: seed, seed: seed + 100, start: 60_000)
      #expect(MobilityDay(route: seed, seed: seed).followed(by: again).node.serious.isEmpty)
    }
  }

  /// Of two days' passages, the correlation over the cells that both have.
  private func alike(_ one: MobilityDay, _ other: MobilityDay) -> (Double, Int) {
    guard let first = one.node.profile.series.first, let second = other.node.profile.series.first
    else { return (.nan, 0) }
    let x = first.values.map { Double($0) }
    let y = second.values.map { Double($0) }
    let both = x.indices.filter { $0 % 2 == 1 && !x[$0].isNaN && !y[$0].isNaN }
    return (Statistics.correlation(both.map { x[$0] }, both.map { y[$0] }), both.count)
  }

  @Test func passagesComeAgainWithTheDriveOnly() {
    let day = MobilityDay(route: 6, seed: 6, minutes: 60)
    let replay = day.shifted(by: 700).jittered(2, seed: 4)
    let (same, cells) = alike(day, replay)
    #expect(same > 0.9 && cells > 60)
    for seed: UInt64 in 50...54 {
      let (other, common) = alike(day, MobilityDay(route: 6, seed: seed, minutes: 60))
      #expect(other < 0.5 && common > 30)
    }
  }

  /// A few kilometres of the morning again: alike, not enough for proof.
  @Test func shortDriveInStepWithAnEarlierOneHolds() {
    var piece = Self.day.shifted(by: 20_000).jittered(4, seed: 3)
    piece.fixes = Array(piece.fixes[40..<64])
    piece.signals = []
    piece.frames = []
    var morning = Self.day
    morning.fixes = Array(morning.fixes[40..<64])
    morning.signals = []
    morning.frames = []
    #expect(morning.followed(by: piece).node.codes.contains("M1_SIMILAR_DRIVE"))
    let again = MobilityDay(route: 1, seed: 101, start: 60_000)
    #expect(!Self.day.followed(by: again).node.codes.contains("M1_SIMILAR_DRIVE"))
  }

  @Test func imagesThatComeAgainLaterReject() {
    var day = Self.day
    for index in 100..<108 { day.frames[index].hash = day.frames[index - 90].hash }
    #expect(day.node.serious.contains("M1_REPEATED_IMAGES"))
    var retried = Self.day
    let frame = retried.frames[20]
    retried.frames.insert(frame, at: 21)
    retried.frames[21].second += 2
    #expect(retried.node.serious.isEmpty)
  }

  @Test func framesFarFromThePathHold() {
    var day = Self.day
    for index in day.frames.indices { day.frames[index].north += 30_000 }
    #expect(day.node.serious.contains("M1_FRAMES_ELSEWHERE"))
    var late = Self.day
    for index in late.frames.indices { late.frames[index].second += 30_000 }
    #expect(late.node.serious.isEmpty)
  }

  @Test func headingAgainstTheCourseHolds() {
    var day = Self.day
    for index in day.fixes.indices {
      day.fixes[index].heading = (day.fixes[index].heading + 180).truncatingRemainder(
        dividingBy: 360)
    }
    #expect(day.node.serious.contains("M1_HEADING_REVERSED"))
  }

  // MARK: - Simulation

  /// A straight path at one speed.
  private func line(jitter: Double) -> MobilityDay {
    var day = Self.day
    day.signals = []
    day.frames = []
    for index in day.fixes.indices {
      day.fixes[index].east = 14 * 10 * Double(index)
      day.fixes[index].north = 5 * 10 * Double(index)
      day.fixes[index].speed = 53.5
      day.fixes[index].heading = 70.3
    }
    return day.jittered(jitter, seed: 5)
  }

  @Test func straightAndEvenPathIsSimulated() {
    let codes = line(jitter: 0).node.serious
    #expect(codes.isSuperset(of: ["M2_SIMULATED", "M2_STRAIGHT_LINES", "M2_CONSTANT_SPEED"]))
  }

  @Test func cruisingWithAReceiversNoisePasses() {
    #expect(line(jitter: 2).node.serious.isEmpty)
  }

  @Test func constantDilutionHoldsAndTogetherWithMoreRejects() {
    var day = Self.day
    for index in day.fixes.indices { day.fixes[index].dilution = 0.9 }
    #expect(day.node.serious == ["M2_CONSTANT_HDOP"])
    var flat = line(jitter: 0)
    for index in flat.fixes.indices {
      flat.fixes[index].dilution = 0.9
      flat.fixes[index].satellites = 12
    }
    #expect(flat.node.serious.contains("M2_SIMULATED"))
  }

  @Test func constantSatellitesAreSuspect() {
    var day = Self.day
    for index in day.fixes.indices { day.fixes[index].satellites = 12 }
    #expect(day.node.codes.contains("M2_CONSTANT_SATELLITES"))
    #expect(day.node.serious.isEmpty)
    #expect(!Self.day.node.codes.contains("M2_CONSTANT_SATELLITES"))
  }

  /// Speed and heading worked out from the positions; a receiver measures them apart.
  @Test func motionComputedFromPositionsIsSuspect() {
    var day = Self.day
    day.decimals = 7
    for index in day.fixes.indices {
      day.fixes[index].east = 120 * Double(index)
      day.fixes[index].north = 50 * Double(index)
      day.fixes[index].speed = 46.8
      day.fixes[index].heading = 67.4
    }
    #expect(day.node.codes.contains("M2_EXACT_MOTION"))
    #expect(!Self.day.node.codes.contains("M2_EXACT_MOTION"))
    #expect(!day.jittered(3, seed: 6).node.codes.contains("M2_EXACT_MOTION"))
  }

  @Test func constantAltitudeHolds() {
    var day = Self.day
    for index in day.fixes.indices { day.fixes[index].altitude = 100 }
    #expect(day.node.serious == ["M2_CONSTANT_ALTITUDE"])
  }

  @Test func tunnelOnDeadReckoningPasses() {
    var day = Self.day
    for index in 60..<120 {
      let share = Double(index - 60) / 60
      day.fixes[index].east =
        day.fixes[60].east + share * (day.fixes[120].east - day.fixes[60].east)
      day.fixes[index].north =
        day.fixes[60].north + share * (day.fixes[120].north - day.fixes[60].north)
      day.fixes[index].dilution = 12
      day.fixes[index].satellites = 0
    }
    #expect(day.node.serious.isEmpty)
  }

  @Test func reportedSpeedThatIsUnrelatedHoldsAndAnotherUnitDoesNot() {
    var random = ComputeRandom(state: 4)
    var day = Self.day
    var knots = Self.day
    for index in day.fixes.indices {
      day.fixes[index].speed = Double.random(in: 0..<130, using: &random)
      knots.fixes[index].speed *= 0.54
    }
    #expect(day.node.serious.contains("M2_SPEED_DISAGREES"))
    #expect(!knots.node.serious.contains("M2_SPEED_DISAGREES"))
  }

  // MARK: - Places

  private func jumping(every: Int, metres: Double) -> MobilityDay {
    var day = Self.day
    for index in day.fixes.indices where index / every % 2 == 1 {
      day.fixes[index].east += metres
    }
    return day
  }

  @Test(arguments: [5000.0, 300_000])
  func jumpingBetweenPlacesRejects(metres: Double) {
    let node = jumping(every: 30, metres: metres).node
    #expect(node.serious.isSuperset(of: ["M3_TELEPORT", "M3_JUMP"]))
  }

  @Test func oneBadFixPassesAndManyHold() {
    var day = Self.day
    day.fixes[50].north += 80_000
    #expect(day.node.serious.isEmpty)
    #expect(day.node.finding("M3_JUMP") == nil)
    for index in stride(from: 20, to: 200, by: 25) { day.fixes[index].north += 80_000 }
    #expect(day.node.serious.contains("M3_SCATTERED"))
  }

  @Test func oneBadFixBesideARestPasses() {
    var day = Self.day
    for index in 120..<day.fixes.count { day.fixes[index].second += 9000 }
    day.fixes[120].north += 40_000
    #expect(day.node.serious.isEmpty)
    var moved = Self.day
    for index in 80..<moved.fixes.count { moved.fixes[index].second += 300 }
    for index in 80..<moved.fixes.count { moved.fixes[index].north += 60_000 }
    #expect(moved.node.finding("M3_JUMP") != nil)
  }

  @Test func fixesHeldBackAndDeliveredInABurstPass() {
    var day = Self.day
    for index in 80..<140 {
      day.fixes[index].second = day.fixes[140].second - 0.1 * Double(140 - index)
    }
    #expect(day.node.codes.isDisjoint(with: ["M3_TELEPORT", "M3_JUMP"]))
  }

  @Test func distanceThatNoReportedSpeedCoversHolds() {
    var day = Self.day
    for index in day.fixes.indices where index >= 60 {
      day.fixes[index].east += 950 * Double(min((index - 40) / 20, 4))
    }
    #expect(day.node.serious.contains("M3_FASTER_THAN_REPORTED"))
  }

  // MARK: - Order

  @Test func orderOfRecordsChangesNothing() {
    var node = Self.day.node
    let features = node.profile.features
    node.shuffle(seed: 8)
    #expect(zip(node.profile.features, features).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
  }

  @Test func emptyAndSparseLogsAreSilent() {
    var day = MobilityDay(route: 1, seed: 1, minutes: 2)
    day.signals = []
    #expect(day.node.serious.isEmpty)
    day.fixes = []
    day.frames = []
    #expect(day.node.profile.features.allSatisfy { $0.isNaN })
    day.claim = [:]
    #expect(day.node.profile.findings.isEmpty)
  }
}
