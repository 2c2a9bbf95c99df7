import Contributions
import Foundation
import Ingestion
import Testing

@testable import Intake

@Suite struct IntakeTests {
  private let folder = Folder()

  @Test func recordsAreOnDiskInTheLayoutThatRunsRead() async throws {
    let intake = try Intake(folder.settings())
    let receipt = try await intake.take(batch(0..<10), "a")
    #expect(receipt.accepted == 10 && receipt.quarantined == 0 && receipt.refused == 0)
    #expect(!receipt.duplicate && receipt.part == "part-000001.ndjson" && receipt.offset == 1)
    #expect(folder.bytes("part-000001.ndjson") == [10] + batch(0..<10))
    try await intake.take(batch(10..<15), "b")
    let books = try await books(folder.file(""))
    #expect(books.read == 15 && books.used == 15 && books.duplicate == 0)
  }

  @Test func sameIdWithTheSameBytesHasTheSameReceipt() async throws {
    let intake = try Intake(folder.settings())
    let first = try await intake.take(batch(0..<3), "a")
    try await intake.take(batch(3..<6), "b")
    let again = try await intake.take(batch(0..<3), "a")
    #expect(again.duplicate && again.offset == first.offset && again.sha256 == first.sha256)
    #expect(recordCounts(folder).count == 6)
    await intake.close()
    let restarted = try Intake(folder.settings())
    #expect(try await restarted.take(batch(0..<3), "a") == again)
    #expect(restarted.statistics.duplicates == 1 && restarted.statistics.cutBytes == 0)
  }

