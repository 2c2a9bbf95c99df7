import Bundles
import Contributions
import Foundation
import Pipeline
import Profiles
import Testing
import Verdicts

@Test func theSummaryAgreesWithTheVerdicts() async throws {
  let folder = try TemporaryFolder()
  let (contents, path, _) = try await bundle(of: .mixed, in: folder)
  let summary = try json(BundleReader(path: path).bytes("reports/summary.json"))
  #expect(summary["profile"] as? String == "wireless")
  #expect(summary["epoch"] as? Int64 == SyntheticLog.day)
  #expect(summary["date"] as? String == "2023-11-15")
  #expect(summary["selection"] as? String == "day")
  #expect(summary["model"] as? String == "self-fit")
  #expect(summary["nodes"] as? Int == contents.verdicts.count)
  let verdicts = try #require(summary["verdicts"] as? [String: Int])
  for outcome in Outcome.allCases {
    #expect(verdicts[outcome.rawValue] == contents.verdicts.count { $0.outcome == outcome })
  }
  let records = try #require(summary["records"] as? [String: Int])
  #expect(records["read"] == contents.books.read && records["used"] == contents.books.used)
  #expect(records["other_epochs"] == 0)
  let reasons = try #require(summary["reasons"] as? [String: Int])
  for (code, count) in reasons {
    let holders = contents.verdicts.count { one in one.reasons.contains { $0.code == code } }
    #expect(holders == count, "\(code)")
  }
  #expect(reasons["W5_CONSTANT_SIGNAL"] == 1 && reasons["TOO_FEW_RECORDS"] == 1)
}

@Test func theSummaryListsTheRejectedFirst() async throws {
  let folder = try TemporaryFolder()
  let (contents, path, _) = try await bundle(of: .mixed, in: folder)
  let summary = try json(BundleReader(path: path).bytes("reports/summary.json"))
  let flagged = try #require(summary["flagged"] as? [[String: Any]])
  let expected = contents.verdicts.filter { $0.outcome == .reject || $0.outcome == .hold }
  #expect(flagged.count == expected.count)
  #expect(flagged.first?["node"] as? String == "attacker")
  #expect(flagged.first?["verdict"] as? String == "reject")
  let outcomes = flagged.compactMap { $0["verdict"] as? String }
  #expect(outcomes == outcomes.sorted(by: >))
}

@Test func aRunWithoutAModelSaysSo() async throws {
  let folder = try TemporaryFolder()
  let (_, path, _) = try await bundle(of: .mixed, in: folder)
  let reader = BundleReader(path: path)
  let notices = try #require(
    json(reader.bytes("reports/summary.json"))["notices"] as? [String])
  #expect(notices.count == 1 && notices[0].hasPrefix("No model was given"))
  let drift = try json(reader.bytes("reports/drift.json"))
  #expect(drift["baseline"] is NSNull)
  #expect((drift["features"] as? [Any])?.isEmpty == true)
}

@Test func aCheckThatFailsOnTooManyNodesIsMutedAndSaysSo() async throws {
  let folder = try TemporaryFolder()
  var log = SyntheticLog(honest: 40)
  var random = Noise(state: 2)
  for node in 0..<20 { log.addNode("odd\(node)", &random, receptions: 30, rssi: -97) }
  let (contents, path, _) = try await bundle(of: log, in: folder)
  #expect(contents.verdicts.allSatisfy { $0.outcome != .reject })
  #expect(
    contents.verdicts.filter { $0.node.hasPrefix("odd") }.allSatisfy { one in
      one.outcome == .hold && one.reasons.contains { $0.code == "CHECK_MUTED" }
    })
  #expect(try BundleVerifier.verify(path: path).failures == [])
  let summary = try json(BundleReader(path: path).bytes("reports/summary.json"))
  let notices = try #require(summary["notices"] as? [String])
  #expect(notices.contains { $0.contains("W5_CONSTANT_SIGNAL failed on 20 nodes") })
}

@Test func thePageNamesEveryFlaggedNodeAndItsReasons() async throws {
  let folder = try TemporaryFolder()
  let (contents, path, _) = try await bundle(of: .mixed, in: folder)
  let html = String(
    decoding: try BundleReader(path: path).bytes("reports/report.html"), as: UTF8.self)
  for one in contents.verdicts where one.outcome == .reject || one.outcome == .hold {
    #expect(html.contains(one.node))
    for reason in one.reasons { #expect(html.contains(reason.code)) }
  }
}

@Test func driftedFeaturesAreAnnouncedOnceThereAreNodesEnoughToTell() async throws {
  let folder = try TemporaryFolder()
  let training = try folder.write(SyntheticLog(honest: 200, seed: 9).text, to: "training.ndjson")
  let model = try await Training(settings([training]), decisions: [:]).model(
    name: "m", version: "1"
  ).model
  for count in [60, 320] {
    var log = SyntheticLog(honest: 0)
    var random = Noise(state: 6)
    for node in 0..<count { log.addNode("late\(node)", &random, receptions: 16, hold: 2500) }
    let (_, path, _) = try await bundle(
      of: log, in: folder, name: "\(count).ndjson", model: model)
    let reader = BundleReader(path: path)
    let drift = try json(reader.bytes("reports/drift.json"))
    let features = try #require(drift["features"] as? [[String: Any]])
    let alarming = features.filter {
      ($0["psi_micro"] as? Int ?? 0) > 250_000 && ($0["wasserstein_micro"] as? Int ?? 0) > 250_000
    }
    .compactMap { $0["name"] as? String }
    #expect(alarming.contains("hold_median"))
    let notices = try #require(json(reader.bytes("reports/summary.json"))["notices"] as? [String])
    let announced = count < 300 ? [] : alarming
    // The last notice says what follows from them.
    #expect(notices.count == (announced.isEmpty ? 0 : announced.count + 1))
    #expect(announced.isEmpty || notices.last?.contains("hold tonight") == true)
    for name in announced {
      #expect(notices.contains { $0.hasPrefix("The feature \(name) has drifted") })
    }
  }
}
