import Foundation
import Testing

@testable import Simulation

/// The figures measured on CampusIoT's public logs (57,917 receptions, 56 links), held by honest
/// nodes of a simulated network over two days.
@Suite struct WirelessCalibrationTests {
  private static let fixture = WirelessFixture(nodes: 520, attacks: [], days: 2)

  private func links(_ kind: String, _ other: String) -> [[WirelessRecord]] {
    let records = Self.fixture.records(kind) { $0 == .honest }
    let groups = Dictionary(grouping: records) { "\($0.node) \($0.text(other) ?? "")" }
    return groups.sorted { $0.key < $1.key }.map(\.value)
  }

  @Test func distanceExplainsLittleOfSignalStrength() {
    var places: [String: (lat: Double, lon: Double)] = [:]
    var regions: [String: String] = [:]
    for claim in Self.fixture.records where claim.kind == "claim" {
      places[claim.node] = claim.place
      regions[claim.node] = claim.text("region")
    }
    // Bands differ in power, so that each is centred before they are joined.
    var points: [(x: Double, y: Double)] = []
    for region in Set(regions.values).sorted() {
      var own: [(x: Double, y: Double)] = []
      for link in links("witness", "peer") where link.count >= 2 {
        guard regions[link[0].node] == region, let ear = places[link[0].node],
          let peer = places[link[0].text("peer") ?? ""]
        else { continue }
        let strengths = link.compactMap { $0.number("rssi_dbm") }
        let mean = strengths.reduce(0, +) / Double(strengths.count)
        own.append((log10(max(wirelessKilometres(ear, peer), 0.05)), mean))
      }
      guard own.count > 50 else { continue }
      let x = own.reduce(0) { $0 + $1.x } / Double(own.count)
      let y = own.reduce(0) { $0 + $1.y } / Double(own.count)
      points += own.map { ($0.x - x, $0.y - y) }
    }
    let line = fitted(points)
    #expect(points.count > 1_000)
    #expect((0.08...0.24).contains(line.explained), "\(line.explained)")
    #expect((-17 ... -7).contains(line.slope), "\(line.slope)")
  }

  private func fitted(_ points: [(x: Double, y: Double)]) -> (slope: Double, explained: Double) {
    let count = Double(points.count)
    let x = points.reduce(0) { $0 + $1.x } / count
    let y = points.reduce(0) { $0 + $1.y } / count
    let xx = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    let yy = points.reduce(0) { $0 + ($1.y - y) * ($1.y - y) }
    let xy = points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
    return (xy / xx, xy * xy / (xx * yy))
  }

  @Test func linksSpreadAsRealOnesDo() {
    let links = links("packet", "device").filter { $0.count >= 20 }
    #expect(links.count > 300)
    let strengths = links.map { wirelessDeviation($0.compactMap { $0.number("rssi_dbm") }) }
      .sorted()
    #expect((0.6...2).contains(strengths[strengths.count / 50]))
    #expect((2.2...4).contains(strengths[strengths.count / 2]))
    #expect((5...12).contains(strengths[strengths.count * 97 / 100]))
    let ratios = links.map { wirelessDeviation($0.compactMap { $0.number("snr_db") }) }
      .filter { $0 > 0 }.sorted()
    #expect((0.4...1.6).contains(ratios[ratios.count / 50]))
    #expect((2...3.8).contains(ratios[ratios.count / 2]))
    #expect((4...9).contains(ratios[ratios.count * 97 / 100]))
  }

  @Test func someReceptionsArriveLateAndMostOfThoseFromFewNodes() {
    let holds = ["witness", "packet"].flatMap { kind in
      Self.fixture.records(kind) { if case .attack = $0 { false } else { true } }
    }
    .compactMap { record in record.number("hold_ms").map { (record.node, $0) } }
    let late = holds.filter { $0.1 > 4_000 }
    let queued = holds.filter { $0.1 > 180_000 }
    #expect((0.02...0.075).contains(Double(late.count) / Double(holds.count)))
    #expect((0.006...0.03).contains(Double(queued.count) / Double(holds.count)))
    let counts = Dictionary(grouping: late, by: \.0).values.map(\.count).sorted(by: >)
    let nodes = Set(holds.map(\.0)).count
    let most = counts.prefix(nodes / 4).reduce(0, +)
    #expect(Double(most) > 0.75 * Double(late.count))
  }

