import ExactMath
import Testing

@testable import Profiles
@testable import Relations

@Suite struct MobilityRelationTests {
  private let strangers = (10..<16).map { MobilityPath(seed: $0).node("stranger\($0)") }
  private let path = MobilityPath(seed: 1)

  // MARK: - Paths

  @Test func driversOfTheirOwnPathsAreNotTied() async throws {
    let codes = try await mobilityCodes(strangers)
    #expect(codes.allSatisfy { $0.isEmpty })
  }

  @Test(arguments: [0.0, 4, 12])
  func laterCopyIsRejectedAndTheOriginalIsNot(jitter: Double) async throws {
    let nodes =
      [path.copied(later: 15_000, jitter: jitter).node("copy"), path.node("original")] + strangers
    let codes = try await mobilityCodes(nodes)
    #expect(codes[0] == ["M1_REPLAYED_PATH"])
    #expect(codes[1] == ["M1_ORIGINAL_PATH"])
    #expect(codes.dropFirst(2).allSatisfy { $0.isEmpty })
  }

  @Test func copyWithinHoursIsRejectedForTheSameFixesOnly() async throws {
    for (jitter, code) in [(0.0, "M1_REPLAYED_PATH"), (6, "M1_COPIED_PATH")] {
      let codes = try await mobilityCodes([
        path.node("original"), path.copied(later: 5000, jitter: jitter).node("copy"),
      ])
      #expect(codes == [["M1_ORIGINAL_PATH"], [code]])
    }
  }

  @Test func copyWithinMinutesHoldsTheOriginalToo() async throws {
    let codes = try await mobilityCodes([
      path.node("original"), path.copied(later: 600, jitter: 6).node("copy"),
    ])
    #expect(codes == [["M1_SHADOWED_PATH"], ["M1_COPIED_PATH"]])
  }

  /// Each receiver with its own noise, at the same moments.
  @Test func twoReceiversInOneCarPass() async throws {
    let codes = try await mobilityCodes([
      path.copied(later: 0, jitter: 4).node("driver"),
      path.copied(later: 1, jitter: -4).node("passenger"),
    ])
    #expect(codes == [["M1_ORIGINAL_PATH"], ["M1_ORIGINAL_PATH"]])
  }

  /// An hour along one motorway at one speed, with a slow swell in it.
  @Test func steadyCruisesOnOneRoadProveNothing() async throws {
    var cruise = path
    cruise.points = (0..<240).map { index in
      let second = 10 * Double(index)
      let swell = 150 * Portable.sin(second / 2400 * Double.pi)
      return (second, 24 * second + swell, 9 * second)
    }
    let codes = try await mobilityCodes([
      cruise.node("a"), cruise.copied(later: 20_000, jitter: 6).node("b"),
    ])
    #expect(codes.allSatisfy { $0.isEmpty })
  }

  @Test func copyPlayedFasterIsRejected() async throws {
    var fast = MobilityPath(seed: 1, count: 300)
    let slow = fast
    let start = fast.points[0].second
    fast.points = fast.copied(later: 14_000, jitter: 3).points.map {
      (start + 14_000 + ($0.second - start - 14_000) * 0.94, $0.east, $0.north)
    }
    let codes = try await mobilityCodes([slow.node("original"), fast.node("copy")])
    #expect(codes == [["M1_ORIGINAL_PATH"], ["M1_REPLAYED_PATH"]])
  }

  @Test func copyMovedAsideOrDrivenBackwardsIsSeen() async throws {
    let moved = path.copied(later: 14_000, jitter: 2, east: 700, north: -300)
    let back = MobilityPath(seed: 2)
    let codes = try await mobilityCodes([
      path.node("a"), moved.node("b"), back.node("c"), back.reversed(later: 14_000).node("d"),
    ])
    #expect(codes[1] == ["M1_REPLAYED_PATH"])
    #expect(codes[3] == ["M1_REPLAYED_PATH"])
    #expect(codes[0] == ["M1_ORIGINAL_PATH"])
  }

  @Test func copyOfALiveStreamHoldsTheRaggedEnd() async throws {
    let codes = try await mobilityCodes([
      path.copied(later: 20, jitter: 6).node("copy"), path.node("original"),
    ])
    #expect(codes[0] == ["M1_COPIED_PATH"])
    #expect(codes[1] == ["M1_ORIGINAL_PATH"])
  }

  @Test func drivingTheSameRoadInOtherTimeIsCommuting() async throws {
    var random = MobilityRandom(state: 77)
    var commuter = path
    var second = 9000.0
    commuter.points = path.points.map { point in
      second += 10 * (0.7 + 0.6 * random.uniform()) + (random.uniform() < 0.1 ? 25 : 0)
      return (second, point.east + 3 * random.noise(), point.north + 3 * random.noise())
    }
    let codes = try await mobilityCodes([path.node("a"), commuter.node("b")])
    #expect(codes.allSatisfy { $0.isEmpty })
  }

  @Test func copiedShareIsAFeature() async throws {
    let nodes = [path.node("a"), path.copied(later: 5000, jitter: 3).node("b")] + strangers
    let outcome = try await MobilityRelation.outcome(of: nodes, tasks: 1)
    #expect(outcome.features[1][0] > 0.9)
    #expect(outcome.features[2][0] < 0.3)
    #expect(outcome.features[0][1].isNaN)
  }

