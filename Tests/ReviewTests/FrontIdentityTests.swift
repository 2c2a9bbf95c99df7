import Foundation
import Testing

@testable import Review

/// People whom a front vouches for.
struct FrontIdentityTests {
  private func identity(
    _ name: String = "zoe@example.org", subject: String = "s-1", role: Role = .analyst,
    saidAt: Date = noon
  ) -> FrontIdentity {
    FrontIdentity(
      issuer: "https://front", subject: subject, name: name, role: role, saidAt: saidAt)
  }

  private func actions(_ desk: Desk, of person: Person) async throws -> [String] {
    try await desk.store.auditTrail(subject: "person:\(person.id)", before: nil, limit: 100)
      .map(\.action).reversed()
  }

  @Test func aFirstVisitAddsThePersonOnce() async throws {
    let desk = try await Desk()
    let zoe = try await desk.store.person(of: identity(), now: noon)
    #expect(zoe.name == "zoe@example.org" && zoe.role == .analyst && zoe.isActive)
    #expect(try await desk.store.person(of: identity(), now: noon) == zoe)
    #expect(try await actions(desk, of: zoe) == ["person.added"])
    #expect(try await desk.store.frontPeople() == [zoe.id])
    _ = try await desk.store.verifyAudit()
  }

  @Test func manyFirstVisitsAtOnceAddOnePerson() async throws {
    let desk = try await Desk()
    let ids = try await withThrowingTaskGroup(of: Int64.self) { group in
      for _ in 0..<20 {
        group.addTask { try await desk.store.person(of: identity(), now: noon).id }
      }
      return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
  }

  @Test func theFrontsRoleAndNameAreTakenOverWithTheirTrail() async throws {
    let desk = try await Desk()
    let zoe = try await desk.store.person(of: identity(), now: noon)
    let later = noon.later(minutes: 5)
    let now = try await desk.store.person(
      of: identity("Zoe", role: .lead, saidAt: later), now: later)
    #expect(now == Person(id: zoe.id, name: "Zoe", role: .lead, isActive: true))
    #expect(
      try await actions(desk, of: zoe)
        == ["person.added", "person.role_changed", "person.renamed"])
    // What was said before that changes nothing.
    #expect(try await desk.store.person(of: identity(role: .admin), now: later) == now)
    // The same said anew leaves no row, but counts: what lies in between changes nothing any more.
    let anew = noon.later(minutes: 9)
    #expect(
      try await desk.store.person(of: identity("Zoe", role: .lead, saidAt: anew), now: anew) == now)
    let between = identity("Zoe", role: .admin, saidAt: noon.later(minutes: 7))
    #expect(try await desk.store.person(of: between, now: anew) == now)
    #expect(try await actions(desk, of: zoe).count == 3)
  }

  @Test func aNameThatAnotherHasIsNotTakenOver() async throws {
    let desk = try await Desk()
    for name in ["ada", "A D A", "console"] {
      let refused = await refusal {
        try await desk.store.person(of: identity(name), now: noon)
      }
      guard case .badInput = refused else {
        Issue.record("\(name): \(String(describing: refused))")
        continue
      }
    }
    let zoe = try await desk.store.person(of: identity(), now: noon)
    let renamed = try await desk.store.person(
      of: identity("ada", role: .viewer, saidAt: noon.later(minutes: 1)), now: noon)
    #expect(renamed == Person(id: zoe.id, name: zoe.name, role: .viewer, isActive: true))
  }

  @Test(arguments: ["", "  ", "a\nb", "a\u{0}b", String(repeating: "x", count: 101)])
  func whatIsNoNameIsRefused(_ name: String) async throws {
    let desk = try await Desk()
    let refused = await refusal { try await desk.store.person(of: identity(name), now: noon) }
    guard case .badInput = refused else {
      Issue.record("\(String(describing: refused))")
      return
    }
  }

  @Test func whoWasDeactivatedHereStaysOut() async throws {
    let desk = try await Desk()
    let zoe = try await desk.store.person(of: identity(), now: noon)
    let session = try await desk.store.openSession(of: zoe, address: "x", now: noon)
    _ = try await desk.store.deactivate(zoe.id, by: desk.admin, now: noon)
    let later = identity(role: .admin, saidAt: noon.later(hours: 1))
    for identity in [identity(), later] {
      #expect(
        await refusal { try await desk.store.person(of: identity, now: noon) }
          == .notAllowed(.analyst))
    }
    #expect(
      try await desk.store.person(session: session.token, fromFront: true, now: noon) == nil)
  }

  @Test func sessionsOfTheFrontAndOfPasswordsAreApart() async throws {
    let desk = try await Desk()
    let zoe = try await desk.store.person(of: identity(), now: noon)
    let session = try await desk.store.openSession(of: zoe, address: "x", now: noon)
    #expect(
      try await desk.store.person(session: session.token, fromFront: true, now: noon) == zoe)
    #expect(try await desk.store.person(session: session.token, now: noon) == nil)
    let link = try await desk.store.newLink(for: desk.ada.id, by: desk.admin, now: noon)
    _ = try await desk.store.redeem(link: link, password: SignInTests.password, now: noon)
    let own = try await desk.store.signIn(
      name: "ada", password: SignInTests.password, address: "x", now: noon)
    #expect(try await desk.store.person(session: own.token, fromFront: true, now: noon) == nil)
  }

  @Test func tyingAnAccountEndsItsPasswordAndItsSessions() async throws {
    let desk = try await Desk()
    let link = try await desk.store.newLink(for: desk.ada.id, by: desk.admin, now: noon)
    _ = try await desk.store.redeem(link: link, password: SignInTests.password, now: noon)
    let own = try await desk.store.signIn(
      name: "ada", password: SignInTests.password, address: "x", now: noon)
    _ = try await desk.store.tie(
      desk.ada.id, to: "https://front", subject: "s-1", by: desk.admin, now: noon)
    #expect(try await desk.store.person(session: own.token, now: noon) == nil)
    #expect(
      await refusal {
        try await desk.store.signIn(
          name: "ada", password: SignInTests.password, address: "x", now: noon)
      } == .wrongPassword)
    let ada = try await desk.store.person(of: identity("ada"), now: noon)
    #expect(ada == desk.ada)
    for refused in [
      await refusal { try await desk.store.newLink(for: ada.id, by: desk.admin, now: noon) },
      await refusal {
        try await desk.store.changeRole(of: ada.id, to: .lead, by: desk.admin, now: noon)
      },
      await refusal {
        try await desk.store.tie(
          desk.bo.id, to: "https://front", subject: "s-1", by: desk.admin, now: noon)
      },
    ] {
      guard case .badInput = refused else {
        Issue.record("\(String(describing: refused))")
        continue
      }
    }
    #expect(
      await refusal {
        try await desk.store.tie(
          desk.bo.id, to: "https://front", subject: "s-2", by: desk.lead, now: noon)
      } == .notAllowed(.lead))
  }

  @Test func theFrontMayTakeTheLastAdminsRole() async throws {
    let desk = try await Desk()
    _ = try await desk.store.tie(
      desk.admin.id, to: "https://front", subject: "s-1", by: desk.admin, now: noon)
    let amy = try await desk.store.person(of: identity("amy", role: .viewer), now: noon)
    #expect(amy.role == .viewer)
    let back = try await desk.store.person(of: identity("amy", role: .admin), now: noon)
    #expect(back.role == .admin)
  }
}
