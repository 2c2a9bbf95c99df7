import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Review
import Testing
import Verdicts

@testable import Service

@Suite struct PageTests {
  static let hostile = [
    "<script>alert(1)</script>", "\" onmouseover=\"alert(1)", "{{shell.csrf}}", "a\u{202E}b",
    "../../etc/passwd", "' OR 1=1 --", "=1+1",
  ]

  @Test func namesOfNodesAreTextOnEveryPage() async throws {
    let fixture = try await DeskFixture(nodes: Self.hostile)
    let ids = try await fixture.rows().map(\.id)
    let pages =
      ["/?state=any", "/compare?ids=" + ids.prefix(5).map { "\($0)" }.joined(separator: ",")]
      + ids.flatMap { ["/items/\($0)", "/cluster/\($0)"] } + ["/audit", "/bundles", "/quality"]
    for path in pages {
      let answer = try await fixture.get(path, as: .admin)
      #expect(answer.status == .ok, "\(path)")
      #expect(!answer.text.contains("<script>alert"), "\(path)")
      #expect(!answer.text.contains("\" onmouseover"), "\(path)")
      #expect(!answer.text.unicodeScalars.contains("\u{202E}"), "\(path)")
    }
    #expect(try await fixture.get("/?state=any", as: .admin).text.contains("{{shell.csrf}}"))
  }

  @Test func noTemplateLeavesAnythingUnwritten() async throws {
    let fixture = try await DeskFixture()
    let id = try #require(try await fixture.rows().first).id
    for path in [
      "/", "/items/\(id)", "/cluster/\(id)", "/compare?ids=1,2", "/quality", "/audit", "/bundles",
      "/people", "/appeals", "/nothing", "/login",
    ] {
      let text = try await fixture.get(path, as: path == "/login" ? nil : .admin).text
      #expect(!text.contains("{{") && !text.contains("Optional("), "\(path)")
      #expect(text.contains("</html>"), "\(path)")
    }
  }

  @Test func pagesHoldNoInlineStyleNorScriptAndNothingFromElsewhere() async throws {
    let fixture = try await DeskFixture()
    let id = try #require(try await fixture.rows().first).id
    for path in ["/", "/items/\(id)", "/cluster/\(id)", "/quality", "/audit", "/people"] {
      let text = try await fixture.get(path, as: .admin).text
      for forbidden in [" style=", "<style", "<script>", " onclick", "http://", "https://"] {
        #expect(!text.contains(forbidden), "\(path) has \(forbidden)")
      }
    }
  }

  @Test func aLeadOpensADecidedNodeAgain() async throws {
    let fixture = try await DeskFixture()
    let row = try #require(try await fixture.rows().first)
    let path = "/items/\(row.id)"
    _ = try await fixture.post(
      path + "/decide",
      [("outcome", "confirmed_spoof/reject"), ("comment", "x"), ("version", "\(row.version)")],
      as: .analyst)
    let decided = try #require(try await fixture.rows(state: .decided).first)
    #expect(!(try await fixture.get(path, as: .analyst).text.contains(path + "/reopen")))
    let page = try await fixture.get(path, as: .lead).text
    #expect(page.contains(path + "/reopen") && !page.contains(path + "/decide"))
    let fields = [("comment", "new evidence"), ("version", "\(decided.version)")]
    #expect(try await fixture.post(path + "/reopen", fields, as: .analyst).status == .forbidden)
    #expect(try await fixture.post(path + "/reopen", fields, as: .lead).status == .seeOther)
    #expect(try await fixture.post(path + "/reopen", fields, as: .lead).status == .conflict)
    #expect(try await fixture.get(path, as: .analyst).text.contains(path + "/decide"))
  }

  @Test func anAdminSetsTheRules() async throws {
    let fixture = try await DeskFixture()
    func set(_ stake: String, as role: Role = .admin) async throws -> HTTPResponse.Status {
      try await fixture.post(
        "/settings", [("stake", stake), ("lock", "20"), ("due", "48")], as: role
      ).status
    }
    #expect(try await set("7", as: .lead) == .forbidden)
    for wrong in ["", "-1", "x", "9223372036854775807"] {
      #expect(try await set(wrong) == .badRequest, "\(wrong)")
    }
    #expect(try await set("7") == .seeOther)
    let settings = try await fixture.store.settings()
    #expect(settings.stakeLimitMicro == 7_000_000)
    #expect(settings.lockMinutes == 20 && settings.dueHours == 48)
    #expect(
      try await fixture.get("/people", as: .admin).text.contains(#"name="stake" min="0" value="7""#)
    )
  }

