import Foundation
import Testing

@testable import Simulation

@Suite struct RandomStreamTests {
  private func sample(_ count: Int, _ draw: (inout RandomStream) -> Double) -> [Double] {
    var random = RandomStream(seed: 11, 3)
    return (0..<count).map { _ in draw(&random) }
  }

  private func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  private func deviation(_ values: [Double]) -> Double {
    let centre = mean(values)
    return (values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count))
      .squareRoot()
  }

  @Test func sameSeedAndPlaceGiveTheSameBitsAndOthersDiffer() {
    var first = RandomStream(seed: 5, 1, 2)
    var same = RandomStream(seed: 5, 1, 2)
    var swapped = RandomStream(seed: 5, 2, 1)
    var longer = RandomStream(seed: 5, 1, 2, 0)
    var other = RandomStream(seed: 6, 1, 2)
    let bits = (0..<50).map { _ in first.bits() }
    #expect(bits == (0..<50).map { _ in same.bits() })
    for rest in [swapped.bits(), longer.bits(), other.bits()] {
      #expect(!bits.contains(rest))
    }
  }

  @Test func uniformsFillTheirRangeEvenly() {
    let values = sample(40_000) { $0.uniform(-2, 6) }
    #expect(values.allSatisfy { $0 >= -2 && $0 < 6 })
    #expect(abs(mean(values) - 2) < 0.05)
    #expect(abs(deviation(values) - 8 / 12.0.squareRoot()) < 0.03)
  }

  @Test func normalsHaveTheirMomentsAndTails() {
    let values = sample(40_000) { $0.normal(10, 3) }
    #expect(abs(mean(values) - 10) < 0.06)
    #expect(abs(deviation(values) - 3) < 0.05)
    let beyond = values.filter { abs($0 - 10) > 6 }.count
    #expect(abs(Double(beyond) / 40_000 - 0.0455) < 0.005)
    let next = zip(values, values.dropFirst()).map { ($0 - 10) * ($1 - 10) / 9 }
    #expect(abs(mean(next)) < 0.02)
  }

  @Test func skewedDistributionsHaveTheirMomentsAndMedians() {
    #expect(abs(mean(sample(40_000) { $0.exponential(7) }) - 7) < 0.15)
    let logNormals = sample(40_001) { $0.logNormal(median: 4, 0.5) }.sorted()
    #expect(abs(logNormals[20_000] - 4) < 0.06)
    for expected in [0.3, 4, 45, 400] {
      let counts = sample(20_000) { Double($0.poisson(expected)) }
      #expect(abs(mean(counts) - expected) < 0.04 * expected + 0.01)
      #expect(abs(deviation(counts) - expected.squareRoot()) < 0.03 * expected.squareRoot() + 0.01)
    }
    var random = RandomStream(seed: 1)
    #expect(random.poisson(0) == 0)
  }

  @Test func integersReachBothEndsEquallyOften() {
    var counts = [Int](repeating: 0, count: 7)
    var random = RandomStream(seed: 9)
    for _ in 0..<14_000 { counts[random.integer(-3...3) + 3] += 1 }
    #expect(counts.allSatisfy { abs($0 - 2000) < 200 })
  }

  @Test func hexadecimalDigitsHaveTheirNumber() {
    var random = RandomStream(seed: 2)
    for count in [0, 1, 15, 16, 17, 40] {
      let text = random.hex(count)
      #expect(text.utf8.count == count)
      #expect(text.allSatisfy { "0123456789abcdef".contains($0) })
    }
  }
}

@Suite struct RecordWriterTests {
  private func written(
    node: String = "n", _ fields: (inout RecordWriter) -> Void
  ) throws -> (text: String, object: [String: Any]) {
    var writer = RecordWriter()
    writer.begin(node: node)
    writer.record("k", at: 1_700_000_000_123, fields)
    let data = Data(writer.bytes)
    let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return (String(decoding: data, as: UTF8.self), try #require(object))
  }

  @Test func aRecordIsOneLineOfJSON() throws {
    let (text, object) = try written { record in
      record.number("a", -12.345, digits: 2)
      record.integer("b", -7)
      record.text("c", "x")
      record.flag("d", true)
    }
    #expect(
      text == #"{"ts":1700000000123,"node":"n","kind":"k","a":-12.35,"b":-7,"c":"x","d":true}"#
        + "\n")
    #expect(object["a"] as? Double == -12.35)
  }

  @Test func stringsAreEscaped() throws {
    let odd = "a\"b\\c\nd\u{01}é✓"
    let (text, object) = try written(node: odd) { $0.text("s", odd) }
    #expect(object["s"] as? String == odd)
    #expect(object["node"] as? String == odd)
    #expect(text.contains(#"\u000a"#))
    #expect(text.filter { $0 == "\n" }.count == 1)
  }

