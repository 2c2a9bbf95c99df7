import Foundation
import Review
import Testing

@testable import Service

/// Owners' names come from outside as nodes' names do.
@Suite struct OwnerPageTests {
  private func fixture(owner: String) async throws -> DeskFixture {
    let fixture = try await DeskFixture()
    let list = try OwnerList(
      csv: Array("a,\"\(owner.replacing("\"", with: "\"\""))\"\n".utf8))
    _ = try await fixture.store.replaceOwners(
      list, profile: "wireless", by: .console, now: DeskFixture.now)
    return fixture
  }

  @Test(arguments: PageTests.hostile)
  func namesOfOwnersAreTextOnEveryPage(_ owner: String) async throws {
    let fixture = try await fixture(owner: owner)
    let query = URLText.query([("state", "any"), ("owner", owner)])
    for path in ["/?state=any", "/" + query, "/items/1", "/items/2", "/items/3"] {
      let answer = try await fixture.get(path, as: .analyst)
      #expect(answer.status == .ok, "\(path)")
      #expect(!answer.text.contains("<script>alert"), "\(path)")
      #expect(!answer.text.contains("\" onmouseover"), "\(path)")
      #expect(!answer.text.unicodeScalars.contains("\u{202E}"), "\(path)")
    }
    let found = try await fixture.get("/" + query, as: .viewer).text
    #expect(found.matches(of: /data-href="\/items\/\d+"/).count == 1)
  }

  @Test func theOwnerStandsOnTheNodesPageWithTheWayToAllOfTheirs() async throws {
    let fixture = try await fixture(owner: "Acme & Sons")
    let id = try #require(try await fixture.rows().first { $0.node == "a" }).id
    for path in ["/items/\(id)", "/"] {
      let text = try await fixture.get(path, as: .viewer).text
      #expect(text.contains("href=\"/?owner=Acme%20%26%20Sons&amp;state=any\""), "\(path)")
      #expect(text.contains("Acme &amp; Sons"), "\(path)")
    }
    let plain = try await DeskFixture().get("/", as: .viewer).text
    #expect(!plain.contains("name=\"owner\""))
  }

  @Test func theQueuesExportNamesOwners() async throws {
    let fixture = try await fixture(owner: "=cmd()")
    let csv = try await fixture.get("/exports/queue.csv", as: .viewer).text
    #expect(csv.contains(",group,owner,verdict,") && csv.contains(",'=cmd(),"))
    let json = try await fixture.get(
      "/exports/queue.json?owner=%3Dcmd%28%29", as: .viewer
    ).text
    #expect(json.contains("\"owner\":\"=cmd()\"") && !json.contains("\"node\":\"b\""))
  }
}
