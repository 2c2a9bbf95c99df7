import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Review
import Testing

@testable import Service

/// What a front's word is good for, and which words are none.
@Suite struct FrontTests {
  @Test func aGoodTokenLetsInAndIsASession() async throws {
    let front = try await FrontFixture()
    let token = try front.token()
    let answer = try await front.get("/", token)
    #expect(answer.status == .ok && answer.text.contains("ada@example.org"))
    let session = try #require(front.session(answer))
    #expect(answer.headers[.setCookie]?.contains("HttpOnly") == true)
    let person = try #require(
      try await front.desk.store.people().first { $0.name == "ada@example.org" })
    #expect(person.role == .analyst)
    // With its cookie no other session is opened, nor without one for the same token.
    #expect(try await front.get("/", token, cookie: session).headers[.setCookie] == nil)
    #expect(try await front.get("/", token).headers[.setCookie] == nil)
    let opened = try await front.desk.store.auditTrail(
      subject: "person:\(person.id)", before: nil, limit: 100)
    #expect(opened.map(\.action) == ["session.opened", "person.added"])
  }

  @Test func edDSAIsReadToo() async throws {
    let front = try await FrontFixture()
    let token = try front.token(header: ["alg": "EdDSA", "kid": "ed"]) {
      try front.edDSA.signature(for: $0)
    }
    #expect(try await front.get("/", token).status == .ok)
  }

  @Test func everyWrongTokenIsRefused() async throws {
    let front = try await FrontFixture()
    let now = FrontFixture.now
    let good = try front.token()
    let other = P256.Signing.PrivateKey()
    let shared = front.es256.publicKey.rawRepresentation
    var wrong: [String: String] = [
      "signature cut": String(good.dropLast(8)),
      "payload changed": good.replacing(".", with: ".e30", maxReplacements: 1),
      "no signature": good.split(separator: ".").prefix(2).joined(separator: ".") + ".",
      "empty": "", "words": "a.b.c", "four parts": good + ".x", "padded": good + "==",
      "huge": good + String(repeating: "A", count: 20_000),
      "another key": try front.token { try other.signature(for: $0).rawRepresentation },
      "DER signature": try front.token { try front.es256.signature(for: $0).derRepresentation },
      "none": try front.token(header: ["alg": "none"]) { _ in Data() },
      "none with a signature": try front.token(header: ["alg": "None"]),
      "HMAC with the public key": try front.token(header: ["alg": "HS256"]) {
        Data(HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: shared)))
      },
      "another algorithm for the key": try front.token(header: ["alg": "EdDSA"]),
      "RS256 for an elliptic key": try front.token(header: ["alg": "RS256"]),
      "ES384": try front.token(header: ["alg": "ES384"]),
      "no algorithm": try front.token(header: ["alg": NSNull()]),
      "no key": try front.token(header: ["kid": NSNull()]),
      "unknown key": try front.token(header: ["kid": "other"]),
      "key of another kind": try front.token(header: ["kid": 1]),
      "its own key": try front.token(header: [
        "kid": NSNull(), "jwk": front.es256JWK("es", of: other),
      ]) { try other.signature(for: $0).rawRepresentation },
      "critical header": try front.token(header: ["crit": ["exp"]]),
    ]
    let claims: [String: [String: Any]] = [
      "expired": ["exp": now - 31], "no end": ["exp": NSNull()], "end in words": ["exp": "9e9"],
      "end is true": ["exp": true], "not yet": ["nbf": now + 31],
      "of the future": ["iat": now + 31],
      "another issuer": ["iss": "https://front.example/"], "no issuer": ["iss": NSNull()],
      "another audience": ["aud": "other"], "other audiences": ["aud": ["a", "b"]],
      "no audience": ["aud": NSNull()], "no subject": ["sub": NSNull()],
      "empty subject": ["sub": ""],
      "no name": ["email": NSNull()], "a list for a name": ["email": ["a"]],
    ]
    for (name, change) in claims { wrong[name] = try front.token(change) }
    for (name, token) in wrong {
      let answer = try await front.get("/", token)
      #expect(answer.status == .unauthorized, "\(name)")
      #expect(answer.headers[.setCookie] == nil, "\(name)")
    }
    #expect(try await front.get("/", good, good).status == .unauthorized)
    #expect(try await front.desk.store.people().count == Role.allCases.count)
    #expect(try await front.get("/", good).status == .ok)
  }

  @Test func clocksMayBeOffALittle() async throws {
    let front = try await FrontFixture()
    let now = FrontFixture.now
    #expect(try await front.get("/", front.token(["exp": now - 29])).status == .ok)
    #expect(try await front.get("/", front.token(["nbf": now + 29])).status == .ok)
    #expect(try await front.get("/", front.token(["aud": ["x", "desk-2"]])).status == .ok)
  }

  @Test func theHighestRoleOfTheGroupsHolds() async throws {
    let front = try await FrontFixture()
    let token = try front.token(["groups": ["bosses", "cn=a,ou=b", "nobody"]])
    #expect(try await front.get("/bundles", token).text.contains(">lead<"))
    for groups in [["nobody"], [], "nobody", NSNull(), 3] as [Any] {
      let token = try front.token(["groups": groups, "sub": "u-2"])
      #expect(try await front.get("/", token).status == .forbidden)
    }
  }

  @Test func aChangedRoleHoldsAtOnceAndAnOlderTokenChangesNothing() async throws {
    let front = try await FrontFixture()
    let now = FrontFixture.now
    let old = try front.token()
    let session = try #require(front.session(try await front.get("/", old)))
    #expect(try await front.get("/people", old, cookie: session).status == .forbidden)
    let new = try front.token(["groups": "root", "iat": now - 30])
    #expect(try await front.get("/people", new, cookie: session).status == .ok)
    #expect(try await front.get("/people", old, cookie: session).status == .ok)
    let least = try front.token(["groups": ["cn=a,ou=b"], "iat": now - 10])
    #expect(try await front.get("/people", least, cookie: session).status == .forbidden)
    let none = try front.token(["groups": ["nobody"], "iat": now])
    #expect(try await front.get("/", none, cookie: session).status == .forbidden)
  }

  @Test func aSessionOfTheFrontIsNobodysWithoutItsWord() async throws {
    let front = try await FrontFixture()
    let session = try #require(front.session(try await front.get("/", front.token())))
    #expect(try await front.get("/", cookie: session).status == .seeOther)
    // Nor is a session of a password anything with it: the front's person holds.
    let password = try #require(front.desk.sessions[.admin]).token
    let answer = try await front.get("/people", front.token(), cookie: password)
    #expect(answer.status == .forbidden && front.session(answer) != password)
    // A token that is not believed does not fall back to the session.
    #expect(try await front.get("/", "x", cookie: password).status == .unauthorized)
    #expect(try await front.get("/", cookie: password).status == .ok)
  }

  @Test func formsOfAFrontsSessionTakeItsToken() async throws {
    let front = try await FrontFixture()
    let token = try front.token()
    let session = try #require(front.session(try await front.get("/", token)))
    for (csrf, status) in [
      (ReviewStore.csrfToken(session: session), HTTPResponse.Status.seeOther),
      (ReviewStore.csrfToken(session: try #require(front.desk.sessions[.lead]).token), .forbidden),
    ] {
      let answer = try await front.desk.send(
        "/views", .post,
        headers: [
          .authorization: "bearer \(token)", .cookie: "\(front.desk.desk.sessionCookie)=\(session)",
          .contentType: "application/x-www-form-urlencoded",
        ], body: .init(string: "view=mine&csrf=\(csrf)"))
      #expect(answer.status == status)
    }
  }

  @Test func withoutAFrontItsHeaderIsNotLookedAt() async throws {
    let front = try await FrontFixture()
    let plain = try await DeskFixture()
    let answer = try await plain.send(
      "/", .get, headers: [.authorization: "Bearer \(try front.token())"], body: nil)
    #expect(answer.status == .seeOther)
  }

  @Test func theConfiguredHeaderCountsAndNoOther() async throws {
    let front = try await FrontFixture { $0.front?.header = "Cf-Access-Jwt-Assertion" }
    let token = try front.token()
    #expect(try await front.get("/", token).status == .seeOther)
    let name = try #require(HTTPField.Name("cf-access-jwt-assertion"))
    let answer = try await front.desk.send("/", .get, headers: [name: token], body: nil)
    #expect(answer.status == .ok)
  }

  @Test func withoutPasswordsOnlyTheFrontLetsIn() async throws {
    let front = try await FrontFixture { $0.hasPasswords = false }
    #expect(try await front.get("/login").status == .unauthorized)
    let link = try await front.desk.store.addPerson(
      name: "new", role: .admin, by: .console, now: DeskFixture.now
    ).link
    #expect(try await front.get("/welcome/\(link)").status == .notFound)
    let session = try #require(front.desk.sessions[.admin]).token
    #expect(try await front.get("/", cookie: session).status == .seeOther)
    #expect(try await front.get("/", front.token()).status == .ok)
  }

  @Test func keysAreReadAnewWhenTheirFileChangesAndABadFileChangesNothing() async throws {
    let front = try await FrontFixture()
    let next = P256.Signing.PrivateKey()
    let token = try front.token(header: ["kid": "next"]) {
      try next.signature(for: $0).rawRepresentation
    }
    #expect(try await front.get("/", token).status == .unauthorized)
    try front.writeKeys([front.es256JWK("next", of: next)])
    #expect(try await front.get("/", token).status == .ok)
    #expect(try await front.get("/", front.token()).status == .unauthorized)
    try Data("{".utf8).write(to: URL(fileURLWithPath: front.keysFile))
    #expect(try await front.get("/", token).status == .ok)
    try FileManager.default.removeItem(atPath: front.keysFile)
    #expect(try await front.get("/", token).status == .ok)
  }

  @Test func signingOutLeadsToTheFront() async throws {
    let front = try await FrontFixture()
    let token = try front.token()
    let session = try #require(front.session(try await front.get("/", token)))
    let csrf = ReviewStore.csrfToken(session: session)
    let answer = try await front.desk.send(
      "/logout", .post,
      headers: [
        .authorization: "Bearer \(token)", .cookie: "\(front.desk.desk.sessionCookie)=\(session)",
        .contentType: "application/x-www-form-urlencoded",
      ], body: .init(string: "csrf=\(csrf)"))
    #expect(answer.headers[.location] == "/oauth2/sign_out")
    #expect(front.session(try await front.get("/", token)) != session)
  }

  @Test func aNameOfAnotherAccountIsRefusedUntilItIsTied() async throws {
    let front = try await FrontFixture()
    let token = try front.token(["email": "The Lead", "groups": "root"])
    #expect(try await front.get("/", token).status == .badRequest)
    let lead = try #require(front.desk.sessions[.lead])
    _ = try await front.desk.store.tie(
      lead.person.id, to: FrontFixture.issuer, subject: "u-1", by: .console, now: DeskFixture.now)
    #expect(try await front.get("/people", token).status == .ok)
    #expect(try await front.get("/", cookie: lead.token).status == .seeOther)
  }
}