  @Test func theQueuesCountsFollowEveryChangeThoughTheyAreKept() async throws {
    let fixture = try await DeskFixture()
    let ids = try await fixture.rows().map(\.id)
    for (taken, words) in ["3 open", "2 open · 1 taken", "1 open · 2 taken"].enumerated() {
      for _ in 0..<2 {
        #expect(try await fixture.get("/?state=any", as: .analyst).text.contains(words))
        #expect(try await fixture.get("/?profile=storage", as: .lead).text.contains("Nothing with"))
      }
      _ = try await fixture.post("/items/\(ids[taken])/take", [], as: .analyst)
    }
  }

  @Test func theNodePageSaysWhatDecidedAndWhatWouldHavePassed() async throws {
    let fixture = try await DeskFixture()
    let id = try #require(try await fixture.rows().first).id
    let text = try await fixture.get("/items/\(id)", as: .analyst).text
    for words in [
      "pays nothing", "SHARED", "above the peers", "would have passed", "units are at stake",
      "false positive → accept (second person)", "Of all nodes of this epoch",
    ] {
      #expect(text.contains(words), "\(words)")
    }
    let seen = try await fixture.get("/items/\(id)", as: .viewer).text
    #expect(!seen.contains("/decide") && !seen.contains("/note"))
  }

  @Test func aStaleDecisionIsRefusedAndShowsWhatChanged() async throws {
    let fixture = try await DeskFixture()
    let row = try #require(try await fixture.rows().first)
    let lead = try #require(fixture.sessions[.lead])
    _ = try await fixture.store.decide(
      row.id, finding: .faulty, verdict: .hold, comment: "It is broken.", by: lead.person,
      version: row.version, now: DeskFixture.now)
    let answer = try await fixture.post(
      "/items/\(row.id)/decide",
      [
        ("outcome", "confirmed_spoof/reject"), ("comment", "Mine <b>."),
        ("version", "\(row.version)"),
      ], as: .analyst)
    #expect(answer.status == .conflict)
    #expect(answer.text.contains("the lead") && answer.text.contains("Mine &lt;b&gt;."))
  }

  @Test func aDecisionThatOverturnsARejectTakesASecondPerson() async throws {
    let fixture = try await DeskFixture()
    let row = try #require(try await fixture.rows().first)
    let made = try await fixture.post(
      "/items/\(row.id)/decide",
      [
        ("outcome", "false_positive/accept"), ("comment", "Fine."), ("version", "\(row.version)"),
      ], as: .analyst)
    #expect(made.headers[.location] == "/items/\(row.id)?done=pending")
    let item = try await fixture.store.item(row.id, now: DeskFixture.now)
    let id = try #require(item.decisions.first).id
    let version = [("version", "\(item.row.version)")]
    #expect(
      try await fixture.post("/decisions/\(id)/approve", version, as: .analyst).status
        == .forbidden)
    #expect(
      try await fixture.post("/decisions/\(id)/approve", [], as: .lead).status == .badRequest)
    let seconded = try await fixture.post("/decisions/\(id)/approve", version, as: .lead)
    #expect(seconded.headers[.location] == "/items/\(row.id)?done=approved")
  }

  @Test func formulasAreDisarmedInCSVAndKeptInJSON() async throws {
    let fixture = try await DeskFixture(nodes: ["=1+1", "a\"b,c"])
    let csv = try await fixture.get("/exports/queue.csv?state=any", as: .viewer).text
    #expect(csv.contains(",'=1+1,") && csv.contains(",\"a\"\"b,c\","))
    let json = try await fixture.get("/exports/queue.json?state=any", as: .viewer).text
    #expect(json.contains("\"node\":\"=1+1\""))
  }

  @Test func pagingVisitsEveryNodeOnce() async throws {
    let fixture = try await DeskFixture(nodes: (0..<120).map { "node-\($0)" })
    var path: String? = "/?state=any"
    var seen: [String] = []
    while let next = path {
      let text = try await fixture.get(next, as: .viewer).text
      seen += text.matches(of: /data-href="(\/items\/\d+)"/).map { String($0.1) }
      path = text.firstMatch(of: /<a href="([^"]+)" rel="next"/).map {
        String($0.1).replacing("&amp;", with: "&")
      }
    }
    #expect(seen.count == 120 && Set(seen).count == 120)
  }
}
