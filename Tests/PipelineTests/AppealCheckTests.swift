import Bundles
import Contributions
import Foundation
import Ingestion
import Ledger
import Pipeline
import Profiles
import Testing
import Verdicts

private let otherRecords = "the records are not those that the leaf's evidence digest is of"

/// What an appeal packet may not be changed in.
@Suite struct AppealCheckTests {
  @Test func addedRemovedAndChangedRecordsAreFound() async throws {
    let court = try await Court()
    let foreign = try #require(SyntheticLog.mixed.lines.first { $0.contains("gw1000") })
    let changes: [(inout [String]) -> Void] = [
      { $0.append(foreign) },
      { $0.append(foreign.replacingOccurrences(of: "gw1000", with: "attacker")) },
      { $0.removeLast() }, { $0.removeFirst() }, { $0.append($0[0]) },
      { $0[1] = $0[0] }, { $0.append("") }, { $0.append("not a record") },
      { $0[3] = $0[3].replacingOccurrences(of: "\"rssi_dbm\":-97", with: "\"rssi_dbm\":-96") },
      { $0[3] = $0[3].replacingOccurrences(of: "\"kind\"", with: "\"mood\":1,\"kind\"") },
      { $0 = $0.map { $0.replacingOccurrences(of: "\"attacker\"", with: "\"attaccer\"") } },
      // A record of the day before, which the epoch leaves alone.
      { $0.append(#"{"ts":1699900000000,"node":"attacker","kind":"packet","rssi_dbm":-97}"#) },
      { $0.append(#"{"ts":1699900000000,"node":"gw1000","kind":"packet","rssi_dbm":-97}"#) },
    ]
    for (index, change) in changes.enumerated() {
      let failures = try await court.failures { members in
        var records = try #require(members["records"] as? [String])
        change(&records)
        members["records"] = records
      }
      #expect(failures == [otherRecords], "\(index)")
    }
  }

  @Test func aPacketWithoutRecordsIsNone() async throws {
    let court = try await Court()
    var failures = ["thrown"]
    do { failures = try await court.failures { $0["records"] = [String]() } } catch {}
    #expect(!failures.isEmpty)
  }

  @Test func otherMembersAreHeldToTheProof() async throws {
    let court = try await Court()
    let about = "the proof is about another node, epoch or profile"
    #expect(
      try await court.failures { $0["node"] = "gw1000" } == [about, otherRecords])
    #expect(try await court.failures { $0["epoch"] = 19_677 }.contains(about))
    #expect(try await court.failures { $0["epoch"] = 9_007_199_254_740_991 }.contains(about))
    let other = try json(try await court.packet("faulty").json.bytes)
    #expect(try await court.failures { $0["proof"] = other["proof"] }.contains(about))
  }

  @Test func theGroundsHaveToFollow() async throws {
    let court = try await Court()
    let grounds = "the grounds do not follow from the verdict, the table and the policy"
    for name in ["grounds", "measurements"] {
      let dropped = try await court.failures { members in
        var list = try #require(members[name] as? [Any])
        list.removeLast()
        members[name] = list
      }
      #expect(dropped == [grounds])
      let changed = try await court.failures { members in
        var list = try #require(members[name] as? [[String: Any]])
        list[0]["passes_at_micro"] = 77
        members[name] = list
      }
      #expect(changed == [grounds])
    }
    let milder = try await court.failures { members in
      let list = try #require(members["reasons"] as? [[String: Any]])
      members["reasons"] = list.map { $0.merging(["severity": "low"]) { $1 } }
    }
    #expect(milder.contains("the reason table or the policy is not that of the statement"))
    let policy = try await court.failures { members in
      var strict = Policy.standard
      strict.holdQPpb = 500_000_000
      members["policy"] = String(decoding: strict.bytes, as: UTF8.self)
    }
    #expect(policy.contains("the reason table or the policy is not that of the statement"))
    #expect(try await court.failures { $0["policy"] = "{" }.contains("the policy is no policy"))
  }

  @Test func aReasonUnderAnotherNameIsFound() async throws {
    let court = try await Court()
    let failures = try await court.failures { members in
      let text = String(
        decoding: try JSONSerialization.data(withJSONObject: members["proof"] ?? 0),
        as: UTF8.self)
      #expect(text.contains("W5_CONSTANT_SIGNAL"))
      let changed = text.replacingOccurrences(of: "W5_CONSTANT_SIGNAL", with: "F_SLOW_BACKHAUL")
      members["proof"] = try JSONSerialization.jsonObject(with: Data(changed.utf8))
    }
    #expect(failures.contains("the reasons are not those whose bits the leaf has"))
  }

  @Test func theStatementIsThatOfTheRoot() async throws {
    let court = try await Court()
    let text = try #require(try json(try await court.packet().json.bytes)["statement"] as? String)
    let other = "the statement is of another root, epoch, profile or revision"
    for (old, new) in [
      ("\"revision\":0", "\"revision\":1"), ("\"epoch\":19676", "\"epoch\":19677"),
      ("\"profile\":\"wireless\"", "\"profile\":\"compute\""),
      ("\"merkle_root\":\"0x", "\"merkle_root\":\"0x00"),
    ] {
      #expect(text.contains(old))
      let failures = try await court.failures {
        $0["statement"] = text.replacingOccurrences(of: old, with: new)
      }
      #expect(failures.contains(other) && failures.contains("another statement was signed"))
    }
    #expect(
      try await court.failures { $0["statement"] = "{" }.contains("the statement is no statement"))
    #expect(
      try await court.failures { $0["envelope"] = "{" }.contains { $0.hasPrefix("envelope: ") })
  }

  @Test func whatIsNoPacketIsRefused() async throws {
    let court = try await Court()
    for name in ["format", "profile", "epoch", "node", "selection", "records", "proof", "policy"] {
      await #expect(throws: (any Error).self, "\(name)") {
        _ = try await court.failures { $0[name] = nil }
      }
      await #expect(throws: (any Error).self, "\(name)") {
        _ = try await court.failures { $0[name] = [["x"]] }
      }
    }
    await #expect(throws: PipelineError.badPacket("its format is not assay-appeal-1")) {
      _ = try await court.failures { $0["format"] = "assay-appeal-2" }
    }
    await #expect(throws: PipelineError.self) {
      _ = try await court.failures { $0["profile"] = "no such profile" }
    }
    for text in ["", "[]", "null", "\u{0}"] {
      await #expect(throws: (any Error).self) { _ = try await AppealCheck(json: Array(text.utf8)) }
    }
  }
}
