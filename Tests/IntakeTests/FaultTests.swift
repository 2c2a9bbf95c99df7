import Contributions
import Foundation
import Synchronization
import Testing

@testable import Intake

/// Counts a disk's operations, remembers what was synced, and makes one of them go wrong.
private final class FaultyDisk: Sendable {
  enum Kind: CaseIterable {
    case full, broken, stopBefore, stopHalfway, stopAfterWrite
  }

  private struct State {
    var count = 0
    /// Sizes of files when they were last synced.
    var synced: [String: Int64] = [:]
  }

  private let state = Mutex(State())
  private let target: Int?
  private let kind: Kind

  /// - Parameter target: the operation that goes wrong, from 0; none without.
  init(target: Int?, kind: Kind = .broken) {
    self.target = target
    self.kind = kind
  }

  var count: Int { state.withLock { $0.count } }
  var syncedSizes: [String: Int64] { state.withLock { $0.synced } }

  var disk: Disk {
    Disk { self.fault($0) }
  }

  private func fault(_ operation: DiskOperation) -> DiskFault? {
    state.withLock { state in
      defer { state.count += 1 }
      guard state.count == target else {
        // Nothing is added to a file between its sync and the next operation.
        if case .sync(let path) = operation { state.synced[path] = Self.size(path) }
        if case .truncate(let path, let size) = operation {
          state.synced[path] = min(state.synced[path] ?? 0, size)
        }
        return nil
      }
      var bytes = 0
      if case .write(_, let count) = operation { bytes = count }
      switch kind {
      case .full: return .fails(ENOSPC, after: bytes / 2)
      case .broken: return .fails(EIO)
      case .stopBefore: return .stops()
      case .stopHalfway: return .stops(after: bytes / 2)
      case .stopAfterWrite: return .stops(after: bytes)
      }
    }
  }

  static func size(_ path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }
}

/// What clients were told in a scenario.
private struct Told {
  var acknowledged: Set<Int> = []
}

@Suite struct FaultTests {
  private static let batches = 7

  private static func settings(_ folder: Folder) -> IntakeSettings {
    folder.settings { $0.partBytes = 600 }
  }

  private static func bytes(_ index: Int) -> [UInt8] { batch(index * 3..<index * 3 + 3) }

  /// Sends every batch, two of them at once, once each.
  private func send(_ folder: Folder, _ faults: FaultyDisk) async -> Told {
    var told = Told()
    guard let intake = try? Intake(Self.settings(folder), disk: faults.disk) else { return told }
    for index in stride(from: 0, to: Self.batches, by: 2) {
      async let first = try? intake.take(Self.bytes(index), "b\(index)")
      async let second = try? intake.take(Self.bytes(index + 1), "b\(index + 1)")
      if await first != nil { told.acknowledged.insert(index) }
      if await second != nil { told.acknowledged.insert(index + 1) }
    }
    await intake.close()
    return told
  }

