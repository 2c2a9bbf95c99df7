import Bundles
import Contributions
import Foundation
import Ingestion
import Ledger
import Pipeline
import Profiles
import Testing
import Verdicts

@Suite struct AppealTests {
  @Test(arguments: ["attacker", "faulty", "tiny", "gw1000"])
  func aPacketStandsAlone(node: String) async throws {
    let court = try await Court()
    let packet = try await court.packet(node)
    let check = try await AppealCheck(json: packet.json.bytes)
    #expect(check.failures == [])
    #expect(check.records == packet.records && packet.records > 3)
    #expect(check.proof == (try ProofFile(of: node, in: court.bundle)))
    #expect(check.signers == [])
    let members = try json(packet.json.bytes)
    let lines = try #require(members["records"] as? [String])
    for line in lines { #expect(try json(Array(line.utf8))["node"] as? String == node) }
    // Nobody else's name is in it.
    #expect(!packet.json.text.contains("gw1001"))
  }

  @Test func theGroundsAreThoseOfTheVerdict() async throws {
    let court = try await Court()
    let attacker = try json(try await court.packet().json.bytes)
    let grounds = try #require(attacker["grounds"] as? [[String: Any]])
    #expect(grounds.contains { $0["code"] as? String == "W5_CONSTANT_SIGNAL" })
    #expect(grounds.contains { $0["brings"] as? String == "reject" })
    let honest = try json(try await court.packet("gw1000").json.bytes)
    #expect((honest["grounds"] as? [Any])?.isEmpty == true)
    let tiny = try json(try await court.packet("tiny").json.bytes)
    let why = try #require(tiny["grounds"] as? [[String: Any]])
    #expect(why.contains { $0["code"] as? String == "TOO_FEW_RECORDS" })
  }

  @Test func recordsOfOtherFilesOrderAndCompressionAreTheSamePacket() async throws {
    let court = try await Court()
    var log = SyntheticLog.mixed.text.split(separator: "\n")
    log.reverse()
    let half = log.count / 2
    let files = try [log[..<half], log[half...]].enumerated().map { index, part in
      try court.folder.write(
        part.map { "\($0)\n" }.joined(), to: "part-\(index).ndjson")
    }
    let packet = try await court.packet(logs: files)
    #expect(packet.json == (try await court.packet().json))
  }

  @Test func otherLogsAreNotThoseThatWereJudged() async throws {
    let court = try await Court()
    var log = SyntheticLog.mixed
    log.add("attacker", kind: "packet", time: 99, #""rssi_dbm":-100"#)
    let more = try court.folder.write(log.text, to: "more.ndjson")
    await #expect(throws: PipelineError.otherEvidence(node: "attacker")) {
      _ = try await court.packet(logs: [more])
    }
    let none = try court.folder.write(SyntheticLog(honest: 3).text, to: "none.ndjson")
    await #expect(throws: PipelineError.noSuchNode("attacker")) {
      _ = try await court.packet(logs: [none])
    }
    await #expect(throws: BundleError.noSuchNode("nobody")) {
      _ = try await court.packet("nobody")
    }
  }

  @Test func aCorrectedVerdictHasAPacketToo() async throws {
    let court = try await Court()
    let corrected = try CorrectedBundle(
      court.bundle,
      decisions: [
        ReviewDecision(
          node: "attacker", verdict: .accept, finding: .falsePositive, comment: "a fixed beacon",
          decidedBy: "ada", approvedBy: "bo")
      ])
    let path = try corrected.write(
      below: "\(court.folder.path)/corrected", report: corrected.report, keys: [])
    let packet = try await AppealPacket(
      node: "attacker", bundle: BundleReader(path: path), profile: .wireless,
      logs: try LogFile.find([court.log]), memoryLimit: 64_000_000, tasks: 2)
    let check = try await AppealCheck(json: packet.json.bytes)
    #expect(check.failures == [] && check.proof.leaf.supersedes != .zero)
    // Accepted: nothing has to be otherwise.
    #expect((try json(packet.json.bytes)["grounds"] as? [Any])?.isEmpty == true)
  }
}
