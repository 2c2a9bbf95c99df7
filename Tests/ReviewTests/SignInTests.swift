import Foundation
import Testing

@testable import Review

struct SignInTests {
  static let password = "correct horse battery"

  private func desk() async throws -> Desk {
    let desk = try await Desk()
    let link = try await desk.store.newLink(for: desk.ada.id, by: desk.admin, now: noon)
    _ = try await desk.store.redeem(link: link, password: Self.password, now: noon)
    return desk
  }

  private func signIn(
    _ desk: Desk, _ name: String = "ada", _ password: String = password,
    from address: String = "192.0.2.1", at now: Date = noon
  ) async throws -> Session {
    try await desk.store.signIn(name: name, password: password, address: address, now: now)
  }

  @Test func aPasswordOpensASessionOfItsOwn() async throws {
    let desk = try await desk()
    let one = try await signIn(desk)
    let two = try await signIn(desk, " A D A ")
    #expect(one.token != two.token)
    #expect(one.token.count == 64)
    #expect(try await desk.store.person(session: one.token, now: noon) == desk.ada)
    #expect(try await desk.store.person(session: two.token, now: noon) == desk.ada)
  }

  @Test func aTokenThatSomebodyChoseIsNobodys() async throws {
    let desk = try await desk()
    let chosen = String(repeating: "ab", count: 32)
    #expect(try await desk.store.person(session: chosen, now: noon) == nil)
    let session = try await signIn(desk)
    #expect(session.token != chosen)
    #expect(try await desk.store.person(session: chosen, now: noon) == nil)
    for token in ["", "x", session.token.uppercased(), session.token + "00"] {
      #expect(try await desk.store.person(session: token, now: noon) == nil)
    }
  }

