import Contributions
import Foundation
import Synchronization
import Testing

@testable import Ingestion
@testable import Intake

/// Day 20454 is 2026-01-01.
let day = Epoch(day: 20454)
let nextDay = Epoch(day: 20455)

/// A folder that is gone after the test.
final class Folder: Sendable {
  let path = NSTemporaryDirectory() + "assay-intake-\(UUID().uuidString)"
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func settings(_ change: (inout IntakeSettings) -> Void = { _ in }) -> IntakeSettings {
    var settings = IntakeSettings(folder: path, schemas: [.compute, .wireless])
    settings.now = { (day.day + 1) * 86_400_000 + 3_600_000 }
    settings.freeBytes = 0
    change(&settings)
    return settings
  }

  /// A clock two days on, when `day` and `nextDay` are over.
  var archive: IntakeArchive {
    IntakeArchive(folder: path, now: { (day.day + 2) * 86_400_000 }, disk: Disk())
  }

  func file(_ name: String, _ profile: String = "compute", _ epoch: Epoch = day) -> String {
    EpochPlace(profile: profile, epoch: epoch).path(below: path) + "/" + name
  }

  func bytes(_ name: String, _ profile: String = "compute") -> [UInt8]? {
    FileManager.default.contents(atPath: file(name, profile)).map { Array($0) }
  }
}

/// A record that no other has, by its number.
func record(_ number: Int, _ epoch: Epoch = day, node: String = "n") -> String {
  let time = epoch.day * 86_400_000 + 1000 + Int64(number % 80_000_000)
  return #"{"ts":\#(time),"node":"\#(node)","kind":"job","job_id":"j\#(number)","elapsed_ms":5}"#
}

func batch(_ numbers: Range<Int>, _ epoch: Epoch = day) -> [UInt8] {
  Array(numbers.map { record($0, epoch) + "\n" }.joined().utf8)
}

extension Intake {
  @discardableResult
  func take(
    _ bytes: [UInt8], _ id: String, profile: String = "compute", _ epoch: Epoch = day
  ) async throws(IntakeError) -> IntakeReceipt {
    try await append(bytes, profile: profile, epoch: epoch, batchID: id)
  }
}

/// What a run counts in an epoch's folder.
func books(_ path: String, _ schema: ProfileSchema = .compute) async throws -> Books {
  let reader = LogReader(schema: schema, selection: .day(day), memoryLimit: 1 << 28, tasks: 2)
  let log = try await reader.read(try LogFile.find([path]))
  _ = try await log.mapNodes { _ in 0 }
  return log.books
}

/// How often each record's number stands in an epoch's parts; fails on a line that is not whole.
func recordCounts(_ folder: Folder) -> [String: Int] {
  var counts: [String: Int] = [:]
  let path = folder.file("")
  let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  for name in names where name.hasPrefix("part-") {
    let text = String(decoding: folder.bytes(name) ?? [], as: UTF8.self)
    #expect(text.isEmpty || text.hasSuffix("\n"))
    for line in text.split(separator: "\n") {
      #expect(line.hasPrefix("{") && line.hasSuffix("}"))
      counts[String(line), default: 0] += 1
    }
  }
  return counts
}

/// A generator with a seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
