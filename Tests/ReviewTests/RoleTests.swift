import Foundation
import Testing
import Verdicts

@testable import Review

/// Every change of the store, by every role.
struct RoleTests {
  @Test(arguments: Permission.allCases)
  func whoMayNotIsRefusedAndNothingChanges(permission: Permission) async throws {
    let desk = try await Desk(.sample("a", .reject), .sample("b", .hold), .sample("c", .hold))
    try await desk.decide(
      "a", .falsePositive, .accept, by: permission == .withdraw ? desk.ada : desk.bo)
    _ = try await desk.store.take(try await desk.row("c").id, by: desk.bo, now: noon)
    for person in [desk.viewer, desk.ada, desk.lead, desk.admin] {
      let before = try await desk.store.auditHead()
      let no = await refusal { try await carryOut(permission, desk, person) }
      if permission.isGiven(to: person.role) {
        #expect(no != .notAllowed(person.role), "\(person.role)")
      } else {
        #expect(no == .notAllowed(person.role), "\(person.role)")
        #expect(try await desk.store.auditHead() == before)
      }
    }
  }

  @Test func aRoleThatWasTakenAwayNoLongerCountsWhateverThePageSaid() async throws {
    let desk = try await Desk(.sample("a", .hold))
    _ = try await desk.store.changeRole(of: desk.ada.id, to: .viewer, by: desk.admin, now: noon)
    let no = await refusal { try await desk.store.takeNext(by: desk.ada, now: noon) }
    #expect(no == .notAllowed(.viewer))
    let forged = Person(id: desk.viewer.id, name: "vic", role: .admin, isActive: true)
    let still = await refusal { try await desk.store.takeNext(by: forged, now: noon) }
    #expect(still == .notAllowed(.viewer))
    let nobody = Person(id: 4711, name: "nobody", role: .admin, isActive: true)
    let unknown = await refusal { try await desk.store.takeNext(by: nobody, now: noon) }
    #expect(unknown == .notAllowed(.admin))
  }

  @Test func rolesAreInOrder() {
    #expect(Role.viewer < .analyst && Role.analyst < .lead && Role.lead < .admin)
    #expect(Permission.allCases.allSatisfy { $0.isGiven(to: .admin) })
    #expect(Permission.allCases.filter { $0.isGiven(to: .viewer) } == [.keepViews])
  }

  private func carryOut(
    _ permission: Permission, _ desk: Desk, _ person: Person
  ) async throws {
    let store = desk.store
    let a = try await desk.row("a")
    let b = try await desk.row("b")
    let c = try await desk.row("c")
    let decision = try await store.item(a.id, now: noon).decisions.map(\.id).last ?? 0
    let seen = [SeenItem(id: b.id, version: b.version)]
    switch permission {
    case .keepViews:
      let view = try await store.saveView(
        name: "mine", filter: QueueFilter(), by: person, now: noon)
      try await store.deleteView(view.id, by: person, now: noon)
    case .take: _ = try await store.takeNext(by: person, now: noon)
    case .release: _ = try await store.release(b.id, by: person, now: noon)
    case .note: _ = try await store.note(b.id, text: "a", by: person, now: noon)
    case .snooze:
      _ = try await store.snooze(
        b.id, until: noon.later(hours: 1), comment: "a", by: person, version: b.version, now: noon)
    case .decide: try await desk.decide("b", .falsePositive, .accept, by: person)
    case .approve:
      _ = try await store.approve(decision: decision, comment: "", by: person, now: noon)
    case .decline:
      _ = try await store.decline(decision: decision, comment: "no", by: person, now: noon)
    case .withdraw, .withdrawOthers:
      _ = try await store.withdraw(decision: decision, by: person, now: noon)
    case .assignSelf: _ = try await store.bulk(seen, .assign(to: person.id), by: person, now: noon)
    case .assignOthers:
      _ = try await store.bulk(seen, .assign(to: desk.bo.id), by: person, now: noon)
    case .releaseOthers: _ = try await store.release(c.id, by: person, now: noon)
    case .reopen:
      _ = try await store.reopen(b.id, comment: "a", by: person, version: b.version, now: noon)
    case .receiveAppeal:
      _ = try await store.receiveAppeal(packet: [], statement: "", by: person, now: noon)
    case .answerAppeal:
      _ = try await store.answerAppeal(1, upheld: true, reason: "a", by: person, now: noon)
    case .importBundle: _ = try await store.importBundle(path: "/none", by: person, now: noon)
    case .managePeople:
      _ = try await store.addPerson(
        name: "new \(person.name)", role: .viewer, by: person, now: noon)
    case .changeSettings: try await store.change(Settings(), by: person, now: noon)
    case .backUp:
      try await store.backup(to: "\(desk.folder.path)/b-\(person.name)", by: person, now: noon)
    }
  }
}
