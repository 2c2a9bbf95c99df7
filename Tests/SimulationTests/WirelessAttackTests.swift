import Foundation
import Testing

@testable import Simulation

/// Every attack leaves what it must leave, in every strength, and its honest look-alike does not.
@Suite struct WirelessAttackTests {
  private let fixture = WirelessFixture.mixed
  private let places: [String: (lat: Double, lon: Double)]
  private let groups: [String: Int]

  init() {
    var places: [String: (lat: Double, lon: Double)] = [:]
    for claim in fixture.records where claim.kind == "claim" { places[claim.node] = claim.place }
    self.places = places
    groups = Dictionary(uniqueKeysWithValues: fixture.members.map { ($0.id, $0.group) })
  }

  private func isInside(_ witness: WirelessRecord) -> Bool {
    groups[witness.text("peer") ?? ""] == witness.member.group
  }

  private func claimedDistance(_ witness: WirelessRecord) -> Double {
    guard let own = places[witness.node], let peer = places[witness.text("peer") ?? ""]
    else { return .nan }
    return wirelessKilometres(own, peer)
  }

  private func witnesses(_ part: @escaping (Part) -> Bool) -> [WirelessRecord] {
    fixture.records("witness", part)
  }

  private func isLookAlike(_ name: String) -> (Part) -> Bool {
    { $0 == .lookAlike(name) }
  }

  @Test func farmsHearEachOtherNearWhileTheyClaimToBeFar() {
    for strength in Strength.allCases {
      let inside = witnesses { $0 == .attack("W1", strength) }.filter(isInside)
      #expect(inside.count >= 8)
      #expect(inside.allSatisfy { claimedDistance($0) > 0.6 })
      let strong = inside.filter { ($0.number("rssi_dbm") ?? -200) > -62 }
      #expect(Double(strong.count) > 0.95 * Double(inside.count))
    }
    let twins = witnesses(isLookAlike("two-units")).filter(isInside)
    #expect(!twins.isEmpty)
    #expect(twins.allSatisfy { claimedDistance($0) < 0.6 })
  }

  @Test func cliquesHearFewOthersAndIsolatedTownsAreTrulyAlone() {
    for (strength, most) in [(Strength.easy, 0.0), (.medium, 0.35), (.hard, 0.75)] {
      let heard = witnesses { $0 == .attack("W2", strength) }
      let outside = heard.filter { !isInside($0) }
      #expect(heard.count > 40)
      #expect(Double(outside.count) <= most * Double(heard.count))
    }
    let isolated = witnesses(isLookAlike("isolated-town"))
    #expect(isolated.count > 40)
    #expect(isolated.allSatisfy(isInside))
    #expect(isolated.allSatisfy { claimedDistance($0) < 60 })
  }

  @Test func stuffedKeysReportOneForwardersReceptions() {
    for (strength, range, apart) in [
      (Strength.easy, 2.0, 25), (.medium, 4, 90), (.hard, 14, 420),
    ] {
      let copies = fixture.nodes("W3", strength).flatMap { node in
        node.filter { $0.kind == "packet" && $0.member.place > 0 }
      }
      let shared = Dictionary(grouping: copies) {
        "\($0.member.group) \($0.text("payload_hash") ?? "") \($0.time / 3_600_000)"
      }
      .values.filter { $0.count > 3 }
      #expect(!shared.isEmpty, "\(strength)")
      // A device that sends a packet twice makes two transmissions of one payload.
      let tight = shared.filter { group in
        let times = group.map(\.time)
        let values = group.compactMap { $0.number("rssi_dbm") }
        return (times.max() ?? 0) - (times.min() ?? 0) <= Int64(apart)
          && (values.max() ?? 0) - (values.min() ?? 0) <= range
      }
      #expect(Double(tight.count) > 0.85 * Double(shared.count), "\(strength)")
    }
  }