  @Test func noReceptionLiesFarBelowItsDemodulationFloor() {
    for kind in ["witness", "packet"] {
      for record in Self.fixture.records(kind, { $0 == .honest }) {
        guard let snr = record.number("snr_db"), let rate = record.text("datarate"),
          let spreading = Int(rate.dropFirst(2).prefix { $0 != "B" })
        else { continue }
        #expect(snr > WirelessNetwork.LoRa.floor(spreading) - 6)
        #expect(snr < 17)
      }
    }
  }

  @Test func honestReceptionsStayBelowFreeSpace() {
    var claims: [String: WirelessRecord] = [:]
    for record in Self.fixture.records where record.kind == "claim" { claims[record.node] = record }
    var above = 0
    let witnesses = Self.fixture.records("witness") { $0 == .honest }
    for witness in witnesses {
      guard let own = claims[witness.node], let peer = claims[witness.text("peer") ?? ""],
        peer.member.part == .honest, let ownPlace = own.place, let peerPlace = peer.place,
        let band = WirelessNetwork.Band.all.first(where: { $0.name == own.text("region") })
      else { continue }
      let distance = max(wirelessKilometres(ownPlace, peerPlace), 0.03)
      let loss = WirelessNetwork.freeSpace(
        kilometres: distance, megahertz: witness.number("freq_mhz") ?? 868)
      let gains = (own.number("gain_dbi") ?? 8) + (peer.number("gain_dbi") ?? 8)
      if (witness.number("rssi_dbm") ?? -99) > band.power + gains - loss { above += 1 }
    }
    #expect(Double(above) < 0.001 * Double(witnesses.count))
  }

  @Test func counterRunsWithAFewPartsPerMillionOfDrift() throws {
    for node in Self.fixture.grouped({ $0 == .honest }) {
      let ticks = node.filter { $0.kind == "witness" && ($0.number("hold_ms") ?? 9e9) < 4_000 }
        .compactMap { record in record.number("tmst_us").map { (Double(record.time), $0) } }
      guard ticks.count > 8 else { continue }
      // Steps between neighbours agree with the arrival times modulo 2³² within the delays'
      // spread, but for the rare restart.
      var off = 0
      for (first, second) in zip(ticks, ticks.dropFirst()) {
        let elapsed = (second.0 - first.0) * 1000
        let step = second.1 - first.1
        let wraps = ((elapsed - step) / 4_294_967_296).rounded()
        if abs(elapsed - step - wraps * 4_294_967_296) > 6_000_000 { off += 1 }
      }
      #expect(off <= 4 + ticks.count / 10)
    }
  }

  @Test func demandFollowsTheClockAndHasAHeavyTail() {
    let transfers = Self.fixture.records("transfer") { $0 == .honest }
    let bytes = transfers.compactMap { $0.number("down_bytes") }.sorted()
    #expect(transfers.count > 5_000)
    let top = bytes.suffix(bytes.count / 100).reduce(0, +)
    #expect(top > 0.1 * bytes.reduce(0, +))
    var byNode: [Int: [Int]] = [:]
    for transfer in transfers {
      let hour = Int(transfer.time / 3_600_000 % 24)
      byNode[transfer.member.index, default: Array(repeating: 0, count: 24)][hour] += 1
    }
    // Every busy node has hours with several times the demand of others.
    for hours in byNode.values where hours.reduce(0, +) > 150 {
      let sorted = hours.sorted()
      #expect(sorted[20...23].reduce(0, +) > 2 * sorted[0...3].reduce(0, +))
    }
  }
}
