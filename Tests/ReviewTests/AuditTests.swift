import Contributions
import Crypto
import Foundation
import GRDB
import Testing
import Verdicts

@testable import Review

struct AuditTests {
  /// A trail with decisions of every kind.
  private func busyDesk() async throws -> Desk {
    let desk = try await Desk(.sample("a", .reject), .sample("b", .hold), .sample("c", .reject))
    let first = try await desk.decide("a", .falsePositive, .accept, by: desk.ada)
    _ = try await desk.store.approve(decision: first.id, comment: "ok", by: desk.bo, now: noon)
    try await desk.decide("b", .faulty, .hold, by: desk.bo)
    let third = try await desk.decide("c", .falsePositive, .accept, by: desk.ada)
    _ = try await desk.store.decline(decision: third.id, comment: "no", by: desk.bo, now: noon)
    return desk
  }

  /// Does to the file what its triggers would not let pass.
  private func tamper(_ desk: Desk, _ sql: String, _ arguments: StatementArguments = []) throws {
    try desk.store.pool.writeWithoutTransaction { db in
      let triggers = try Row.fetchAll(
        db, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
      for row in triggers { try db.execute(sql: "DROP TRIGGER \(row["name"] as String)") }
      try db.execute(sql: sql, arguments: arguments)
      for row in triggers { try db.execute(sql: row["sql"]) }
    }
  }

  private func broken(_ desk: Desk, noted: [AuditHead] = []) async -> Int64? {
    let no = await refusal { try await desk.store.verifyAudit(noted: noted) }
    guard case .auditBroken(let row, _) = no else { return nil }
    return row
  }

  @Test func everyRowIsItsHashOverTheOneBeforeIt() async throws {
    let desk = try await busyDesk()
    let head = try await desk.store.verifyAudit()
    #expect(try await desk.store.auditHead() == head)
    let rows = try await desk.store.auditTrail(limit: 1000).reversed()
    #expect(Int64(rows.count) == head.count)
    var previous = String(repeating: "0", count: 64)
    for row in rows {
      // The form is written out here once more, by hand.
      let person = row.personID.map(String.init) ?? "null"
      func quoted(_ text: String) -> String { CanonicalJSON.string(text).text }
      let text =
        #"{"action":\#(quoted(row.action)),"detail":\#(quoted(row.detail)),"id":\#(row.id),"#
        + #""person":\#(quoted(row.person)),"person_id":\#(person),"previous":"\#(previous)","#
        + #""subject":\#(quoted(row.subject)),"time":\#(row.time.milliseconds)}"#
      #expect(row.previous == previous)
      #expect(row.hash == Hex.encode(Array(SHA256.hash(data: Data(text.utf8)))))
      previous = row.hash
    }
  }

  @Test(arguments: [
    "time = time + 1", "person_id = 77", "person = 'eve'", "action = 'decision.eaten'",
    "subject = 'item:9'", "detail = '{}'", "previous = hash", "hash = 'f' || substr(hash, 2)",
  ])
  func aChangedRowIsFoundWhereverItIs(change: String) async throws {
    let desk = try await busyDesk()
    let count = try await desk.store.auditHead().count
    for row in [1, 2, count / 2, count - 1, count] {
      let before = try await desk.store.auditTrail(before: row + 1, limit: 1)
      try tamper(desk, "UPDATE audit SET \(change) WHERE id = ?", [row])
      if try await desk.store.auditTrail(before: row + 1, limit: 1) != before {
        #expect(await broken(desk) == row, "\(change) at \(row)")
      }
      try tamper(desk, "DELETE FROM audit WHERE id = ?", [row])
      try put(before[0], into: desk)
    }
    _ = try await desk.store.verifyAudit()
  }

  private func put(_ entry: AuditEntry, into desk: Desk) throws {
    try tamper(
      desk, "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        entry.id, entry.time.milliseconds, entry.personID, entry.person, entry.action,
        entry.subject, entry.detail, entry.previous, entry.hash,
      ])
  }

  @Test func aRemovedRowIsFoundWhereverItWas() async throws {
    let desk = try await busyDesk()
    let count = try await desk.store.auditHead().count
    for row in 1...count {
      let before = try await desk.store.auditTrail(before: row + 1, limit: 1)
      try tamper(desk, "DELETE FROM audit WHERE id = ?", [row])
      #expect(await broken(desk) == row)
      try put(before[0], into: desk)
    }
    _ = try await desk.store.verifyAudit()
  }