  /// After any fault: what was acknowledged is there once, what was not is there whole or not at
  /// all, and after every client has tried again all is there once.
  private func expectExactlyOnce(_ folder: Folder, _ told: Told) async throws {
    let intake = try Intake(Self.settings(folder))
    // The first batch opens the log, which makes it whole.
    try await intake.take(Self.bytes(0), "b0")
    let found = recordCounts(folder)
    for index in 0...Self.batches {
      let times = (index * 3..<index * 3 + 3).map { found[record($0)] ?? 0 }
      #expect(Set(times).count == 1, "batch \(index) is torn: \(times)")
      #expect(times[0] <= 1)
      if told.acknowledged.contains(index) { #expect(times[0] == 1, "batch \(index) is lost") }
    }
    for index in 0...Self.batches {
      let receipt = try await intake.take(Self.bytes(index), "b\(index)")
      if told.acknowledged.contains(index) { #expect(receipt.duplicate) }
    }
    let all = recordCounts(folder)
    #expect(all.count == 3 * (Self.batches + 1) && all.values.allSatisfy { $0 == 1 })
    await intake.close()
    let seal = try folder.archive.seal(profile: "compute", epoch: day)
    #expect(seal.accepted == 3 * (Self.batches + 1) && seal.batches == Self.batches + 1)
    #expect(try await books(folder.file("")).used == seal.accepted)
  }

  @Test(arguments: FaultyDisk.Kind.allCases)
  fileprivate func anyStepMayFail(_ kind: FaultyDisk.Kind) async throws {
    let rehearsal = FaultyDisk(target: nil)
    let told = await send(Folder(), rehearsal)
    #expect(told.acknowledged.count == Self.batches + 1)
    #expect(rehearsal.count > 25)
    for target in 0..<rehearsal.count + 8 {
      let folder = Folder()
      let told = await send(folder, FaultyDisk(target: target, kind: kind))
      try await expectExactlyOnce(folder, told)
    }
  }

  @Test func powerMayFailAtAnyStep() async throws {
    var random = Seeded(state: 7)
    for target in 0..<90 {
      let folder = Folder()
      let faults = FaultyDisk(target: target, kind: .stopAfterWrite)
      let told = await send(folder, faults)
      loseUnsynced(folder, faults.syncedSizes, &random)
      try await expectExactlyOnce(folder, told)
    }
  }

  /// Of what was not synced, a disk keeps any of it: here a part of its length, with a hole in it.
  private func loseUnsynced(
    _ folder: Folder, _ synced: [String: Int64], _ random: inout Seeded
  ) {
    let path = folder.file("")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names {
      guard var bytes = folder.bytes(name) else { continue }
      let safe = Int(synced[folder.file(name)] ?? 0)
      guard bytes.count > safe else { continue }
      bytes.removeLast(Int.random(in: 0...(bytes.count - safe), using: &random))
      if bytes.count > safe {
        let hole = Int.random(in: safe..<bytes.count, using: &random)
        for index in hole..<min(hole + 64, bytes.count) { bytes[index] = 0 }
      }
      try? Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
    }
  }

  @Test func aFullDiskIsToldAndServiceGoesOnWhenThereIsRoom() async throws {
    let folder = Folder()
    let isFull = Mutex(false)
    let full = Disk { operation in
      guard case .write(_, let bytes) = operation, isFull.withLock({ $0 }) else { return nil }
      return .fails(ENOSPC, after: bytes / 3)
    }
    let intake = try Intake(folder.settings(), disk: full)
    try await intake.take(batch(0..<3), "a")
    isFull.withLock { $0 = true }
    for _ in 0..<3 {
      await #expect(throws: IntakeError.diskFull(path: folder.file("part-000001.ndjson"))) {
        try await intake.take(batch(3..<6), "b")
      }
    }
    #expect(folder.bytes("part-000001.ndjson") == [10] + batch(0..<3))
    isFull.withLock { $0 = false }
    #expect(try await !intake.take(batch(3..<6), "b").duplicate)
    #expect(intake.statistics.failures == 3)
    #expect(recordCounts(folder).count == 6)
  }

  @Test func roomIsLeftOnTheDisk() async throws {
    let folder = Folder()
    let intake = try Intake(folder.settings { $0.freeBytes = .max / 2 })
    await #expect(throws: IntakeError.diskFull(path: folder.file("").dropLastSlash)) {
      try await intake.take(batch(0..<3), "a")
    }
  }

  @Test func logsThatWereTakenAwayAreBegunAnew() async throws {
    let folder = Folder()
    let intake = try Intake(folder.settings())
    try await intake.take(batch(0..<3), "a")
    try FileManager.default.removeItem(atPath: folder.file(""))
    #expect(try await !intake.take(batch(0..<3), "a").duplicate)
    #expect(recordCounts(folder).count == 3)
  }

  @Test func anAcknowledgedEntryThatIsNotWholeStopsTheEpoch() async throws {
    let folder = Folder()
    let intake = try Intake(folder.settings())
    for index in 0..<4 { try await intake.take(batch(index..<index + 1), "b\(index)") }
    await intake.close()
    var journal = try #require(folder.bytes("journal"))
    let head = Journal.head(EpochPlace(profile: "compute", epoch: day)).count
    journal[head + 4] ^= 1
    try Data(journal).write(to: URL(fileURLWithPath: folder.file("journal")))
    let again = try Intake(folder.settings())
    await #expect(throws: IntakeError.self) { try await again.take(batch(9..<10), "x") }
    #expect(recordCounts(folder).count == 4)
    #expect(try await !again.take(batch(0..<1, nextDay), "a", nextDay).duplicate)
  }

  @Test func shortenedPartsAreFound() async throws {
    let folder = Folder()
    let intake = try Intake(folder.settings { $0.partBytes = 100 })
    for index in 0..<4 { try await intake.take(batch(index..<index + 1), "b\(index)") }
    await intake.close()
    truncate(folder.file("part-000001.ndjson"), 50)
    let again = try Intake(folder.settings())
    await #expect(throws: IntakeError.self) { try await again.take(batch(9..<10), "x") }
  }
}

extension String {
  fileprivate var dropLastSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
