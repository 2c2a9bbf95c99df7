import Contributions
import Foundation
import Ingestion
import Testing

/// Packed files that were cut short or altered.
@Suite struct DamageTests {
  /// Reads a damaged file next to a good one.
  private func readBeside(_ bytes: [UInt8], _ folder: Folder) async throws -> Reading {
    let good = try folder.write(reading(7, node: "good"), "good.ndjson")
    return try await read([good, folder.write(bytes, "damaged")], tasks: 1)
  }

  @Test(arguments: PackedFileTests.Packing.allCases)
  func aFileCutShortKeepsTheRecordsBeforeTheCut(
    packing: PackedFileTests.Packing
  ) async throws {
    let folder = try Folder()
    let text = readings(400)
    let lines = text.split(separator: "\n").map { Array($0.utf8) }
    // A Zstandard block comes out whole or not at all, so there have to be some.
    let size = packing == .gzip ? 400 : 20
    let members = stride(from: 0, to: 400, by: size).map { start in
      lines[start..<(start + size)].map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
    }
    var packed: [UInt8] = []
    var ends: Set<Int> = []
    for member in members {
      packed += packing.pack(member)
      ends.insert(packed.count)
    }
    var last = 0
    for cut in Array(4..<40) + Array(stride(from: 40, to: packed.count, by: 61))
      + Array((packed.count - 12)..<packed.count) where !ends.contains(cut)
    {
      let result = try await readBeside(Array(packed[..<cut]), folder)
      #expect(result.quarantine.map(\.reason) == [.truncated], "cut at \(cut)")
      #expect(result.quarantine[0].file == "damaged")
      let kept = result.books.used - 1
      #expect(kept >= last && kept <= lines.count)
      #expect(result.quarantine[0].line == kept + 1)
      // What stands in quarantine is the beginning of the line that was cut.
      let rest = result.quarantine[0].bytes
      #expect(rest.isEmpty || rest == Array(lines[kept].prefix(rest.count)))
      last = kept
    }
    #expect(last > 300)
  }

  @Test(arguments: PackedFileTests.Packing.allCases)
  func aCutInALaterMemberKeepsTheMembersBefore(
    packing: PackedFileTests.Packing
  ) async throws {
    let folder = try Folder()
    let first = packing.pack(readings(50))
    let both = first + packing.pack(reading(99) + "\n")
    for cut in (first.count + 1)..<both.count {
      let result = try await readBeside(Array(both[..<cut]), folder)
      #expect(result.quarantine.map(\.reason) == [.truncated], "cut at \(cut)")
      #expect(result.books.used >= 51)
    }
    #expect(try await readBeside(first, folder).books.quarantined == 0)
  }

  @Test(arguments: PackedFileTests.Packing.allCases)
  func whatFollowsTheLastMemberIsCorrupt(packing: PackedFileTests.Packing) async throws {
    let folder = try Folder()
    let packed = packing.pack(readings(50)) + Array("this is not a member\n".utf8)
    let result = try await readBeside(packed, folder)
    #expect(result.books.used == 51)
    #expect(result.quarantine.map(\.reason) == [.corrupt])
    #expect(result.quarantine.map(\.line) == [51])
    #expect(result.books.files.first { $0.name == "damaged" }?.sha256 == sha256(packed))
  }

  @Test func aWrongChecksumIsCorrupt() async throws {
    let folder = try Folder()
    var packed = gzip(readings(50))
    packed[packed.count - 6] ^= 1
    let result = try await readBeside(packed, folder)
    #expect(result.quarantine.map(\.reason) == [.corrupt])
    #expect(result.quarantine.map(\.line) == [51])
  }

  @Test(arguments: PackedFileTests.Packing.allCases)
  func alteredBytesNeverCrashAndTheBooksBalance(
    packing: PackedFileTests.Packing
  ) async throws {
    let folder = try Folder()
    let packed = packing.pack(readings(300))
    var random = SplitMix64(seed: 8)
    var corrupt = 0
    for _ in 0..<100 {
      var bytes = packed
      let place = Int.random(in: 4..<bytes.count, using: &random)
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      let result = try await readBeside(bytes, folder)
      let marks = result.quarantine.filter { [.corrupt, .truncated].contains($0.reason) }
      #expect(marks.count <= 1)
      corrupt += marks.count
      let damaged = result.books.files.first { $0.name == "damaged" }
      #expect(damaged?.sha256 == sha256(bytes) && damaged?.bytes == Int64(bytes.count))
    }
    // Zstandard frames carry no checksum unless asked for, gzip members always do.
    #expect(packing == .gzip ? corrupt > 90 : corrupt > 15)
  }

  @Test func aCutLineIsQuarantinedWithWhatIsThereOfIt() async throws {
    let folder = try Folder()
    // One stored block (RFC 1951, section 3.2.4) of 20 bytes, cut after 8 of them.
    let packed: [UInt8] =
      [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1, 20, 0, 235, 255] + Array("ab\ncd\nef".utf8)
    let result = try await readBeside(packed, folder)
    #expect(result.quarantine.map(\.line) == [1, 2, 3])
    #expect(result.quarantine.map(\.reason) == [.notAnObject, .notAnObject, .truncated])
    #expect(result.quarantine[2].bytes == Array("ef".utf8))
  }

  @Test func aLongLineThatIsCutCountsOnceItself() async throws {
    let folder = try Folder()
    let packed = gzip([UInt8](repeating: 120, count: 20_000_000))
    let result = try await readBeside(Array(packed.dropLast(2000)), folder)
    #expect(result.quarantine.map(\.reason) == [.tooLong, .truncated])
    #expect(result.quarantine.map(\.line) == [1, 2])
  }
}
