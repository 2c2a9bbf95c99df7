import Foundation
import Ingestion
import Testing

/// Files packed with gzip and Zstandard, whole ones.
@Suite struct PackedFileTests {
  enum Packing: CaseIterable {
    case gzip, zstandard

    func pack(_ text: String) -> [UInt8] { pack(Array(text.utf8)) }

    func pack(_ bytes: [UInt8]) -> [UInt8] {
      switch self {
      case .gzip: IngestionTests.gzip(bytes)
      case .zstandard: IngestionTests.zstandard(bytes)
      }
    }

    var ending: String { self == .gzip ? "gz" : "zst" }
  }

  @Test(arguments: Packing.allCases)
  func aPackedFileHoldsTheSameRecords(packing: Packing) async throws {
    let folder = try Folder()
    let text = readings(5000)
    let plain = try await read([folder.write(text, "a.ndjson")])
    let packed = try await read([folder.write(packing.pack(text), "b.ndjson.\(packing.ending)")])
    #expect(plain.nodes == packed.nodes)
    #expect(packed.books.used == 5000)
  }

  @Test(arguments: Packing.allCases)
  func membersInARowAreOneFile(packing: Packing) async throws {
    let folder = try Folder()
    // Lines run on from one member into the next; some members are empty.
    let bytes = Array(readings(300).utf8)
    var packed: [UInt8] = []
    var start = 0
    var random = SplitMix64(seed: 4)
    while start < bytes.count {
      let end = min(start + Int.random(in: 0..<400, using: &random), bytes.count)
      packed += packing.pack(Array(bytes[start..<end]))
      start = end
    }
    let reading = try await read([folder.write(packed, "a.ndjson")])
    #expect(reading.books.used == 300 && reading.books.quarantined == 0)
  }

  /// The reader takes 256 KiB of a file at a time: members that begin just before such a boundary
  /// have their headers, and members that end there their checksums, cut in two.
  @Test(arguments: Packing.allCases)
  func membersMayLieAcrossTheReadersInputBoundary(packing: Packing) async throws {
    let folder = try Folder()
    let last = packing.pack(reading(1) + "\n")
    // Incompressible text, so that the length of the first member can be steered.
    var random = SplitMix64(seed: 5)
    let letters = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_".utf8)
    let noise = (0..<400_000).map { _ in letters[Int(random.next() % 64)] }
    func member(_ count: Int) -> [UInt8] {
      packing.pack(
        Array(#"{"ts":0,"node":"n","kind":"meter","x":""#.utf8) + noise[..<count]
          + Array("\"}\n".utf8))
    }
    // `x` counts as an ignored field.
    var count = 200_000
    while true {
      let missing = 262_144 - 40 - member(count).count
      if missing <= 0 { break }
      count += missing
    }
    var reached: Set<Int> = []
    while true {
      count += 1
      let first = member(count)
      if first.count > 262_144 + 4 { break }
      guard reached.insert(first.count).inserted else { continue }
      let reading = try await read([folder.write(first + last, "a")], tasks: 1)
      #expect(
        reading.books.used == 2 && reading.books.quarantined == 0, "first member of \(first.count)")
    }
    #expect(reached.count > 20)
  }

  /// The reader's buffer holds 3,276,800 − 65,536 − 64 bytes: text that ends around a multiple of it
  /// leaves the decompressor with its input spent and output still to give.
  @Test(arguments: Packing.allCases)
  func theEndOfTheTextMayLieAnywhere(packing: Packing) async throws {
    let folder = try Folder()
    let room = (2 << 20) + (1 << 20) + (1 << 17) - (1 << 16) - 64
    let line = reading(1, extra: ",\"x\":\"\(String(repeating: "word ", count: 199))\"") + "\n"
    for excess in [-1, 0, 1, 2, 100, 5000, 32_768, 65_536, 131_072] {
      let whole = (room + excess) / line.utf8.count
      // White space in front of the first record makes up the difference.
      let rest = room + excess - whole * line.utf8.count
      let text = String(repeating: " ", count: rest) + String(repeating: line, count: whole)
      let reading = try await read([folder.write(packing.pack(text), "a")], tasks: 1)
      #expect(reading.books.read == whole && reading.books.quarantined == 0, "\(excess)")
    }
  }

  @Test func zerosBehindTheLastGzipMemberArePadding() async throws {
    let folder = try Folder()
    for count in [1, 7, 511, 300_000] {
      let packed = gzip(readings(10)) + [UInt8](repeating: 0, count: count)
      let reading = try await read([folder.write(packed, "a.ndjson.gz")])
      #expect(reading.books.used == 10 && reading.books.quarantined == 0)
    }
  }

  @Test func skippableZstandardFramesAreSkipped() async throws {
    let folder = try Folder()
    let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]
    let packed = skippable + zstandard(readings(10)) + skippable
    let reading = try await read([folder.write(packed, "a.ndjson.zst")])
    #expect(reading.books.used == 10 && reading.books.quarantined == 0)
  }

  @Test func contentDecidesNotTheName() async throws {
    let folder = try Folder()
    let paths = [
      try folder.write(reading(1), "plain.ndjson.gz"), try folder.write(reading(2), "plain.zst"),
      try folder.write(gzip(reading(3)), "gzip.ndjson"),
      try folder.write(zstandard(reading(4)), "zstandard.jsonl.gz"),
    ]
    #expect(try await read(paths).books.used == 4)
  }

  @Test func emptyFilesHoldNoRecords() async throws {
    let folder = try Folder()
    let paths = [
      try folder.write("", "a.ndjson"), try folder.write("", "b.ndjson.gz"),
      try folder.write(gzip(""), "c.ndjson.gz"), try folder.write(zstandard(""), "d.ndjson.zst"),
    ]
    await #expect(throws: IngestionError.noRecords) { try await read(paths) }
    let reading = try await read(paths + [folder.write(reading(1), "e.ndjson")])
    #expect(reading.books.files.map(\.records) == [0, 0, 0, 0, 1])
    #expect(reading.books.quarantined == 0)
  }

  @Test func theBooksHoldTheSizeAndDigestOfTheFileAsGiven() async throws {
    let folder = try Folder()
    // Echoed by `printf 'x\n' | sha256sum`.
    let text = try folder.write("x\n", "a.ndjson")
    let packed = gzip(readings(3000)) + [UInt8](repeating: 0, count: 300_000)
    let reading = try await read([text, folder.write(packed, "b.ndjson.gz")])
    #expect(reading.books.files.map(\.bytes) == [2, Int64(packed.count)])
    #expect(
      reading.books.files[0].sha256.map { String(format: "%02x", $0) }.joined()
        == "73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac")
    #expect(reading.books.files[1].sha256 == sha256(packed))
  }
}
