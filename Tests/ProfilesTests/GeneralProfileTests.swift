import Contributions
import TestRecords
import Testing

@testable import Profiles

private let schemas: [ProfileSchema] = [.storage, .mobility, .environment]

/// Three hundred records of each kind with every field, noisy numbers and small alphabets.
private func rich(_ schema: ProfileSchema, seed: UInt64 = 1) -> LogNode {
  var random = ComputeRandom(state: seed)
  var node = LogNode(.general(schema))
  for kind in schema.kinds {
    for index in 0..<300 {
      var fields: RecordLog.Fields = [:]
      for field in kind.fields {
        switch field.type {
        case .string: fields[field.name] = .text("t\(index % 9)")
        case .boolean: fields[field.name] = .flag(index % 11 != 0)
        case .number, .integer:
          fields[field.name] = random.rounded(40, 6, digits: 10)
        }
      }
      node.add(
        kind.name, second: 200 * Double(index) + Double.random(in: 0..<190, using: &random), fields)
    }
  }
  return node
}

@Test(arguments: schemas.map(\.name))
func theGeneralBatteryMeasuresEverythingOnARichNode(name: String) throws {
  let schema = try #require(ProfileSchema.named(name))
  let node = rich(schema)
  let profile = node.profile
  #expect(!profile.features.isEmpty)
  for (index, spec) in node.network.features.enumerated() {
    let value = profile.features[index]
    #expect(value.isFinite, "\(spec.name)")
    let steps = value / spec.resolution
    #expect((steps - steps.rounded()).magnitude < 1e-4, "\(spec.name)")
  }
  #expect(profile.findings.isEmpty)
  #expect(profile.groups == ["all"])
  #expect(profile.unitsMicro == Int64(profile.recordCount) * 1_000_000)
}

@Test(arguments: schemas.map(\.name))
func theGeneralBatteryMeasuresNothingOnAnEmptyNode(name: String) throws {
  let schema = try #require(ProfileSchema.named(name))
  let profile = LogNode(.general(schema)).profile
  #expect(profile.features.allSatisfy { $0.isNaN })
  #expect(profile.unitsMicro == 0)
}

@Test(arguments: schemas.map(\.name))
func theGeneralBatteryHasNoFeatureOfClaimsOrOfWhatIsNoQuantity(name: String) throws {
  let schema = try #require(ProfileSchema.named(name))
  let names = Profile.general(schema).features.map(\.name)
  #expect(Set(names).count == names.count)
  #expect(!names.contains { $0.hasPrefix("claim.") })
  for kind in schema.kinds {
    for field in kind.fields where field.role != .value || field.type == .string {
      #expect(!names.contains("\(kind.name).\(field.name).median"), "\(kind.name).\(field.name)")
    }
  }
}

@Test func generalFeaturesHaveTheirKnownValues() {
  var node = LogNode(.general(.environment))
  for index in 0..<32 {
    node.add(
      "reading", second: 60 * Double(index),
      ["temp_c": .number(Double(index % 4)), "humidity_pct": 55])
  }
  #expect(node.feature("reading.records") == 5)
  #expect(node.feature("reading.gap_variation") == 0)
  #expect(node.feature("reading.temp_c.median") == 1.5)
  #expect(node.feature("reading.temp_c.repeats") == 0.25)
  #expect(node.feature("reading.humidity_pct.repeats") == 1)
  #expect(node.feature("reading.humidity_pct.spread") == 0)
  #expect(node.feature("reading.humidity_pct.lag_correlation").isNaN)
  #expect(node.feature("reading.uv.median").isNaN)
  #expect(node.feature("meter.records").isNaN)
}

@Test func aStuckSensorMovesTheGeneralFeatures() {
  let honest = rich(.environment, seed: 5)
  var stuck = LogNode(.general(.environment))
  for index in 0..<300 { stuck.add("reading", second: 200 * Double(index), ["temp_c": 21.5]) }
  #expect(stuck.feature("reading.temp_c.repeats") > honest.feature("reading.temp_c.repeats"))
  #expect(stuck.feature("reading.temp_c.spread") < honest.feature("reading.temp_c.spread"))
  #expect(stuck.feature("reading.gap_variation") < honest.feature("reading.gap_variation"))
}

@Test func hostileNumbersLeaveTheGeneralFeaturesFiniteOrUnmeasured() {
  var node = LogNode(.general(.storage))
  for index in 0..<40 {
    node.add(
      "retrieval", second: Double(index),
      [
        "bytes": .number(index % 2 == 0 ? 1.7e308 : Double.leastNonzeroMagnitude),
        "ttfb_ms": .number(index % 3 == 0 ? 0 : 1e300), "status": 9_007_199_254_740_991,
      ])
  }
  #expect(node.profile.features.allSatisfy { $0.isNaN || $0.isFinite })
}

@Test func identitiesAreListedInTheOrderOfTheirBytes() {
  // "é" in one piece and in two: equal to Swift's strings, different identities.
  for _ in 0..<20 {
    var node = LogNode(.general(.storage))
    for (index, drive) in ["caf\u{E9}", "cafe\u{301}", "a", "cafe"].enumerated() {
      node.add("drive", second: Double(index), ["drive_id": .text(drive)])
    }
    let bytes = node.profile.identities.map { Array($0.value.utf8) }
    #expect(bytes == ["a", "cafe", "cafe\u{301}", "caf\u{E9}"].map { Array($0.utf8) })
  }
}