  @Test func anInsertedRowIsFound() async throws {
    let desk = try await busyDesk()
    let head = try await desk.store.auditHead()
    let forged = AuditEntry(
      id: head.count + 1, time: noon, personID: 1, person: "eve", action: "item.noted",
      subject: "item:1", detail: "{}", previous: head.hash)
    try put(forged, into: desk)
    #expect(await broken(desk) == head.count + 1)
    try tamper(desk, "DELETE FROM audit WHERE id > ?", [head.count])
    // One that pushes the others on, each with a hash that fits it, but not the one before.
    try tamper(desk, "UPDATE audit SET id = -id - 1 WHERE id >= 3")
    try tamper(desk, "UPDATE audit SET id = -id WHERE id < 0")
    let second = try await desk.store.auditTrail(before: 3, limit: 1)[0]
    try put(
      AuditEntry(
        id: 3, time: noon, personID: 1, person: "eve", action: "item.noted", subject: "item:1",
        detail: "{}", previous: second.hash), into: desk)
    #expect(await broken(desk) == 4)
  }

  @Test func aTrailCutShortWithItsEndIsFoundByTheEndThatWasNoted() async throws {
    let desk = try await busyDesk()
    let noted = try await desk.store.auditHead()
    // Cuts rows that tell of no decision, and mends the end that is kept beside the trail.
    _ = try await desk.store.note(1, text: "incriminating", by: desk.bo, now: noon)
    let longer = try await desk.store.auditHead()
    try tamper(desk, "DELETE FROM audit WHERE id > ?", [noted.count])
    #expect(await broken(desk) == noted.count + 1)
    try tamper(desk, "UPDATE audit_head SET count = ?, hash = ?", [noted.count, noted.hash])
    #expect(try await desk.store.verifyAudit(noted: [noted]) == noted)
    #expect(await broken(desk, noted: [longer]) == longer.count)
    let other = AuditHead(count: 2, hash: String(repeating: "a", count: 64))
    #expect(await broken(desk, noted: [other]) == 2)
  }

  @Test func theDatabaseItselfRefusesToCutOrChangeTheTrail() async throws {
    let desk = try await busyDesk()
    for sql in [
      "UPDATE audit SET person = 'eve' WHERE id = 2", "DELETE FROM audit WHERE id = 2",
      "DELETE FROM audit", "DELETE FROM audit_head", "UPDATE audit_head SET count = 0",
      "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 2", "DELETE FROM decision",
      "INSERT INTO audit SELECT id + 100, time, person_id, person, action, subject, detail, "
        + "previous, hash FROM audit WHERE id = 2", "DELETE FROM bundle",
      "UPDATE bundle SET root = '0x'",
    ] {
      #expect(throws: DatabaseError.self, "\(sql)") {
        try desk.store.pool.write { db in try db.execute(sql: sql) }
      }
    }
    _ = try await desk.store.verifyAudit()
  }

  @Test(arguments: [
    "UPDATE decision SET verdict = 'reject' WHERE id = 1",
    "UPDATE decision SET comment = 'other' WHERE id = 1",
    "UPDATE decision SET finding = 'faulty' WHERE id = 1",
    "UPDATE decision SET decided_by = 1 WHERE id = 1",
    "UPDATE decision SET answered_by = 1 WHERE id = 1",
    "UPDATE decision SET status = 'approved' WHERE id = 3",
    "UPDATE decision SET exported_in = 7 WHERE id = 1",
    "UPDATE decision SET item_id = 2 WHERE id = 3", "DELETE FROM decision WHERE id = 1",
    "INSERT INTO decision SELECT 99, 3, verdict_id, from_verdict, finding, verdict, comment, "
      + "decided_by, decided_at, status, answered_by, answered_at, answer, exported_in "
      + "FROM decision WHERE id = 1",
  ])
  func aDecisionThatIsNotWhatTheTrailSaysIsFound(sql: String) async throws {
    let desk = try await busyDesk()
    try tamper(desk, sql)
    #expect(await broken(desk) != nil)
  }

  @Test func aHeadIsReadAsItIsPrinted() throws {
    let head = AuditHead(count: 12, hash: String(repeating: "0f", count: 32))
    #expect(AuditHead(head.description) == head)
    for text in ["", "12", "12:", "x:" + head.hash, "-1:" + head.hash, "1:" + head.hash + "0"] {
      #expect(AuditHead(text) == nil)
    }
  }

  @Test func theTrailIsReadInPagesAndBySubject() async throws {
    let desk = try await busyDesk()
    let all = try await desk.store.auditTrail(limit: 1000)
    let first = try await desk.store.auditTrail(limit: 4)
    let second = try await desk.store.auditTrail(before: first.last?.id, limit: 4)
    #expect(Array(all.prefix(8)) == first + second)
    let item = try await desk.store.auditTrail(subject: "item:1", limit: 10)
    #expect(item.map(\.action) == ["decision.approved", "decision.made"])
  }
}
