import Contributions
import Foundation
import Testing

@testable import Nightly

@Suite struct NightEventTests {
  @Test func aDocumentIsOneLineOfSortedJSON() throws {
    let document = EventDocument(
      event: .postWithheld, profile: "wireless", epoch: Epoch(day: 20_454), message: "a/b\n",
      facts: EventFacts(bundle: "/o", exitCode: 1, share: 0.25, because: [.drift], freeBytes: 7))
    #expect(
      String(decoding: try document.line(), as: UTF8.self)
        == #"{"because":["drift"],"bundle":"/o","date":"2026-01-01","epoch":20454,"#
        + #""event":"post_withheld","exit_code":1,"free_bytes":7,"message":"a/b\n","#
        + #""profile":"wireless","share":0.25}"# + "\n")
  }

  @Test func aSummaryIsLookedAtByItsNotices() throws {
    let json = #"""
      {"nodes": 50, "verdicts": {"accept": 20, "hold": 10, "reject": 10, "abstain": 10},
       "notices": ["The check E2_COPY failed", "The feature rain", "Of nothing", "The feature x"]}
      """#
    let summary = try JSONDecoder().decode(NightSummary.self, from: Data(json.utf8))
    #expect(summary.guards == ["The check E2_COPY failed"] && summary.drifted.count == 2)
    #expect(summary.judged == 40 && summary.rejectShare == 0.25)
    let empty = NightSummary(nodes: 3, verdicts: ["abstain": 3], notices: [])
    #expect(empty.rejectShare == 0)
  }

  @Test func labelsHaveSixDigits() {
    #expect(NightlySettings.label(Epoch(day: 20_454)) == "epoch-020454")
    #expect(NightlySettings.label(Epoch(day: 1_234_567)) == "epoch-1234567")
  }

  @Test func endingsOfCommandsAreExitCodes() {
    let commands = NightCommands { _ in }
    #expect(commands.call(["sh", "-c", "echo out; exit 3"]) == (3, Array("out\n".utf8)))
    #expect(commands.call(["sh", "-c", "kill -9 $$"]).code == 5)
    #expect(commands.call(["no-such-program-at-all"]).code == 4)
    #expect(commands.tell(["sh", "-c", "[ \"$(cat)\" = x ]"], Array("x".utf8), seconds: 60))
    #expect(!commands.tell(["false"], [], seconds: 60))
    #expect(!commands.tell(["sleep", "600"], [], seconds: 0))
  }
}