  @Test func theStoreKeepsNeitherTokensNorPasswords() async throws {
    let desk = try await desk()
    let session = try await signIn(desk)
    let link = try await desk.store.newLink(for: desk.bo.id, by: desk.admin, now: noon)
    try desk.store.close()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: desk.path))
    for secret in [session.token, link, Self.password] {
      #expect(bytes.range(of: Data(secret.utf8)) == nil)
      if let raw = RandomToken(secret) { #expect(bytes.range(of: Data(raw.bytes)) == nil) }
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: desk.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test func aSessionEndsAfterEightIdleHoursOrADay() async throws {
    let desk = try await desk()
    let idle = try await signIn(desk)
    let store = desk.store
    #expect(try await store.person(session: idle.token, now: noon.later(minutes: 479)) != nil)
    #expect(try await store.person(session: idle.token, now: noon.later(minutes: 958)) != nil)
    #expect(try await store.person(session: idle.token, now: noon.later(minutes: 1439)) == nil)
    let busy = try await signIn(desk)
    for hour in stride(from: 4.0, to: 24, by: 4) {
      #expect(try await store.person(session: busy.token, now: noon.later(hours: hour)) != nil)
    }
    #expect(try await store.person(session: busy.token, now: noon.later(hours: 24)) == nil)
  }

  @Test func signingOutRolesAndLeavingEndSessions() async throws {
    let desk = try await desk()
    let store = desk.store
    let first = try await signIn(desk)
    try await store.signOut(first.token, now: noon)
    #expect(try await store.person(session: first.token, now: noon) == nil)
    let second = try await signIn(desk)
    let promoted = try await store.changeRole(
      of: desk.ada.id, to: .lead, by: desk.admin, now: noon)
    #expect(promoted.role == .lead)
    #expect(try await store.person(session: second.token, now: noon) == nil)
    let third = try await signIn(desk)
    let link = try await store.newLink(for: desk.ada.id, by: desk.admin, now: noon)
    _ = try await store.redeem(link: link, password: "another long password", now: noon)
    #expect(try await store.person(session: third.token, now: noon) == nil)
    let fourth = try await signIn(desk, "ada", "another long password")
    _ = try await store.deactivate(desk.ada.id, by: desk.admin, now: noon)
    #expect(try await store.person(session: fourth.token, now: noon) == nil)
    let no = await refusal { try await signIn(desk, "ada", "another long password") }
    #expect(no == .wrongPassword)
    _ = try await store.reactivate(desk.ada.id, by: desk.admin, now: noon)
    let still = await refusal { try await signIn(desk, "ada", "another long password") }
    #expect(still == .wrongPassword)
  }

  @Test func fiveWrongPasswordsLockTheNameForAQuarterOfAnHour() async throws {
    let desk = try await desk()
    for minute in 0..<5 {
      let no = await refusal {
        try await signIn(
          desk, "ada", "wrong", from: "192.0.2.\(minute)", at: noon.later(minutes: Double(minute)))
      }
      #expect(no == .wrongPassword)
    }
    let later = noon.later(minutes: 5)
    let no = await refusal { try await signIn(desk, from: "198.51.100.1", at: later) }
    #expect(no == .locked(until: noon.later(minutes: 15)))
    #expect(try await signIn(desk, at: noon.later(minutes: 15)).person == desk.ada)
  }

  @Test func manyAttemptsAtOnceDoNotGetAroundTheLimit() async throws {
    let desk = try await desk()
    let refusals = await withTaskGroup(of: ReviewError?.self) { group in
      for _ in 0..<30 {
        group.addTask { await refusal { try await signIn(desk, "ada", "wrong password") } }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(refusals.count { $0 == .wrongPassword } == 5)
    #expect(refusals.count { $0?.isLocked == true } == 25)
  }

  @Test func twentyFailuresLockTheAddressWhateverTheNames() async throws {
    let desk = try await desk()
    for number in 0..<20 {
      let no = await refusal { try await signIn(desk, "nobody\(number)", "wrong") }
      #expect(no == .wrongPassword)
    }
    #expect(await refusal { try await signIn(desk) }?.isLocked == true)
    #expect(try await signIn(desk, from: "192.0.2.2").person == desk.ada)
  }

  @Test func aRightPasswordForgetsTheWrongOnesOfTheName() async throws {
    let desk = try await desk()
    for _ in 0..<4 {
      for _ in 0..<4 { _ = await refusal { try await signIn(desk, "ada", "wrong") } }
      _ = try await signIn(desk)
    }
  }

  @Test(arguments: [
    ("ada", ""), ("ada", "wrong"), ("bo", ""), ("bo", "x"), ("console", ""), ("", ""),
    ("' OR 1=1 --", "' OR 1=1 --"), (String(repeating: "n", count: 300), "x"),
    ("ada", String(repeating: "p", count: 2000)), ("a\u{0}da", "x"),
  ])
  func nothingElseSignsIn(name: String, password: String) async throws {
    let desk = try await desk()
    let no = await refusal { try await signIn(desk, name, password) }
    #expect(no == .wrongPassword)
  }

  @Test func aLinkIsGoodOnceAndForAWeek() async throws {
    let desk = try await desk()
    let store = desk.store
    let link = try await store.newLink(for: desk.bo.id, by: desk.admin, now: noon)
    #expect(try await store.linkOwner(link, now: noon) == desk.bo)
    let week = noon.later(hours: 24 * 7)
    let old = await refusal {
      try await store.redeem(link: link, password: Self.password, now: week)
    }
    #expect(old == .notFound)
    for short in ["", "short", "elevenchars", String(repeating: "x", count: 1025)] {
      let no = await refusal { try await store.redeem(link: link, password: short, now: noon) }
      #expect(no?.isBadInput == true)
    }
    _ = try await store.redeem(link: link, password: Self.password, now: noon)
    let used = await refusal {
      try await store.redeem(link: link, password: Self.password, now: noon)
    }
    #expect(used == .notFound)
    #expect(try await signIn(desk, "bo").person == desk.bo)
  }

  @Test func aFormTokenBelongsToOneSession() async throws {
    let desk = try await desk()
    let one = try await signIn(desk).token
    let two = try await signIn(desk).token
    let form = ReviewStore.csrfToken(session: one)
    #expect(form.count == 64 && form != one)
    #expect(ReviewStore.isCSRFToken(form, session: one))
    #expect(!ReviewStore.isCSRFToken(form, session: two))
    for text in ["", "00", one, form.uppercased(), String(form.dropLast(2))] {
      #expect(!ReviewStore.isCSRFToken(text, session: one))
    }
    #expect(ReviewStore.csrfToken(session: "no token") == "")
    #expect(!ReviewStore.isCSRFToken("", session: "no token"))
  }

  @Test func theLastAdminStays() async throws {
    let desk = try await desk()
    for no in [
      await refusal {
        try await desk.store.changeRole(of: desk.admin.id, to: .lead, by: desk.admin, now: noon)
      },
      await refusal { try await desk.store.deactivate(desk.admin.id, by: desk.admin, now: noon) },
    ] { #expect(no?.isBadInput == true) }
    let console = await refusal { try await desk.store.deactivate(0, by: desk.admin, now: noon) }
    #expect(console == .notFound)
  }

  /// RFC 7914, section 12: N = 1024, r = 8 (p = 16), through the form in which it is stored.
  @Test func passwordsAreHashedWithScrypt() throws {
    let stored =
      "scrypt:10:8:16:4e61436c:"
      + "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
    #expect(try PasswordCost.cheap.verify("password", stored))
    #expect(!(try PasswordCost.cheap.verify("Password", stored)))
    #expect(!(try PasswordCost.cheap.verify("password", "scrypt:60:8:16:4e61436c:00")))
    let own = try PasswordCost.cheap.hash("password")
    #expect(try PasswordCost.standard.verify("password", own))
    #expect(try PasswordCost.cheap.hash("password") != own)
  }
}
