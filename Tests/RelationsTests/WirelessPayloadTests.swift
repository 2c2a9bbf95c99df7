import Testing

@testable import Profiles
@testable import Relations

/// Receptions of `count` payloads by each of `names`, as `receive` makes them.
private func nodes(
  _ names: [String], count: Int = 30, seed: UInt64,
  _ receive: (Int, Int, inout WirelessNoise) -> WirelessTrace.Sighting?
) -> [NodeProfile] {
  var random = WirelessNoise(state: seed)
  return names.enumerated().map { place, name in
    var profile = node(name)
    var trace = WirelessTrace()
    for payload in 0..<count {
      if let one = receive(place, payload, &random) { trace.sightings.append(one) }
    }
    profile.trace = trace
    return profile
  }
}

private func sighting(
  _ payload: Int, rssi: Double, snr: Double, counter: UInt32, late: Int64 = 0
) -> WirelessTrace.Sighting {
  WirelessTrace.Sighting(
    payload: WirelessTrace.hash("p\(payload)") & ~1, time: Int64(payload) * 60_000 + late,
    rssi: Int16(rssi.rounded() * 10), snr: Int16((snr * 4).rounded() * 2.5), counter: counter)
}

private func codes(_ nodes: [NodeProfile]) async throws -> [Set<String>] {
  let outcome = try await WirelessRelation.outcome(of: nodes, tasks: 1)
  return nodes.indices.map { index in
    Set((outcome.findings[index] ?? []).filter(\.isEstablished).map(\.reason.code))
  }
}

/// What the one receiver heard of each payload.
private func heard(_ payload: Int) -> (rssi: Double, snr: Double) {
  let rssi = -112 + Double(payload * 7 % 31)
  return (rssi, min(rssi + 110, 11))
}

@Test(arguments: [0.0, 1.0])
func oneReceptionUnderManyKeysIsFound(jitter: Double) async throws {
  let farm = nodes(["a", "b", "c", "d"], seed: 3) { place, payload, random in
    let one = heard(payload)
    return sighting(
      payload, rssi: one.rssi + jitter * random.noise(), snr: one.snr + jitter / 2 * random.noise(),
      counter: UInt32(payload * 60_000_000 + place * 5_000_000), late: Int64(place))
  }
  for found in try await codes(farm) { #expect(found == ["W3_SHARED_RECEPTION"]) }
}

@Test func ofTwoKeysTheLogDoesNotSayWhichIsTheForwarder() async throws {
  let pair = nodes(["a", "b"], seed: 3) { place, payload, _ in
    let one = heard(payload)
    return sighting(payload, rssi: one.rssi, snr: one.snr, counter: .max, late: Int64(place))
  }
  for found in try await codes(pair) { #expect(found == ["TIED_TO_A_LIE"]) }
}

@Test(arguments: 1...6)
func aDenseBlockHearsTheSamePayloadsApart(seed: UInt64) async throws {
  // One calm device in sight of all, counters of one make without drift.
  let block = nodes(["a", "b", "c", "d", "e", "f"], count: 60, seed: seed) {
    place, payload, random in
    sighting(
      payload, rssi: -90 + 1.2 * random.noise(), snr: min(7 + 1.5 * random.noise(), 9),
      counter: UInt32(payload * 60_000_000 + place * 5_000_000), late: Int64(place))
  }
  for found in try await codes(block) { #expect(found.isEmpty) }
  // Many devices, strong enough for the best ratio there is.
  let strong = nodes(["a", "b", "c", "d", "e", "f"], count: 60, seed: seed) {
    place, payload, random in
    let one = heard(payload)
    return sighting(
      payload, rssi: one.rssi + 4 * random.noise(), snr: 10,
      counter: UInt32(payload * 60_000_000 + place * 5_000_000), late: Int64(place))
  }
  for found in try await codes(strong) { #expect(found.isEmpty) }
}

@Test func aHashThatEverybodyReportsTakesNoSquareOfTime() async throws {
  let many = nodes((0..<300).map { "n\($0)" }, count: 60, seed: 2) { _, payload, random in
    var one = sighting(
      payload, rssi: -100 + 9 * random.noise(), snr: 6 * random.noise(), counter: .max)
    one.payload = 8
    return one
  }
  for found in try await codes(many) { #expect(found.isEmpty) }
}

/// What one node received, and another's records of the same payloads.
private func pair(
  count: Int = 30, _ copied: @escaping (Int, inout WirelessNoise) -> WirelessTrace.Sighting
) -> [NodeProfile] {
  nodes(["source", "other"], count: count, seed: 8) { place, payload, random in
    let one = heard(payload)
    return place == 0
      ? sighting(payload, rssi: one.rssi, snr: one.snr, counter: .max) : copied(payload, &random)
  }
}

@Test func theLaterOfTwoEqualSeriesOfReceptionsIsTheCopy() async throws {
  let cloned = pair { payload, random in
    let one = heard(payload)
    let late = 1000 + Int64(8000 * random.uniform())
    return sighting(payload, rssi: one.rssi, snr: one.snr, counter: .max, late: late)
  }
  #expect(try await codes(cloned) == [[], ["TIED_TO_A_LIE"]])
  #expect(try await codes(cloned.reversed()) == [["TIED_TO_A_LIE"], []])
}

@Test func aNeighbourThatDeliversLateIsNoCopy() async throws {
  // A receiver of its own, seconds behind.
  let slow = pair(count: 60) { payload, random in
    let one = heard(payload)
    return sighting(
      payload, rssi: one.rssi + 3 * random.noise(), snr: one.snr + 2 * random.noise(),
      counter: .max, late: 4000)
  }
  #expect(try await codes(slow) == [[], []])
  // Seven are few, and receivers that are stuck at one value have equal ones.
  let few = pair(count: 7) { payload, _ in
    let one = heard(payload)
    return sighting(payload, rssi: one.rssi, snr: one.snr, counter: .max, late: 4000)
  }
  #expect(try await codes(few) == [[], []])
  let stuck = nodes(["a", "b"], seed: 4) { place, payload, _ in
    sighting(payload, rssi: -97, snr: 5, counter: .max, late: Int64(place) * 4000)
  }
  #expect(try await codes(stuck) == [[], []])
}

private func sessions(_ name: String, _ contents: [UInt64], from time: Int64) -> NodeProfile {
  var profile = node(name)
  var trace = WirelessTrace()
  trace.sessions = contents.enumerated().map { index, content in
    WirelessTrace.Session(
      name: content, content: content, time: time + Int64(index) * 600_000)
  }
  profile.trace = trace
  return profile
}

@Test func sessionsOfAnotherNodeAfterwardsAreCopies() async throws {
  let first = sessions("first", Array(1...20), from: 0)
  let found = try await codes([
    sessions("copy", Array(3...9) + Array(100...110), from: 9_000_000), first,
    sessions("other", Array(200...220), from: 0),
  ])
  #expect(found == [["W11_COPIED_SESSIONS"], [], []])
  // Four are chance.
  let few = try await codes([sessions("copy", Array(3...6), from: 9_000_000), first])
  #expect(few == [[], []])
}

@Test func sizesThatSessionsComeInAreNoCopies() async throws {
  let all = (0..<8).map { sessions("n\($0)", Array(1...20), from: Int64($0) * 1_000_000) }
  for found in try await codes(all) { #expect(found.isEmpty) }
}
