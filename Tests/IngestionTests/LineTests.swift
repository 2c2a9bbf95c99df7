import Contributions
import Foundation
import Ingestion
import Testing

/// How text is cut into lines.
@Suite struct LineTests {
  /// A record of exactly `length` bytes.
  private func record(_ length: Int, node: String = "n") -> String {
    let empty = reading(1, node: node, extra: ",\"x\":\"\"").utf8.count
    return reading(
      1, node: node, extra: ",\"x\":\"\(String(repeating: "x", count: length - empty))\"")
  }

  @Test func linesMayEndInCarriageReturns() async throws {
    let folder = try Folder()
    let unix = try folder.write(readings(20), "unix.ndjson")
    let windows = try folder.write(
      readings(20).replacingOccurrences(of: "\n", with: "\r\n"), "windows.ndjson")
    let both = try await read([unix, windows])
    #expect(both.books.used == 20 && both.books.duplicate == 20 && both.books.quarantined == 0)
  }

  @Test func blankLinesAreNoRecordsButCountAsLines() async throws {
    let folder = try Folder()
    let blanks = "\n \n\t\r\n\r\n        \t  \n"
    let result = try await read([
      folder.write(blanks + reading(1) + "\n\n" + "x\n" + blanks + "y" + "\n\n\n")
    ])
    #expect(result.books.read == 3 && result.books.used == 1)
    #expect(result.quarantine.map(\.line) == [8, 14])
  }

  @Test func theLastLineNeedsNoEnd() async throws {
    let folder = try Folder()
    let paths = [
      try folder.write(reading(1) + "\n" + reading(2), "a.ndjson"),
      try folder.write(gzip(reading(3) + "\n" + reading(4)), "b.ndjson"),
      try folder.write(reading(5) + "\n" + "{", "c.ndjson"),
    ]
    let result = try await read(paths)
    #expect(result.books.used == 5)
    #expect(result.quarantine.map(\.line) == [2] && result.quarantine.map(\.bytes) == [[123]])
  }

  @Test func whiteSpaceAroundARecordIsJSONs() async throws {
    let folder = try Folder()
    let result = try await read([folder.write(" \t" + reading(1) + " \t\r\n\r" + reading(2))])
    #expect(result.books.used == 2)
  }

  /// A byte order mark makes the line it stands in no JSON; the rest of the file is not affected.
  @Test func aByteOrderMarkIsQuarantined() async throws {
    let folder = try Folder()
    for (name, pack) in [("a", { $0 }), ("b", { gzip($0) })] as [(String, ([UInt8]) -> [UInt8])] {
      let text = Array("\u{FEFF}\(reading(1))\n\(reading(2))\n".utf8)
      let result = try await read([folder.write(pack(text), name)])
      #expect(result.books.used == 1)
      #expect(result.quarantine.map(\.reason) == [.notJSON] && result.quarantine[0].line == 1)
    }
  }

  @Test(arguments: [false, true])
  func aRecordMayHaveOneMebibyte(packed: Bool) async throws {
    let folder = try Folder()
    let mebibyte = 1 << 20
    let lines = [
      record(mebibyte - 1), record(mebibyte), record(mebibyte + 1), reading(2), record(mebibyte),
    ]
    for last in ["", "\n"] {
      let text = Array((lines.joined(separator: "\n") + last).utf8)
      let result = try await read([folder.write(packed ? gzip(text) : text)])
      #expect(result.books.used == 2 && result.books.duplicate == 2)
      #expect(result.quarantine.map(\.reason) == [.tooLong])
      #expect(result.quarantine.map(\.line) == [3])
      #expect(result.quarantine[0].bytes == Array(lines[2].utf8.prefix(512)))
    }
  }

  @Test(arguments: [false, true], [1, 4])
  func aLineOfAHundredMegabytesIsQuarantinedOnce(packed: Bool, tasks: Int) async throws {
    let folder = try Folder()
    let long = [UInt8](repeating: 120, count: 100_000_000)
    let text =
      Array("\(reading(1))\nwrong\n".utf8) + long + Array("\n\(reading(2))\nwrong\n".utf8)
    let result = try await read([folder.write(packed ? gzip(text) : text)], tasks: tasks)
    #expect(result.books.used == 2 && result.books.read == 5)
    #expect(result.quarantine.map(\.line) == [2, 3, 5])
    #expect(result.quarantine.map(\.reason) == [.notAnObject, .tooLong, .notAnObject])
    #expect(result.quarantine[1].bytes == Array(long.prefix(512)))
  }