  @Test func sameIdWithOtherBytesIsAConflictThatChangesNothing() async throws {
    let intake = try Intake(folder.settings())
    try await intake.take(batch(0..<3), "a")
    await #expect(throws: IntakeError.conflict(batchID: "a")) {
      try await intake.take(batch(0..<4), "a")
    }
    #expect(recordCounts(folder).count == 3)
  }

  @Test func anIdBelongsToItsProfileAndEpoch() async throws {
    let intake = try Intake(folder.settings())
    try await intake.take(batch(0..<3), "a")
    #expect(try await !intake.take(batch(0..<3, nextDay), "a", nextDay).duplicate)
    let beacon = #"{"ts":\#(day.day * 86_400_000),"node":"w","kind":"beacon"}"#
    #expect(try await !intake.take(Array(beacon.utf8), "a", profile: "wireless").duplicate)
  }

  @Test func badLinesAreKeptForTheRunToQuarantineAndToldOf() async throws {
    let intake = try Intake(folder.settings())
    let lines = [record(1), "not JSON", "", #"{"ts":1}"#, record(2)]
    let receipt = try await intake.take(Array(lines.joined(separator: "\n").utf8), "a")
    #expect(receipt.accepted == 2 && receipt.quarantined == 1 && receipt.refused == 1)
    #expect(receipt.problems.map(\.line) == [2, 4])
    #expect(receipt.problems.map(\.reason) == ["not_an_object", "other_epoch"])
    let books = try await books(folder.file(""))
    #expect(books.read == 3 && books.used == 2 && books.quarantined == 1 && books.otherEpochs == 0)
  }

  @Test func linesOfOtherDaysAreRefusedOneByOne() async throws {
    let intake = try Intake(folder.settings())
    let mixed = batch(0..<2) + batch(2..<5, nextDay) + batch(5..<6)
    let receipt = try await intake.take(mixed, "a")
    #expect(receipt.accepted == 3 && receipt.refused == 3)
    #expect(receipt.problems.map(\.line) == [3, 4, 5])
    let none = try await intake.take(batch(0..<2, nextDay), "b")
    #expect(none.accepted == 0 && none.refused == 2 && none.bytes == 0)
    #expect(try await intake.take(batch(0..<2, nextDay), "b").duplicate)
    #expect(recordCounts(folder).count == 3)
  }

  @Test(
    arguments: [
      [0x1F, 0x8B, 8, 0, 10], [0x28, 0xB5, 0x2F, 0xFD, 10], [0, 0, 0, 10], [0xEF, 0xBB, 0xBF, 10],
    ] as [[UInt8]])
  func aFirstLineThatLooksCompressedSpoilsNoLog(_ line: [UInt8]) async throws {
    let intake = try Intake(folder.settings())
    try await intake.take(line + batch(0..<5), "a")
    let books = try await books(folder.file(""))
    #expect(books.used == 5 && books.quarantined == 1)
  }

  @Test func aBatchWithoutRecordsIsRefused() async throws {
    let intake = try Intake(folder.settings())
    for text in ["", "\n", " \r\n\t\n"] {
      await #expect(throws: IntakeError.emptyBatch) {
        try await intake.take(Array(text.utf8), "a")
      }
    }
  }

  @Test func badIdsProfilesDaysAndSizesAreRefused() async throws {
    let intake = try Intake(folder.settings { $0.batchBytes = 200 })
    for id in ["", "a\tb", "ä", "a\n", String(repeating: "x", count: 257)] {
      await #expect(throws: IntakeError.badBatchID) { try await intake.take(batch(0..<1), id) }
    }
    await #expect(throws: IntakeError.unknownProfile("../x")) {
      try await intake.take(batch(0..<1), "a", profile: "../x")
    }
    await #expect(throws: IntakeError.batchTooLarge(bytes: 201, limit: 200)) {
      try await intake.take([UInt8](repeating: 65, count: 201), "a")
    }
    for other in [Epoch(day: day.day - 7), Epoch(day: day.day + 3), Epoch(day: 1 << 40)] {
      await #expect(throws: IntakeError.self) {
        try await intake.take(batch(0..<1), "a", other)
      }
    }
    #expect(recordCounts(folder).isEmpty)
  }

  @Test func longestIdsSurviveARestart() async throws {
    let id = String(repeating: "~ ", count: 128)
    try await Intake(folder.settings()).take(batch(0..<1), id)
    #expect(try await Intake(folder.settings()).take(batch(0..<1), id).duplicate)
  }

  @Test func partsAreClosedBySize() async throws {
    let intake = try Intake(folder.settings { $0.partBytes = 500 })
    for index in 0..<20 { try await intake.take(batch(index * 3..<index * 3 + 3), "b\(index)") }
    #expect(folder.bytes("part-000005.ndjson") != nil)
    #expect(recordCounts(folder).values.allSatisfy { $0 == 1 } && recordCounts(folder).count == 60)
    await intake.close()
    let restarted = try Intake(folder.settings { $0.partBytes = 500 })
    for index in 0..<20 {
      #expect(try await restarted.take(batch(index * 3..<index * 3 + 3), "b\(index)").duplicate)
    }
    #expect(recordCounts(folder).count == 60)
  }

  @Test func batchesThatWaitTogetherShareTheirSyncs() async throws {
    let intake = try Intake(folder.settings())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<400 {
        group.addTask {
          _ = try await intake.take(batch(index / 2 * 5..<index / 2 * 5 + 5), "b\(index / 2)")
        }
      }
      try await group.waitForAll()
    }
    let statistics = intake.statistics
    #expect(statistics.batches == 200 && statistics.duplicates == 200)
    #expect(statistics.records == 1000 && statistics.waitingBytes == 0)
    #expect(statistics.groups < 400)
    #expect(recordCounts(folder).count == 1000)
  }

  @Test func anEpochHasNoMoreBatchesThanItMay() async throws {
    let intake = try Intake(folder.settings { $0.batchesPerEpoch = 2 })
    try await intake.take(batch(0..<1), "a")
    try await intake.take(batch(1..<2), "b")
    await #expect(throws: IntakeError.tooManyBatches(limit: 2)) {
      try await intake.take(batch(2..<3), "c")
    }
    #expect(try await intake.take(batch(0..<1), "a").duplicate)
  }

  @Test func oneProcessHasAFolder() async throws {
    let intake = try Intake(folder.settings())
    #expect(throws: IntakeError.self) { try Intake(folder.settings()) }
    await intake.close()
    await #expect(throws: IntakeError.closed) { try await intake.take(batch(0..<1), "a") }
  }

  @Test func theReceiptReadsAsJSON() async throws {
    let receipt = try await Intake(folder.settings()).take(batch(0..<1), "a")
    let text = receipt.json.text
    #expect(text.contains(#""accepted":1,"batch_id":"a","duplicate":false,"epoch":20454"#))
    #expect(text.contains(#""sha256":"0x"#))
  }
}
