import Foundation
import GRDB
import Testing
import Verdicts

@testable import Review

struct StoreTests {
  @Test func anEmptyFileAndNoFileBecomeStores() async throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/empty.sqlite"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    for path in [path, "\(folder.path)/none.sqlite"] {
      let store = try ReviewStore(path: path, passwordCost: .cheap)
      #expect(try await store.hasPeople() == false)
      #expect(try await store.counts(now: noon).total == 0)
      #expect(try await store.verifyAudit().count == 0)
      #expect(await store.isHealthy())
      try store.close()
    }
  }

  @Test func aStoreKeepsEverythingWhenItIsOpenedAgain() async throws {
    let desk = try await Desk(.sample("a", .hold))
    try await desk.decide("a", .faulty, .hold, by: desk.ada)
    let head = try await desk.store.auditHead()
    try desk.store.close()
    let again = try ReviewStore(path: desk.path, passwordCost: .cheap)
    #expect(try await again.verifyAudit(noted: [head]) == head)
    #expect(try await again.counts(now: noon)[.decided] == 1)
  }

  @Test func aStoreOfALaterVersionIsRefusedAndLeftAlone() async throws {
    let desk = try await Desk(.sample("a", .hold))
    try await desk.store.pool.write { db in
      try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')")
    }
    try desk.store.close()
    #expect(throws: ReviewError.newerStore) { try ReviewStore(path: desk.path) }
    #expect(throws: ReviewError.newerStore) {
      try ReviewStore.restore(desk.path, to: "\(desk.folder.path)/other.sqlite")
    }
  }

  @Test func anotherProgramsFileIsRefusedAndLeftAlone() async throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/other.sqlite"
    let other = try DatabaseQueue(path: path)
    try await other.write { db in try db.execute(sql: "CREATE TABLE t (a)") }
    try other.close()
    let untouched = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(throws: ReviewError.self) { try ReviewStore(path: path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == untouched)
    let text = "\(folder.path)/text"
    try Data("not a database, but long enough to be read as one".utf8)
      .write(to: URL(fileURLWithPath: text))
    let before = try Data(contentsOf: URL(fileURLWithPath: text))
    #expect(throws: ReviewError.self) { try ReviewStore(path: text) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: text)) == before)
    #expect(throws: ReviewError.self) { try ReviewStore(path: "\(folder.path)/no/such/folder") }
  }

  @Test func aFullDiskLosesNothingThatWasAnswered() async throws {
    let desk = try await Desk()
    try await desk.add(.night((0..<40).map { .sample("n\($0)", .hold) }))
    let store = desk.store
    try await store.pool.writeWithoutTransaction { db in
      _ = try db.checkpoint(.truncate)
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages + 4)")
    }
    var answered = 0
    var refused: ReviewError?
    for number in 0..<40 where refused == nil {
      refused = await refusal {
        try await desk.decide(
          "n\(number)", .faulty, .hold, by: desk.ada,
          comment: String(repeating: "long ", count: 300))
      }
      if refused == nil { answered += 1 }
    }
    guard case .database = refused else {
      Issue.record("the disk never filled: \(String(describing: refused))")
      return
    }
    #expect(try await store.counts(now: noon)[.decided] == answered)
    _ = try await store.verifyAudit()
    try store.close()
    let again = try ReviewStore(path: desk.path, passwordCost: .cheap)
    #expect(try await again.counts(now: noon)[.decided] == answered)
    #expect(try await again.verifyAudit().count > Int64(answered))
  }

  @Test func aKilledProcessLosesNothingThatItAnswered() async throws {
    let desk = try await Desk()
    try await desk.add(.night((0..<400).map { .sample("n\($0)", .hold) }))
    try desk.store.close()
    setenv("ASSAY_REVIEW_KILLED_STORE", desk.path, 1)
    await #expect(processExitsWith: .signal(SIGKILL)) { try await KilledDesk.run() }
    let answers = try String(contentsOfFile: desk.path + ".answers", encoding: .utf8)
      .split(separator: "\n").compactMap { Int64($0) }
    #expect(answers.count >= KilledDesk.atLeast)
    let store = try ReviewStore(path: desk.path, passwordCost: .cheap)
    for id in answers {
      #expect(try await store.item(id, now: noon).decisions.map(\.status) == [.approved])
    }
    // What was being decided is there as a whole or not at all.
    let decided = try await store.counts(now: noon)[.decided]
    #expect(decided == answers.count || decided == answers.count + 1)
    let head = try await store.verifyAudit()
    let made = try await store.auditTrail(limit: 1000).filter { $0.action == "decision.made" }
    #expect(made.count == decided)
    #expect(head.count > 0)
    let integrity = try await store.pool.read { db in
      try String.fetchAll(db, sql: "PRAGMA integrity_check")
    }
    #expect(integrity == ["ok"])
  }
}

/// A process that decides until it is killed, writing down what it was answered.
private enum KilledDesk {
  static let atLeast = 20

  static func run() async throws {
    let path = ProcessInfo.processInfo.environment["ASSAY_REVIEW_KILLED_STORE"] ?? ""
    let store = try ReviewStore(path: path, passwordCost: .cheap)
    let people = try await store.people()
    guard let ada = people.first(where: { $0.name == "ada" }) else { return }
    let answers = open(path + ".answers", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    var count = 0
    for row in try await store.queue(limit: 500, now: noon) {
      _ = try await store.decide(
        row.id, finding: .faulty, verdict: .hold, comment: "it stands still", by: ada,
        version: row.version, now: noon)
      let line = Array("\(row.id)\n".utf8)
      guard write(answers, line, line.count) == line.count else { return }
      count += 1
      if count == atLeast {
        // From here on at some moment, in the middle of something.
        Thread.detachNewThread {
          usleep(7300)
          kill(getpid(), SIGKILL)
        }
      }
    }
  }
}