  @Test(arguments: [1_048_576, 2_097_152, 3_000_000, 3_276_800, 4_194_304, 6_400_000])
  func longLinesOfAnyLengthAreQuarantinedOnce(length: Int) async throws {
    let folder = try Folder()
    for change in [-1, 0, 1] {
      let long = String(repeating: "y", count: length + change)
      let text = "\(long)\n\(reading(1))\n\(long)\n\(long)\n\(reading(2))\nz\n\(long)"
      for bytes in [Array(text.utf8), gzip(text)] {
        let result = try await read([folder.write(bytes)])
        #expect(result.books.used == 2)
        #expect(result.quarantine.map(\.line) == [1, 3, 4, 6, 7])
      }
    }
  }

  /// Plain files are read in blocks of 2 MiB. Whatever stands before them, the same lines hold the
  /// same records and the same errors.
  @Test func linesMayLieAcrossABlockBoundaryAnywhere() async throws {
    let folder = try Folder()
    let block = 2 << 20
    let tail =
      (0..<2).map { reading($0, node: "\($0)") }.joined(separator: "\n")
      + "\n\nwrong\n\(reading(9))\n"
    var expected: [Reading.Node]?
    let padding = String(repeating: "p", count: block + 16)
    for offset in -5...(tail.utf8.count + 5) {
      // One line too long to be a record, then blank ones.
      let text = padding.dropLast(offset + 16 + 3) + "\n\n\n" + tail
      let result = try await read([folder.write(text)])
      #expect(result.books.used == 3 && result.books.quarantined == 2)
      #expect(result.quarantine.map(\.line) == [1, 7], "\(offset)")
      #expect(result.nodes == expected ?? result.nodes, "\(offset)")
      expected = result.nodes
    }
  }

  /// Packed files are cut into blocks of 3,276,800 − 65,536 − 64 bytes. Behind the rest of a line
  /// that is too long, a block may end inside the next one: it is read as in a plain file.
  @Test(arguments: [2, 3])
  func aLongLineMayEndJustBeforeABlockDoes(blocks: Int) async throws {
    let folder = try Folder()
    let room = (2 << 20) + (1 << 20) + (1 << 17) - (1 << 16) - 64
    let mebibyte = 1 << 20
    let next = reading(2)
    let short = next.utf8.count
    var cases: [(left: Int, line: String)] = []
    for left in [0, 1, 2, 3, 30, short, short + 1, short + 2, short + 3] {
      cases.append((left, next))
    }
    for length in [mebibyte, mebibyte + 1] {
      let line = record(length)
      for left in [2, 500_000, length, length + 1, length + 2, length + 3] {
        cases.append((left, line))
      }
    }
    for (left, line) in cases {
      // The line feed of the long line is the `left`-th byte from the end of the block.
      let long = String(repeating: "y", count: blocks * room - left)
      let text = "\(long)\n\(line)\n\(reading(3))\nwrong\n\(reading(4))"
      let plain = try await read([folder.write(text, "plain")])
      #expect(plain.books.read == 5)
      let packed = try await read([folder.write(gzip(text), "packed")])
      #expect(packed.nodes == plain.nodes, "\(left)")
      #expect(packed.books.read == 5 && packed.books.used == plain.books.used, "\(left)")
      #expect(packed.quarantine.map(\.line) == plain.quarantine.map(\.line), "\(left)")
      #expect(packed.quarantine.map(\.reason) == plain.quarantine.map(\.reason), "\(left)")
      #expect(packed.quarantine.map(\.bytes) == plain.quarantine.map(\.bytes), "\(left)")
    }
  }

  @Test func offendingBytesAreCutAtFiveHundredAndTwelve() async throws {
    let folder = try Folder()
    for length in [0, 1, 511, 512, 513, 5000] {
      let line = "{" + String(repeating: "é", count: length)
      let result = try await read([folder.write(line + "\n" + reading(1))])
      #expect(result.quarantine.map(\.bytes) == [Array(line.utf8.prefix(512))])
    }
  }
}
