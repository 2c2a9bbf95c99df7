import HTTPTypes
import Hummingbird
import Review
import Testing

@testable import Service

/// The table of addresses: every one of them, by every role.
@Suite struct RouteTests {
  private static func address(_ route: Route) -> String {
    route.path.split(separator: "/").map { $0.hasPrefix(":") ? "9999" : String($0) }
      .reduce("") { "\($0)/\($1)" }
  }

  @Test func everyAddressRefusesEveryRoleBelowItsOwn() async throws {
    let fixture = try await DeskFixture()
    for route in fixture.desk.routes {
      guard case .role(let least) = route.least else { continue }
      let path = Self.address(route).isEmpty ? "/" : Self.address(route)
      for role in Role.allCases {
        let answer =
          route.method == .get
          ? try await fixture.get(path, as: role) : try await fixture.post(path, [], as: role)
        if role < least {
          #expect(answer.status == .forbidden, "\(route.method) \(path) as \(role)")
        } else {
          #expect(answer.status != .forbidden, "\(route.method) \(path) as \(role)")
          #expect(answer.status.code < 500, "\(route.method) \(path) as \(role)")
        }
      }
      let guest =
        route.method == .get
        ? try await fixture.get(path, as: nil) : try await fixture.post(path, [], as: nil)
      #expect(guest.status == .seeOther, "\(route.method) \(path) as a guest")
    }
  }

  @Test func everyFormRefusesAForeignTokenOriginAndSite() async throws {
    let fixture = try await DeskFixture()
    let other = try #require(fixture.sessions[.lead])
    let foreign = ReviewStore.csrfToken(session: other.token)
    for route in fixture.desk.routes where route.method == .post {
      let path = Self.address(route)
      for token in ["", "0", foreign] {
        let answer = try await fixture.post(path, [("csrf", token)], as: .admin)
        #expect(answer.status == .forbidden, "\(path)")
      }
      for (name, value) in [
        ("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
      ] {
        let field = try #require(HTTPField.Name(name))
        let answer = try await fixture.post(path, [], as: .admin, headers: [field: value])
        #expect(answer.status == .forbidden, "\(path) \(name): \(value)")
      }
    }
  }

  @Test func onlySigningInAndTheDesksOwnFilesAreForEverybody() async throws {
    let fixture = try await DeskFixture()
    let open = fixture.desk.routes.filter { $0.least == .anyone }.map(\.path)
    #expect(
      Set(open) == [
        "/login", "/logout", "/welcome/:token", "/assets/style.css", "/assets/desk.js",
        "/assets/icon.svg", "/healthz", "/readyz", "/metrics",
      ])
  }

  @Test func aSessionThatIsNoneOrHasEndedLeadsToTheSignInPage() async throws {
    let fixture = try await DeskFixture()
    for token in ["", "x", String(repeating: "f", count: 64), String(repeating: "f", count: 9999)] {
      let answer = try await fixture.send(
        "/quality", .get, headers: [.cookie: "\(fixture.desk.sessionCookie)=\(token)"], body: nil)
      #expect(answer.status == .seeOther)
      #expect(answer.headers[.location] == "/login?then=%2Fquality")
    }
  }
}
