import Assay
import Bundles
import Contributions
import Foundation
import Pipeline
import Testing

/// What a bundle's verdict lines say, as a response says it.
private func nodes(of contents: BundleContents) -> [CanonicalJSON] {
  let outcomes = ["accept": "PASS", "hold": "FLAG", "reject": "FAIL", "abstain": "ABSTAIN"]
  return contents.verdicts.enumerated().map { place, verdict in
    let record = VerdictRecord(
      epoch: contents.epoch, sequence: UInt32(place), profile: contents.profile,
      verdict: verdict)
    guard case .object(var members) = record.json(leaf: record.leaf(bits: [:])) else {
      return .null
    }
    for name in ["epoch", "seq", "profile", "subject", "contribution", "supersedes"] {
      members[name] = nil
    }
    members["outcome"] = outcomes[verdict.outcome.rawValue].map { .string($0) }
    return .object(members)
  }
}

/// The nodes that a response names, as they stand in its bytes, by the bytes of their identities.
private func nodes(of response: VerifyResponse) throws -> [CanonicalJSON] {
  let results = response.results.flatMap(\.nodes)
  return results.sorted { $0.node.utf8.lexicographicallyPrecedes($1.node.utf8) }.map(\.tree)
}

private func expectAgreement(
  _ response: VerifyResponse, with contents: BundleContents,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let expected = nodes(of: contents)
  let found = try nodes(of: response)
  #expect(found.count == expected.count, sourceLocation: sourceLocation)
  for (one, other) in zip(found, expected) {
    #expect(one.text == other.text, sourceLocation: sourceLocation)
  }
  let counts = response.results.map(\.counts)
  #expect(counts.reduce(0) { $0 + $1.used } == contents.books.used)
  #expect(counts.reduce(0) { $0 + $1.duplicate } == contents.books.duplicate)
  #expect(counts.reduce(0) { $0 + $1.quarantined } == contents.books.quarantined)
  #expect(counts.reduce(0) { $0 + $1.otherEpochs } == contents.books.otherEpochs)
}

private func model(_ profile: String) throws -> TrainedModel {
  try TrainedModel(path: modelPath(profile), for: profile)
}

@Test func aWholeNightOfThreeHundredNodesGetsTheNightsVerdicts() async throws {
  let night = try await Night("wireless", nodes: 320, seed: 7)
  let contents = try await night.run(model: model("wireless"))
  #expect(contents.verdicts.contains { $0.outcome == .reject })
  #expect(contents.verdicts.contains { $0.outcome == .accept })
  let response = try await verifier(["wireless"]).verify(request(night.itemsByNode))
  #expect(response.results.count == 320)
  try expectAgreement(response, with: contents)
}

@Test(arguments: ["compute", "storage", "mobility", "environment"])
func everyProfileAgreesWithTheNight(profile: String) async throws {
  let night = try await Night(profile, nodes: 40, seed: 11)
  let contents = try await night.run(model: model(profile))
  let response = try await verifier([profile]).verify(request(night.itemsByNode))
  try expectAgreement(response, with: contents)
}

@Test func withoutAModelTheNodesJudgeEachOtherAsInTheNight() async throws {
  let night = try await Night("wireless", nodes: 60, seed: 12)
  let contents = try await night.run()
  let response = try await verifier(["wireless"], models: false, tasks: 2)
    .verify(request([night.wholeItem]))
  #expect(response.profiles["wireless"]?.model == nil)
  try expectAgreement(response, with: contents)
}

@Test func orderAndSplitOfItemsChangeNoVerdict() async throws {
  let night = try await Night("environment", nodes: 40, seed: 13)
  let verifier = try verifier(["environment"])
  let whole = try nodes(of: await verifier.verify(request([night.wholeItem])))
  var random = SplitMix64(state: 5)
  for _ in 0..<3 {
    // Nodes dealt into items at random, each item's records in any order.
    var parts: [Int: [String]] = [:]
    for (_, lines) in Dictionary(grouping: night.lines, by: Night.node) {
      parts[Int.random(in: 0..<9, using: &random), default: []] += lines
    }
    let items = parts.map { key, lines in
      item("part \(key)", lines.shuffled(using: &random))
    }.shuffled(using: &random)
    let response = await verifier.verify(try request(items))
    #expect(response.results.map(\.itemID) == items.map(\.itemID))
    #expect(try nodes(of: response) == whole)
  }
}

@Test func tasksChangeNoByte() async throws {
  let night = try await Night("environment", nodes: 130, seed: 14)
  let asked = try request(night.itemsByNode)
  let one = try await verifier(["environment"], tasks: 1).verify(asked)
  let three = try await verifier(["environment"], tasks: 3).verify(asked)
  #expect(one.json == three.json && one.digest == three.digest)
}

@Test func recordsAfterTheMomentAskedForCountForNothing() async throws {
  let night = try await Night("environment", nodes: 30, seed: 15)
  let moment = Night.epoch * 86_400_000 + 43_200_000
  let isEarly = { (line: String) -> Bool in
    let number = line.split(separator: ":")[1].prefix { $0.isNumber }
    return Int64(number).map { $0 <= moment } ?? true
  }
  let earlier = Night("environment", lines: night.lines.filter(isEarly))
  #expect(earlier.lines.count < night.lines.count && !earlier.lines.isEmpty)
  let contents = try await earlier.run(model: model("environment"))
  let response = try await verifier(["environment"])
    .verify(request(night.itemsByNode, asOf: moment))
  try expectAgreement(response, with: contents)
  let later = response.results.reduce(0) { $0 + $1.counts.laterThanAsOf }
  #expect(later == night.lines.count - earlier.lines.count)
}

/// Ten thousand nodes take minutes in a debug build: run with ASSAY_FULL set.
@Test(.enabled(if: ProcessInfo.processInfo.environment["ASSAY_FULL"] != nil))
func tenThousandNodesGetTheNightsVerdicts() async throws {
  let night = try await Night("wireless", nodes: 10_000, seed: 9003)
  let contents = try await night.run(model: model("wireless"))
  let response = try await verifier(["wireless"], tasks: 2).verify(request(night.itemsByNode))
  #expect(response.results.count == 10_000)
  try expectAgreement(response, with: contents)
}

extension NodeResult {
  /// The node as a tree of values, from the members of the Swift value.
  fileprivate var tree: CanonicalJSON {
    .object([
      "node": .string(node), "outcome": .string(outcome.rawValue),
      "verdict": .string(outcome.verdict), "score_ppm": .integer(scorePpm),
      "raw_micro": .clamped(rawMicro), "p_ppb": .integer(pPpb), "q_ppb": .integer(qPpb),
      "units_micro": .clamped(unitsMicro), "group": .string(group),
      "evidence": .string("0x" + Hex.encode(evidence)),
      "reasons": .array(reasons.map(\.tree)),
    ])
  }
}

extension Reason {
  fileprivate var tree: CanonicalJSON {
    var members: [String: CanonicalJSON] = [
      "code": .string(code), "class": .string(reasonClass), "share_ppm": .integer(sharePpm),
    ]
    members["feature"] = feature.map { .string($0) }
    members["observed_micro"] = observedMicro.map { .clamped($0) }
    members["low_micro"] = lowMicro.map { .clamped($0) }
    members["high_micro"] = highMicro.map { .clamped($0) }
    members["unit"] = unit.map { .string($0) }
    if !peers.isEmpty { members["peers"] = .array(peers.map { .string($0) }) }
    return .object(members)
  }
}