  @Test func nodesWithoutTracesAreSilent() async throws {
    var empty = path.node("empty")
    empty.trace = nil
    let codes = try await mobilityCodes([empty, MobilityPath(seed: 3, count: 0).node("none")])
    #expect(codes.allSatisfy { $0.isEmpty })
  }

  // MARK: - Images

  private func images(_ hashes: ClosedRange<UInt64>, at second: Int64) -> [MobilityTrace.Image] {
    hashes.map { MobilityTrace.Image(hash: $0, time: second * 10) }
  }

  @Test func imagesOfAnotherRejectWhoeverCameLater() async throws {
    let codes = try await mobilityCodes([
      strangersPath(1).node("a", images: images(1...8, at: 100)),
      strangersPath(2).node("b", images: images(4...12, at: 4000)),
      strangersPath(3).node("c", images: images(12...13, at: 9000)),
    ])
    #expect(codes == [[], ["M1_COPIED_IMAGES"], []])
  }

  @Test func imagesAtTheSameTimeHoldBothAndPlaceholdersNone() async throws {
    let both = try await mobilityCodes([
      strangersPath(1).node("a", images: images(1...8, at: 100)),
      strangersPath(2).node("b", images: images(1...8, at: 110)),
    ])
    #expect(both == [["M1_SHARED_IMAGES"], ["M1_SHARED_IMAGES"]])
    let many = (0..<25).map {
      strangersPath(100 + $0).node("n\($0)", images: images(1...8, at: Int64(1000 * $0)))
    }
    let codes = try await mobilityCodes(many)
    #expect(codes.allSatisfy { $0.isEmpty })
  }

  private func strangersPath(_ seed: UInt64) -> MobilityPath { MobilityPath(seed: 500 + seed) }

  // MARK: - Vehicles

  private func vehicle(
    _ number: String, from: Int64, to: Int64, contradictions: Int = 0,
    odometer: (Double, Double) = (.nan, .nan)
  ) -> MobilityTrace.Vehicle {
    MobilityTrace.Vehicle(
      number: number, first: from * 1000, last: to * 1000, records: 100,
      contradictions: contradictions, firstOdometer: odometer.0, lastOdometer: odometer.1)
  }

  private func codes(_ vehicles: [MobilityTrace.Vehicle]) async throws -> [Set<String>] {
    try await mobilityCodes(
      vehicles.enumerated().map { index, vehicle in
        strangersPath(UInt64(index)).node("n\(index)", vehicles: [vehicle])
      })
  }

  @Test func oneVehicleAtTwoNodesAtOnceHoldsBoth() async throws {
    let both = try await codes([
      vehicle("WVWZZZ1JZXW000001", from: 0, to: 9000),
      vehicle("WVWZZZ1JZXW000001", from: 2000, to: 8000),
      vehicle("WVWZZZ1JZXW000002", from: 0, to: 9000),
    ])
    #expect(both == [["M4_VIN_AT_TWO_NODES"], ["M4_VIN_AT_TWO_NODES"], []])
  }

  @Test func oneVehicleInTwoPlacesForMinutesHolds() async throws {
    let number = "WVWZZZ1JZXW000001"
    let elsewhere = path.copied(later: 0, jitter: 0, east: 9000)
    func codes(_ other: MobilityPath) async throws -> [Set<String>] {
      let late = MobilityPath(seed: 40, start: 900)
      var nodes = [path, other].enumerated().map { index, path in
        path.node(
          "n\(index)",
          vehicles: [vehicle(number, from: Int64(700 * index), to: 1100 + Int64(700 * index))])
      }
      nodes.append(late.node("late"))
      return Array(try await mobilityCodes(nodes).prefix(2))
    }
    #expect(try await codes(elsewhere).allSatisfy { $0.contains("M4_VIN_AT_TWO_NODES") })
    #expect(try await codes(path).allSatisfy { !$0.contains("M4_VIN_AT_TWO_NODES") })
  }

  @Test func swappingTheDevicePasses() async throws {
    let swapped = try await codes([
      vehicle("WVWZZZ1JZXW000001", from: 0, to: 4000, odometer: (100, 140)),
      vehicle("WVWZZZ1JZXW000001", from: 4300, to: 9000, odometer: (141, 180)),
    ])
    #expect(swapped == [[], []])
  }

  @Test func swapWithAnotherOdometerHolds() async throws {
    let swapped = try await codes([
      vehicle("WVWZZZ1JZXW000001", from: 0, to: 4000, odometer: (80_100, 80_140)),
      vehicle("WVWZZZ1JZXW000001", from: 4300, to: 9000, odometer: (12_141, 12_180)),
    ])
    #expect(swapped == [["M4_VIN_AT_TWO_NODES"], ["M4_VIN_AT_TWO_NODES"]])
  }

  @Test func endThatContradictsTheNumberIsTheOneThatLies() async throws {
    let number = "1HGCM82633A004352"
    let found = try await codes([
      vehicle(number, from: 0, to: 9000), vehicle(number, from: 0, to: 9000, contradictions: 2),
    ])
    #expect(found == [["M4_VIN_TAKEN"], ["M4_VIN_CONTRADICTED"]])
  }
}
