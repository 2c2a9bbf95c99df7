import Foundation
import GRDB
import Testing
import Verdicts

@testable import Review

struct BackupTests {
  @Test func aBackupMadeWhileDecisionsGoOnIsTheStateOfOneMoment() async throws {
    let desk = try await Desk()
    try await desk.add(.night((0..<120).map { .sample("n\($0)", .hold) }))
    let rows = try await desk.store.queue(limit: 500, now: noon)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for row in rows {
          _ = try await desk.store.decide(
            row.id, finding: .faulty, verdict: .hold, comment: "stands", by: desk.ada,
            version: row.version, now: noon)
        }
      }
      group.addTask {
        for number in 0..<4 {
          try await desk.store.backup(
            to: "\(desk.folder.path)/backup-\(number)", by: desk.admin, now: noon)
        }
      }
      try await group.waitForAll()
    }
    let end = try await desk.store.auditTrail(limit: 1000)
    for number in 0..<4 {
      let path = "\(desk.folder.path)/backup-\(number)"
      #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
      let copy = try ReviewStore(path: path, passwordCost: .cheap)
      let head = try await copy.verifyAudit()
      #expect(end.contains { $0.id == head.count && $0.hash == head.hash })
      let made = try await copy.auditTrail(limit: 1000).filter { $0.action == "decision.made" }
      #expect(try await copy.counts(now: noon)[.decided] == made.count)
    }
  }

  @Test func aBackupOverwritesNothing() async throws {
    let desk = try await Desk()
    for path in [desk.path, "\(desk.folder.path)/no/such/folder/b"] {
      #expect(
        await refusal { try await desk.store.backup(to: path, by: desk.admin, now: noon) } != nil)
    }
    #expect(await desk.store.isHealthy())
  }

  @Test func aBackupThatFailsIsToldInTheTrail() async throws {
    let desk = try await Desk(.sample("a", .hold))
    let no = await refusal {
      try await desk.store.backup(
        to: "\(desk.folder.path)/none/b.db", by: desk.admin, now: noon)
    }
    #expect(no != nil)
    let trail = try await desk.store.auditTrail(limit: 2).map(\.action)
    #expect(trail == ["store.backup_failed", "store.backed_up"])
  }

  @Test func aRestoredBackupTakesTheStoresPlaceAndTheOldOneStaysBesideIt() async throws {
    let desk = try await Desk(.sample("a", .hold), .sample("b", .hold))
    try await desk.decide("a", .faulty, .hold, by: desk.ada)
    let backup = "\(desk.folder.path)/backup"
    try await desk.store.backup(to: backup, by: desk.admin, now: noon)
    let head = try await desk.store.auditHead()
    try await desk.decide("b", .faulty, .hold, by: desk.ada)
    let later = try await desk.store.auditHead()
    try desk.store.close()
    #expect(try ReviewStore.restore(backup, to: desk.path) == head)
    let store = try ReviewStore(path: desk.path, passwordCost: .cheap)
    #expect(try await store.verifyAudit() == head)
    #expect(try await store.counts(now: noon)[.decided] == 1)
    // That something came after it is found by the end that was noted.
    let no = await refusal { try await store.verifyAudit(noted: [later]) }
    #expect(no != nil)
    let old = try ReviewStore(path: desk.path + ".before-restore", passwordCost: .cheap)
    #expect(try await old.verifyAudit() == later)
  }

  @Test func aStoreInUseIsNotReplaced() async throws {
    let desk = try await Desk(.sample("a", .hold))
    let backup = "\(desk.folder.path)/backup"
    try await desk.store.backup(to: backup, by: desk.admin, now: noon)
    #expect(throws: ReviewError.self) { try ReviewStore.restore(backup, to: desk.path) }
    #expect(await desk.store.isHealthy())
  }

  @Test(arguments: ["cut", "flipped", "empty", "text", "tampered", "missing"])
  func aBrokenBackupChangesNothing(damage: String) async throws {
    let desk = try await Desk()
    try await desk.add(.night((0..<60).map { .sample("n\($0)", .hold) }))
    let backup = "\(desk.folder.path)/backup"
    try await desk.store.backup(to: backup, by: desk.admin, now: noon)
    let head = try await desk.store.auditHead()
    try desk.store.close()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: backup))
    switch damage {
    case "cut": bytes = bytes.prefix(bytes.count / 2)
    case "flipped":
      for index in stride(from: 20_000, to: bytes.count, by: 997) { bytes[index] ^= 255 }
    case "empty": bytes = Data()
    case "text": bytes = Data(repeating: 65, count: 5000)
    case "missing": bytes = Data()
    default:
      let queue = try DatabaseQueue(path: backup)
      try await queue.write { db in
        try db.execute(sql: "DROP TRIGGER audit_is_final")
        try db.execute(sql: "UPDATE audit SET person = 'eve' WHERE id = 3")
      }
      try queue.close()
    }
    if damage == "missing" {
      try FileManager.default.removeItem(atPath: backup)
    } else if damage != "tampered" {
      try bytes.write(to: URL(fileURLWithPath: backup))
    }
    #expect(throws: ReviewError.self) { try ReviewStore.restore(backup, to: desk.path) }
    let store = try ReviewStore(path: desk.path, passwordCost: .cheap)
    #expect(try await store.verifyAudit() == head)
    #expect(!FileManager.default.fileExists(atPath: desk.path + ".restoring"))
  }
}