  @Test func numbersRoundHalfAwayFromZeroAndZeroHasNoSign() throws {
    let (text, _) = try written { record in
      record.number("a", 2.5, digits: 0)
      record.number("b", -2.5, digits: 0)
      record.number("c", -0.004, digits: 2)
      record.number("d", 0.999_999_9, digits: 6)
      record.number("e", 1e18, digits: 3)
      record.number("f", .nan, digits: 1)
      record.number("g", -.infinity, digits: 1)
    }
    #expect(
      text.hasSuffix(#""a":3,"b":-3,"c":0.00,"d":1.000000,"e":1e+18}"# + "\n"))
  }

  @Test func numbersComeBackAsTheyWereRounded() throws {
    var random = RandomStream(seed: 4)
    for _ in 0..<500 {
      let digits = random.integer(0...7)
      let value = random.normal(0, 1) * [1, 180, 1e6][random.integer(0...2)]
      let (_, object) = try written { $0.number("v", value, digits: digits) }
      let read = try #require(object["v"] as? Double)
      var step = 1.0
      for _ in 0..<digits { step /= 10 }
      #expect(abs(read - value) <= step * 0.500_001)
    }
  }

  @Test func clearingKeepsTheCount() {
    var writer = RecordWriter()
    writer.begin(node: "n")
    writer.record("k", at: 0) { _ in }
    writer.clear()
    #expect(writer.bytes.isEmpty)
    #expect(writer.count == 1)
  }
}

@Suite struct CastTests {
  private static let attacks = [
    AttackSpec("A", "alone"), AttackSpec("B", group: 4...10, "together"),
    AttackSpec("C", group: 1...2, "pairs"),
  ]
  private static let faults = [HonestSpec("f", ""), HonestSpec("g", group: 2...2, "")]
  private static let lookAlikes = [HonestSpec("l", group: 3...6, ""), HonestSpec("m", "")]

  private func cast(_ nodes: Int, _ contamination: Double, seed: UInt64 = 1) -> [CastMember] {
    Cast(
      nodes: nodes, attacks: Self.attacks, faults: Self.faults, lookAlikes: Self.lookAlikes,
      contamination: contamination, seed: seed
    ).members
  }

  private func share(_ members: [CastMember], _ isCounted: (Part) -> Bool) -> Double {
    Double(members.filter { isCounted($0.part) }.count) / Double(members.count)
  }

  @Test func sharesAreThoseAskedFor() {
    let members = cast(3000, 0.08)
    #expect(members.count == 3000)
    let spoofed = share(members) { if case .attack = $0 { true } else { false } }
    let faulty = share(members) { if case .fault = $0 { true } else { false } }
    let alike = share(members) { if case .lookAlike = $0 { true } else { false } }
    #expect(abs(spoofed - 0.08) < 0.003)
    #expect(abs(faulty - Cast.faultShare) < 0.003)
    #expect(abs(alike - Cast.lookAlikeShare) < 0.004)
  }

  @Test func everyAttackComesInEveryStrengthAboutEquallyOften() {
    var groups: [String: Set<Int>] = [:]
    for member in cast(4000, 0.2) {
      guard case .attack(let code, let strength) = member.part else { continue }
      groups["\(code) \(strength)", default: []].insert(member.group)
    }
    #expect(groups.count == 9)
    let counts = groups.values.map(\.count)
    #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 2)
  }

  @Test func groupsAreContiguousOfOnePartAndOfTheirSize() {
    let members = cast(2000, 0.15)
    for (place, member) in members.enumerated() {
      #expect(member.index == place)
      #expect(member.members.contains(place))
      #expect(member.place == place - member.members.lowerBound)
      for other in member.members {
        #expect(members[other].group == member.group)
        #expect(members[other].part == member.part)
      }
      switch member.part {
      case .attack("B", _): #expect((4...10).contains(member.members.count))
      case .attack("C", _): #expect((1...2).contains(member.members.count))
      case .fault("g"): #expect(member.members.count == 2)
      case .lookAlike("l"): #expect((3...6).contains(member.members.count))
      default: #expect(member.members.count == 1)
      }
    }
  }

  @Test func identitiesAreDistinctAndSayNothing() {
    let members = cast(2000, 0.1)
    #expect(Set(members.map(\.id)).count == 2000)
    #expect(Set(members.map(\.id.utf8.count)) == [41])
  }

  @Test func theSameSeedGivesTheSameCastAndACleanOneHasNoSpoofers() {
    #expect(cast(500, 0.08).map(\.id) == cast(500, 0.08).map(\.id))
    #expect(cast(500, 0.08).map(\.part) == cast(500, 0.08).map(\.part))
    #expect(cast(500, 0.08).map(\.part) != cast(500, 0.08, seed: 2).map(\.part))
    let clean = Cast(
      nodes: 500, attacks: [], faults: [], lookAlikes: [], contamination: 0.3, seed: 1)
    #expect(clean.members.allSatisfy { $0.part == .honest })
  }
}
