import Foundation
import Testing
import Verdicts

@testable import Bundles

@Suite struct CorrectionDecisionTests {
  /// A decision with changes, without one of its members.
  private func line(
    _ changes: [String: Any] = [:], without name: String? = nil
  ) throws -> [UInt8] {
    var members: [String: Any] = [
      "node": "a", "verdict": "accept", "finding": "false_positive", "comment": "a loose antenna",
      "decided_by": "ada", "approved_by": "bo", "reference": "case 7",
    ]
    members.merge(changes) { $1 }
    if let name { members[name] = nil }
    return Array(try JSONSerialization.data(withJSONObject: members)) + [10]
  }

  private func error(_ bytes: [UInt8]) -> DecisionError? {
    do {
      _ = try ReviewDecision.list(ndjson: bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func aLineIsADecision() throws {
    let bytes = try [10, 32, 10] + line() + line(["node": "b"], without: "approved_by")
    let list = try ReviewDecision.list(ndjson: bytes)
    try #require(list.map(\.node) == ["a", "b"])
    #expect(list[0].verdict == .accept && list[0].finding == .falsePositive)
    #expect(list[0].comment == "a loose antenna" && list[0].reference == "case 7")
    #expect(list[0].decidedBy == "ada" && list[0].approvedBy == "bo")
    #expect(list[1].approvedBy == nil)
    #expect(try ReviewDecision.list(ndjson: []) == [])
  }

  @Test func theLastLineNeedsNoLineFeed() throws {
    #expect(try ReviewDecision.list(ndjson: line().dropLast()).count == 1)
  }

  @Test(arguments: ["node", "verdict", "finding", "comment", "decided_by"])
  func aMissingOrWrongMemberIsToldWithItsLine(name: String) throws {
    let good = try line(["node": "other"])
    #expect(
      try error(good + line(without: name))
        == .malformed(line: 2, reason: "member '\(name)' is missing"))
    #expect(
      try error(good + [10] + line([name: 5]))
        == .malformed(line: 3, reason: "member '\(name)' has a wrong type"))
  }

  @Test(arguments: ["approved_by", "reference"])
  func whatMayBeLeftOutIsTextOrNull(name: String) throws {
    #expect(try error(line([name: NSNull()])) == nil)
    #expect(
      try error(line([name: ["bo"]]))
        == .malformed(line: 1, reason: "member '\(name)' has a wrong type"))
  }

  @Test func valuesThatAreNotKnownAreTold() throws {
    for name in ["verdict", "finding"] {
      #expect(
        try error(line([name: "guilty"]))
          == .malformed(line: 1, reason: "member '\(name)' has a value that is not known"))
    }
  }

  @Test(arguments: ["", "{", "[]x", "\u{FFFD}\"", "nul"])
  func whatIsNotJSONIsTold(text: String) throws {
    let bytes = try line() + Array("\(text)x\n".utf8)
    #expect(error(bytes) == .malformed(line: 2, reason: "the line is not JSON"))
  }

  @Test func otherJSONIsNoDecision() throws {
    for text in ["[]", "5", "\"a\""] {
      #expect(
        error(Array(text.utf8)) == .malformed(line: 1, reason: "the line is not a JSON object"))
    }
    #expect(error([0xFF, 0xFE]) != nil)
  }

  @Test func aNodeIsDecidedOnceByTheBytesOfItsName() throws {
    #expect(try error(line() + line(["verdict": "hold"])) == .twice(node: "a"))
    // One letter to Swift's strings, two names to a ledger.
    let list = try ReviewDecision.list(
      ndjson: line(["node": "\u{E9}"]) + line(["node": "e\u{301}"]))
    #expect(list.count == 2)
  }

  @Test(arguments: ["", " ", "\u{3000}\t"])
  func aCommentAndADeciderHaveToSaySomething(blank: String) throws {
    #expect(try error(line(["comment": blank])) == .noComment(node: "a"))
    #expect(try error(line(["decided_by": blank])) == .nobodyDecided(node: "a"))
    #expect(try error(line(["approved_by": blank])) == .nobodyApproved(node: "a"))
  }

  @Test(arguments: ["ada", "Ada", " ada ", "ADA\n"])
  func nobodyApprovesWhatTheyDecided(name: String) throws {
    #expect(try error(line(["approved_by": name])) == .approvedAlone(node: "a"))
  }

  @Test func everyErrorNamesTheNode() {
    for error in [
      DecisionError.noComment(node: "n7"), .nobodyDecided(node: "n7"), .approvedAlone(node: "n7"),
      .nobodyApproved(node: "n7"), .twice(node: "n7"), .needsApproval(node: "n7"),
    ] {
      #expect("\(error)".contains("node n7"))
    }
    #expect("\(DecisionError.malformed(line: 3, reason: "x"))".contains("line 3: x"))
    #expect("\(DecisionError.notTheLatest(revision: 0, latest: 2))".contains("correct revision 2"))
  }
}
