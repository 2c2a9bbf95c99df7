import Testing

@testable import Profiles
@testable import Relations

private let names = ["a", "b", "c", "d", "e"]

/// Receptions of 30 payloads by five nodes, as `receive` makes them.
private func nodes(
  count: Int = 30, seed: UInt64 = 5,
  _ receive: (Int, Int, inout WirelessNoise) -> WirelessTrace.Sighting
) -> [NodeProfile] {
  var random = WirelessNoise(state: seed)
  return names.enumerated().map { place, name in
    var profile = node(name)
    var trace = WirelessTrace()
    trace.sightings = (0..<count).map { receive(place, $0, &random) }
    profile.trace = trace
    return profile
  }
}

private func sighting(
  _ payload: Int, rssi: Double, snr: Double?, late: Double = 0, isBeacon: Bool = false
) -> WirelessTrace.Sighting {
  WirelessTrace.Sighting(
    payload: WirelessTrace.hash("p\(payload)") & ~1 | (isBeacon ? 1 : 0),
    time: Int64(payload) * 60_000 + Int64(late), rssi: Int16(rssi.rounded() * 10),
    snr: snr.map { Int16(($0 * 4).rounded() * 2.5) } ?? .min, counter: .max)
}

private func codes(_ nodes: [NodeProfile]) async throws -> [Set<String>] {
  let outcome = try await WirelessRelation.outcome(of: nodes, tasks: 1)
  return nodes.indices.map { index in
    Set((outcome.findings[index] ?? []).filter(\.isEstablished).map(\.reason.code))
  }
}

private func strength(_ payload: Int) -> Double { -112 + Double(payload * 7 % 31) }
private func ratio(_ payload: Int) -> Double { min(strength(payload) + 103, 11) }

@Test func keysThatReportOneAfterTheOtherAreFound() async throws {
  let farm = nodes { _, payload, random in
    sighting(
      payload, rssi: strength(payload) + random.noise(),
      snr: ratio(payload) + 0.5 * random.noise(), late: 900 * random.uniform())
  }
  for found in try await codes(farm) { #expect(found == ["W3_SHARED_RECEPTION"]) }
  // Receivers of their own, as far behind one another.
  let block = nodes { _, payload, random in
    sighting(
      payload, rssi: strength(payload) + 3 * random.noise(),
      snr: min(ratio(payload) + 2 * random.noise(), 11), late: 900 * random.uniform())
  }
  for found in try await codes(block) { #expect(found.isEmpty) }
}

@Test func belowTheNoiseTheRatioTells() async throws {
  // What is reported as strength is the noise's, alike for whoever listens.
  func all(_ error: Double) -> [NodeProfile] {
    nodes { _, payload, random in
      sighting(
        payload, rssi: -117 + random.noise(),
        snr: -18 + Double(payload * 7 % 22) + error * random.noise())
    }
  }
  for found in try await codes(all(0.7)) { #expect(found == ["W3_SHARED_RECEPTION"]) }
  for found in try await codes(all(1.6)) { #expect(found.isEmpty) }
}

@Test func aKeyWithoutRatiosIsTiedToTheProvenByItsStrengths() async throws {
  func all(_ error: Double) -> [NodeProfile] {
    nodes { place, payload, random in
      sighting(
        payload, rssi: strength(payload) + (place == 4 ? error : 1) * random.noise(),
        snr: place == 4 ? nil : ratio(payload) + 0.5 * random.noise())
    }
  }
  let fed = try await codes(all(1))
  #expect(fed.prefix(4).allSatisfy { $0 == ["W3_SHARED_RECEPTION"] })
  #expect(fed[4] == ["TIED_TO_A_LIE"])
  // A neighbour that tells no ratio either.
  #expect(try await codes(all(4))[4].isEmpty)
}

@Test func strengthsAloneTieNobody() async throws {
  let all = nodes { _, payload, random in
    sighting(payload, rssi: strength(payload) + random.noise(), snr: nil)
  }
  for found in try await codes(all) { #expect(found.isEmpty) }
}

@Test func whatDiffersInBeaconsIsNotOneReceiver() async throws {
  // Fourteen packets that agree, and then beacons that do not.
  func pair(count: Int) -> [NodeProfile] {
    let all = nodes(count: count) { _, payload, random in
      let isBeacon = payload >= 14
      return sighting(
        payload, rssi: strength(payload) + (isBeacon ? 4 : 0.7) * random.noise(),
        snr: ratio(payload) + (isBeacon ? 0.7 : 0.3) * random.noise(), isBeacon: isBeacon)
    }
    return Array(all.prefix(2))
  }
  for found in try await codes(pair(count: 14)) { #expect(found == ["TIED_TO_A_LIE"]) }
  for found in try await codes(pair(count: 60)) { #expect(found.isEmpty) }
}

@Test func aBeaconsNameUsedAgainIsNotLate() async throws {
  func all(isBeacon: Bool) -> [NodeProfile] {
    nodes { place, payload, random in
      sighting(
        payload, rssi: -100 + 6 * random.noise(), snr: 5 * random.noise(),
        late: place < 3 ? 0 : 8_000_000, isBeacon: isBeacon)
    }
  }
  for found in try await codes(all(isBeacon: true)) { #expect(found.isEmpty) }
  #expect(
    try await codes(all(isBeacon: false)) == [[], [], [], ["TIED_TO_A_LIE"], ["TIED_TO_A_LIE"]])
}