  @Test func rewrittenValuesStayInTheirBoxAndConstantsVaryLittle() {
    for node in fixture.nodes("W4", .easy) {
      let values = node.compactMap { $0.number("snr_db") }
      #expect(values.allSatisfy { (-9.9...1.9).contains($0) })
      let edges = values.filter { $0 == -9.9 || $0 == 1.9 }.count
      #expect(values.isEmpty || edges * 5 > values.count)
    }
    for node in fixture.nodes("W5") {
      let bySource = Dictionary(grouping: node.filter { $0.number("rssi_dbm") != nil }) {
        $0.text("peer") ?? $0.text("device") ?? ""
      }
      for link in bySource.values {
        #expect(wirelessDeviation(link.compactMap { $0.number("rssi_dbm") }) <= 1)
      }
    }
    let distant = fixture.records("witness", isLookAlike("distant-sf12"))
    #expect(!distant.isEmpty)
    #expect(distant.allSatisfy { ($0.number("rssi_dbm") ?? 0) < -125 })
    #expect(wirelessDeviation(distant.compactMap { $0.number("rssi_dbm") }) > 0.8)
  }

  @Test func coarseReceiversHaveStepsButNoBox() {
    let coarse = fixture.grouped(isLookAlike("coarse-steps"))
    #expect(!coarse.isEmpty)
    for node in coarse {
      let values = node.compactMap { $0.number("snr_db") }
      #expect(values.allSatisfy { $0 == $0.rounded() })
    }
  }

  @Test func formulasFollowClaimedDistance() {
    for (strength, least) in [(Strength.easy, 0.9), (.medium, 0.7), (.hard, 0.3)] {
      let explained = fixture.nodes("W6", strength).compactMap { node -> Double? in
        let points = node.filter { $0.kind == "witness" }.compactMap { record in
          record.number("rssi_dbm").map { (log10(max(claimedDistance(record), 0.05)), $0) }
        }
        return points.count > 15 ? correlation(points) : nil
      }
      #expect(explained.allSatisfy { $0 * $0 > least }, "\(strength) \(explained)")
    }
  }

  private func correlation(_ points: [(Double, Double)]) -> Double {
    let count = Double(points.count)
    let x = points.reduce(0) { $0 + $1.0 } / count
    let y = points.reduce(0) { $0 + $1.1 } / count
    let xy = points.reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
    let xx = points.reduce(0) { $0 + ($1.0 - x) * ($1.0 - x) }
    let yy = points.reduce(0) { $0 + ($1.1 - y) * ($1.1 - y) }
    return xx * yy > 0 ? xy / (xx * yy).squareRoot() : 0
  }

  @Test func relaysAreLate() {
    for node in fixture.nodes("W7") {
      guard case .attack(_, let strength) = node[0].member.part else { continue }
      let holds = node.compactMap { $0.number("hold_ms") }
      guard holds.count > 20, strength != .hard else { continue }
      #expect(holds.filter { $0 > 1_000 }.count * 4 > holds.count)
    }
  }

  @Test func theMisplacedAreHeardAroundTheirTruePlace() {
    for node in fixture.nodes("W8", .easy) {
      let distances = node.filter { $0.kind == "witness" }.map(claimedDistance)
        .filter { $0.isFinite }.sorted()
      guard distances.count > 5 else { continue }
      #expect(distances[distances.count / 2] > 40)
    }
  }

  @Test func clonedKeysBeaconTwiceInSixHours() {
    for node in fixture.nodes("W10") {
      #expect((6...8).contains(node.filter { $0.kind == "beacon" }.count))
    }
    for node in fixture.grouped(isLookAlike("restart")) {
      #expect(node.filter { $0.kind == "beacon" }.count <= 4)
    }
  }

