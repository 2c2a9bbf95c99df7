import Assay
import Contributions
import Foundation
import Pipeline
import Testing

@Suite struct ItemStatusTests {
  private let own: Verifier

  init() throws {
    own = try verifier(["environment"])
  }

  @Test func everyItemIsAnsweredOnceInItsPlace() async throws {
    let response = await own.verify(
      try request([
        item("good", readings("a")),
        item("elsewhere", readings("b"), profile: "weather"),
        item("rubbish", ["[]", "no json", #"{"ts":1}"#]),
        item("bare", []),
      ]))
    #expect(response.results.map(\.itemID) == ["good", "elsewhere", "rubbish", "bare"])
    #expect(
      response.results.map(\.status) == [.ok, .unsupported, .invalidInput, .invalidInput])
    #expect(response.results[0].outcome != nil && response.results[0].message == nil)
    for result in response.results.dropFirst() {
      #expect(result.outcome == nil && result.nodes.isEmpty && result.message != nil)
    }
    #expect(response.isFinal)
    #expect(Array(response.profiles.keys) == ["environment"])
  }

  @Test func oneRecordIsTooLittleToPass() async throws {
    let response = await own.verify(try request([item("i", [reading("n", at: 0)])]))
    #expect(response.results[0].status == .ok)
    #expect(response.results[0].outcome == .abstain)
    #expect(response.results[0].nodes[0].reasons.map(\.code).contains("TOO_FEW_RECORDS"))
  }

  @Test func everyRecordIsCounted() async throws {
    let other = (Night.epoch + 1) * 86_400_000
    let records =
      readings("n")
      + [
        reading("n", at: 0, temperature: 0.25),
        #"{"ts":\#(other),"node":"n","kind":"reading","temp_c":9000}"#,
        reading("n", at: 1, temperature: 9000), reading("n", at: 80_000_000), "null",
      ]
    let response = await own.verify(
      try request([item("i", records)], asOf: Night.epoch * 86_400_000 + 70_000_000))
    let counts = response.results[0].counts
    #expect(counts.used == 30 && counts.duplicate == 1 && counts.quarantined == 2)
    #expect(counts.otherEpochs == 1 && counts.laterThanAsOf == 1)
    let quarantined = response.results[0].quarantined
    #expect(quarantined.map(\.index) == [32, 34])
    #expect(quarantined.map(\.reason) == ["out_of_range", "not_an_object"])
  }

  @Test func aNodeInTwoItemsMakesBothInvalidAndNoOther() async throws {
    let split = [
      item("first", readings("shared") + readings("mine")),
      item("second", [reading("shared", at: 86_000_000)]),
      item("third", readings("own")),
    ]
    let response = await own.verify(try request(split))
    #expect(response.results.map(\.status) == [.invalidInput, .invalidInput, .ok])
    for result in response.results.prefix(2) {
      #expect(result.message?.contains("node shared") == true)
      #expect(result.counts.used == 0 && result.counts.duplicate == 0)
    }
    let alone = await own.verify(try request([split[2]]))
    #expect(response.results[2] == alone.results[0])
  }

  @Test func theSameNodeInTwoProfilesIsTwoContributions() async throws {
    let both = try verifier(["environment", "wireless"], models: false)
    let time = Night.epoch * 86_400_000
    let packet = #"{"ts":\#(time),"node":"n","kind":"packet","rssi_dbm":-90}"#
    let response = await both.verify(
      try request([item("a", readings("n")), item("b", [packet], profile: "wireless")]))
    #expect(response.results.map(\.status) == [.ok, .ok])
    #expect(response.profiles.keys.sorted() == ["environment", "wireless"])
  }

  @Test func aDeadlineThatPassesLeavesItemsWithoutAnOutcome() async throws {
    let night = try await Night("environment", nodes: 40, seed: 3)
    let late = await own.verify(try request(night.itemsByNode, deadlineMs: 1))
    #expect(late.results.allSatisfy { $0.status == .transient && $0.outcome == nil })
    #expect(!late.isFinal && late.results.count == 40)
    #expect(late.results[0].message?.contains("deadline") == true)
  }

  @Test func aCancelledTaskLeavesItemsWithoutAnOutcome() async throws {
    let asked = try request([item("i", readings("n"))])
    let task = Task {
      // Cancelled before it begins: the sleep ends at once.
      try? await Task.sleep(for: .seconds(600))
      return await own.verify(asked)
    }
    task.cancel()
    #expect(await task.value.results.map(\.status) == [.transient])
  }

  @Test func aHostThatRefusesAnswersEveryItem() async throws {
    let asked = try request([item("a", readings("n")), item("b", [])])
    let response = own.transient(asked, because: "too busy")
    #expect(response.results.map(\.status) == [.transient, .transient])
    #expect(response.results.map(\.message) == ["too busy", "too busy"])
    #expect(response.profiles.isEmpty && !response.isFinal)
  }

  @Test func theWorstNodeDecidesAnItem() async throws {
    let night = try await Night("wireless", nodes: 60, seed: 21)
    let wireless = try verifier(["wireless"])
    let single = await wireless.verify(try request(night.itemsByNode))
    let whole = await wireless.verify(try request([night.wholeItem]))
    #expect(Set(single.results.map(\.outcome)).isSuperset(of: [.pass, .fail]))
    #expect(whole.results[0].outcome == .fail)
    let mild = night.lines.filter { line in
      let own = single.results.first { $0.nodes[0].node == Night.node(of: line) }
      return own?.outcome == .pass || own?.outcome == .abstain
    }
    let calm = await wireless.verify(try request([item("calm", mild, profile: "wireless")]))
    let outcomes = calm.results[0].nodes.map(\.outcome)
    let expected: ItemOutcome =
      [.fail, .flag, .abstain, .pass].first { outcomes.contains($0) } ?? .pass
    #expect(calm.results[0].outcome == expected)
  }
}

@Suite struct ConfigurationTests {
  @Test func mistakesNameTheirCause() throws {
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return ""
    }
    typealias Source = VerifierConfiguration.ProfileSource
    #expect(message { _ = try Source(named: "weather") }.contains("weather"))
    #expect(
      message { _ = try Source(named: "wireless", modelPath: "/nowhere") }.contains("/nowhere"))
    #expect(
      message { _ = try Source(named: "wireless", modelPath: modelPath("compute")) }
        .contains("compute"))
    #expect(message { _ = try Source(named: "wireless", policyPath: "/none") }.contains("/none"))
    #expect(message { _ = try Verifier(VerifierConfiguration(profiles: [])) } != "")
    let twice = try Source(named: "storage")
    #expect(
      message { _ = try Verifier(VerifierConfiguration(profiles: [twice, twice])) }
        .contains("storage"))
    var limits = VerifierLimits()
    limits.maxItems = 0
    #expect(
      message { _ = try Verifier(VerifierConfiguration(profiles: [twice], limits: limits)) } != "")
  }

  @Test func theDescriptionStatesWhatJudges() throws {
    let own = try verifier(["wireless", "compute"], models: true)
    let description = own.description
    #expect(description.profiles.map(\.name) == ["compute", "wireless"])
    #expect(description.determinism == "exact")
    #expect(description.apiVersions == ["depin.verifier.v1"])
    let wireless = description.profiles[1]
    let model = try TrainedModel(path: modelPath("wireless"))
    #expect(wireless.identity.model == model.digest && wireless.model?.digest == model.digest)
    #expect(wireless.reasons.map(\.bit) == wireless.reasons.map(\.bit).sorted())
    #expect(wireless.reasons.contains { $0.code == "W5_CONSTANT_SIGNAL" })
    #expect(wireless.kinds.contains("packet"))
    #expect(wireless.identity.rules != description.profiles[0].identity.rules)
    let data = Data(description.json.bytes)
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      Set(json.keys) == [
        "name", "version", "api_versions", "determinism", "profiles", "limits",
      ])
  }
}