  @Test func replaysComeMinutesOrHoursLaterAndRetransmissionsWithinSeconds() {
    func gaps(_ node: [WirelessRecord]) -> [Int64] {
      let named = node.filter { $0.kind == "packet" || $0.kind == "transfer" }
      return Dictionary(grouping: named) { $0.text("session") ?? $0.text("payload_hash") ?? "" }
        .values.flatMap { group in
          zip(group, group.dropFirst()).map { $1.time - $0.time }
        }
    }
    for strength in Strength.allCases {
      let late = fixture.nodes("W11", strength).flatMap(gaps).filter { $0 > 590_000 }
      #expect(late.count > 2, "\(strength)")
    }
    let repeated = fixture.grouped(isLookAlike("retransmission")).flatMap(gaps)
    #expect(repeated.count > 5)
    // A copy held up by the backhaul may come minutes after the other.
    #expect(repeated.filter { $0 > 590_000 }.count * 20 <= repeated.count)
  }

  @Test func farmersHaveFewSubscribersRoundTheClockAndKiosksShopHours() {
    func emptyHours(_ transfers: [WirelessRecord]) -> Int {
      24 - Set(transfers.map { $0.time / 3_600_000 }).count
    }
    for node in fixture.nodes("W12") {
      let transfers = node.filter { $0.kind == "transfer" }
      #expect(transfers.count > 50)
      #expect(Set(transfers.compactMap { $0.text("subscriber") }).count <= 7)
      #expect(emptyHours(transfers) <= 3)
    }
    for node in fixture.grouped(isLookAlike("kiosk")) {
      let transfers = node.filter { $0.kind == "transfer" }
      #expect(Set(transfers.compactMap { $0.text("subscriber") }).count <= 4)
      #expect(emptyHours(transfers) >= 5)
    }
  }

  @Test func softwarePositionsStickToTheClaimWhileTheirSourceChanges() {
    for node in fixture.nodes("W13") {
      let beats = node.filter { $0.kind == "heartbeat" }
      guard let claim = places[node[0].node] else { continue }
      let equal = beats.filter { beat in
        guard let place = beat.place else { return false }
        return wirelessKilometres(claim, place) < 0.0003
      }
      #expect(equal.count * 2 > beats.count)
    }
    for node in fixture.grouped(isLookAlike("snapped-position")) {
      let sources = node.filter { $0.kind == "heartbeat" }.map { $0.text("location_source") ?? "" }
      #expect(Set(sources).count == 1)
    }
  }

  @Test func moddedSpeedTestsHardlyVaryAndThrottledLinesKeepTheirLatency() {
    func spread(_ node: [WirelessRecord], _ field: String) -> Double {
      let values = node.compactMap { $0.number(field) }
      return wirelessDeviation(values) / max(values.reduce(0, +) / Double(values.count), 1e-9)
    }
    for node in fixture.nodes("W14") {
      #expect(spread(node, "down_mbps") < 0.025)
      #expect(spread(node, "latency_ms") < 0.2)
    }
    for node in fixture.nodes("W14", .easy) { #expect(spread(node, "down_mbps") == 0) }
    for node in fixture.grouped(isLookAlike("throttled-line")) {
      #expect(spread(node, "down_mbps") < 0.025)
      #expect(spread(node, "latency_ms") > 0.03)
    }
  }

  @Test func faultsShowTheirDamage() {
    func median(_ name: String, _ kind: String) -> Int {
      let counts = fixture.grouped { $0 == .fault(name) }
        .map { $0.filter { $0.kind == kind }.count }.sorted()
      return counts.isEmpty ? -1 : counts[counts.count / 2]
    }
    #expect((0...6).contains(median("dead-receiver", "witness")))
    #expect(median("dead-receiver", "beacon") >= 3)
    let late = fixture.grouped { $0 == .fault("slow-backhaul") }.flatMap { $0 }
      .compactMap { $0.number("hold_ms") }
    #expect(late.isEmpty || late.filter { $0 > 4_000 }.count * 5 > late.count)
    let stalled = fixture.grouped { $0 == .fault("stalled-speed-test") }.flatMap { $0 }
      .compactMap { $0.number("down_mbps") }
    #expect(stalled.allSatisfy { $0 < 20 })
  }
}
