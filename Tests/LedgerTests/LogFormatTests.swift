import Testing

@testable import Ledger

@Suite struct LogCheckpointTests {
  /// As `FormatTree` writes it in Go's `sumdb/tlog/note_test.go`.
  private let golden =
    "go.sum database tree\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n"

  @Test func theTreeOfGoIsReadAndWritten() throws {
    let checkpoint = try Checkpoint(
      origin: "go.sum database tree", size: 123_456_789_012, root: LogHash.leaf("hello world".utf8))
    #expect(checkpoint.text == golden)
    #expect(try Checkpoint(text: golden) == checkpoint)
  }

  @Test func extensionLinesAreKept() throws {
    let text = golden + "one\ntwo words\n"
    #expect(try Checkpoint(text: text).extensionLines == ["one", "two words"])
    #expect(try Checkpoint(text: text).text == text)
  }

  @Test func whatIsNoCheckpointIsRefused() {
    for (old, new) in [
      ("123456789012", "0x1234"), ("123456789012", "0123"), ("123456789012", "-1"),
      ("123456789012", "+1"), ("123456789012", ""), ("123456789012", "9223372036854775808"),
      ("Bb0=", "Bb1="), ("Bb0=", "Bb0"), ("Bb0=", "Bb0AAAA="), ("go.sum database tree", ""),
      ("Bb0=\n", "Bb0="), ("Bb0=\n", "Bb0=\n\n"), ("Bb0=\n", "Bb0=\nA\n\nB\n"),
    ] {
      #expect(throws: LogError.self, "\(new)") {
        try Checkpoint(text: golden.replacing(old, with: new))
      }
    }
    #expect(throws: LogError.self) { try Checkpoint(text: "") }
    #expect(throws: LogError.self) { try Checkpoint(origin: "a\nb", size: 0, root: .zero) }
    #expect(throws: LogError.self) { try Checkpoint(origin: "a", size: -1, root: .zero) }
  }
}

@Suite struct LogTilePathTests {
  /// From the C2SP document tlog-tiles and the examples of Tessera's package api/layout.
  @Test(arguments: [
    ("tile/0/x001/x234/067", TilePath.Content.hashes(level: 0), 1_234_067, 256),
    ("tile/entries/x001/x234/067.p/8", .entries, 1_234_067, 8),
    ("tile/2/000", .hashes(level: 2), 0, 256),
    ("tile/63/999.p/255", .hashes(level: 63), 999, 255),
    ("tile/1/x001/000.p/1", .hashes(level: 1), 1000, 1),
  ])
  func pathsAreThoseOfTheSpecification(
    text: String, content: TilePath.Content, index: Int, width: Int
  ) throws {
    let path = try TilePath(content, index: index, width: width)
    #expect(path.text == text)
    #expect(try TilePath(text: text) == path)
  }

  @Test(arguments: [
    "", "tile", "tile/0", "tile/0/", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/0/00",
    "tile/0/0000", "tile/0/x000/001", "tile/0/001/002", "tile/0/x001", "tile/0/000.p/0",
    "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p", "tile/0/000.p/", "/tile/0/000",
    "tile/0/000/", "tile/0/../000", "tile/data/000", "tile/0/+12", "tile/0/x001/x234/067.p/8/9",
    "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
  ])
  func otherSpellingsAreRefused(text: String) {
    #expect(throws: LogError.notATilePath(text)) { try TilePath(text: text) }
  }

  @Test func tilesOutsideTheLimitsAreRefused() {
    for (level, index, width) in [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)] {
      #expect(throws: LogError.self) {
        try TilePath(.hashes(level: level), index: index, width: width)
      }
    }
  }

  /// The example of the specification: 273 full tiles of hashes and a partial one, and so on.
  @Test func aTreeOf70000HasTheTilesOfTheExample() {
    let paths = TilePath.added(from: 0, to: 70_000)
    let hashes = paths.filter { $0.content != .entries }.map(\.text)
    #expect(hashes.count == 273 + 1 + 1 + 1 + 1)
    #expect(
      hashes.suffix(4) == ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"])
    #expect(paths.filter { $0.content == .entries }.count == 274)
    #expect(
      TilePath.added(from: 255, to: 256).map(\.text) == [
        "tile/entries/000", "tile/0/000", "tile/1/000.p/1",
      ])
    #expect(TilePath.added(from: 256, to: 256).isEmpty)
    #expect(TilePath.added(from: 0, to: 0).isEmpty)
  }

  @Test(arguments: [(0, 1), (1, 2), (255, 256), (256, 257), (200, 600), (65_535, 65_537)])
  func growingAddsTheTilesThatTheSmallerTreeHadNot(old: Int, new: Int) {
    let before = Set(TilePath.added(from: 0, to: old))
    let after = Set(TilePath.added(from: 0, to: new))
    #expect(Set(TilePath.added(from: old, to: new)) == after.subtracting(before))
  }
}

@Suite struct LogTileTests {
  @Test func hashesOfATileAreThoseOfItsSubtrees() throws {
    let leaves = (0..<600).map { LogHash.leaf("\($0)".utf8) }
    let tree = LogTree(leafHashes: leaves)
    #expect(Array(try tree.hashes(level: 0, tile: 1, width: 256)) == Array(leaves[256..<512]))
    #expect(Array(try tree.hashes(level: 0, tile: 2, width: 88)) == Array(leaves[512...]))
    let upper = [
      LogTree(leafHashes: leaves[..<256]).root, LogTree(leafHashes: leaves[256..<512]).root,
    ]
    #expect(Array(try tree.hashes(level: 1, tile: 0, width: 2)) == upper)
    let bytes = LogTile.bytes(of: upper)
    #expect(bytes == upper[0].bytes + upper[1].bytes)
    #expect(try LogTile.hashes(bytes, width: 2) == upper)
    for width in [1, 3] {
      #expect(throws: LogError.self) { try LogTile.hashes(bytes, width: width) }
    }
  }

  @Test func bundlesOfEntriesAreReadAsWritten() throws {
    let entries: [[UInt8]] = [[], [1], Array(repeating: 2, count: 300)]
    let bytes = try LogTile.bytes(ofEntries: entries)
    #expect(bytes.prefix(7) == [0, 0, 0, 1, 1, 1, 44])
    #expect(try LogTile.entries(bytes, count: 3) == entries)
    for count in [0, 2, 4] {
      #expect(throws: LogError.self) { try LogTile.entries(bytes, count: count) }
    }
    for spoiled in [Array(bytes.dropLast()), bytes + [0], bytes + [0, 0]] {
      #expect(throws: LogError.self) { try LogTile.entries(spoiled, count: 3) }
    }
    let largest = Array(repeating: UInt8(0), count: LogTile.largestEntry)
    #expect(try LogTile.entries(LogTile.bytes(ofEntries: [largest]), count: 1) == [largest])
    #expect(throws: LogError.self) { try LogTile.bytes(ofEntries: [largest + [0]]) }
  }
}

@Suite struct LogProofTests {
  private let entry = Array("entry 2".utf8)

  private func proof(extra: [UInt8]? = nil) throws -> LogProof {
    let tree = LogTree(leafHashes: (0..<7).map { LogHash.leaf("entry \($0)".utf8) })
    var note = try SignedNote(
      text: Checkpoint(origin: "example.com/log", size: 7, root: tree.root).text)
    try note.sign(with: SigningKey(), name: "example.com/log")
    return LogProof(
      index: 2, hashes: try tree.inclusionProof(index: 2, size: 7), checkpoint: note, extra: extra)
  }

  @Test func proofsAreReadAsWritten() throws {
    for extra in [nil, [], Array("more".utf8)] {
      let proof = try proof(extra: extra)
      let read = try LogProof(bytes: proof.bytes)
      #expect(read.bytes == proof.bytes)
      #expect(read.index == 2)
      #expect(read.hashes == proof.hashes)
      #expect(read.extra == extra)
      #expect(read.checkpoint.bytes == proof.checkpoint.bytes)
      #expect(try read.checkpoint(including: entry).size == 7)
    }
    let text = String(decoding: try proof(extra: [1]).bytes, as: UTF8.self)
    #expect(text.hasPrefix("c2sp.org/tlog-proof@v1\nextra AQ==\nindex 2\n"))
    #expect(text.contains("=\n\nexample.com/log\n7\n"))
  }

  @Test func anotherEntryOrIndexIsNotIncluded() throws {
    let proof = try proof()
    #expect(throws: LogError.notIncluded(index: 2)) {
      try proof.checkpoint(including: Array("entry 3".utf8))
    }
    let moved = LogProof(index: 3, hashes: proof.hashes, checkpoint: proof.checkpoint)
    #expect(throws: LogError.notIncluded(index: 3)) { try moved.checkpoint(including: entry) }
  }

  /// The malformed ones of `proof/tlog_proof_test.go` in github.com/transparency-dev/merkle, and
  /// more.
  @Test func whatIsNoProofIsRefused() throws {
    let good = String(decoding: try proof().bytes, as: UTF8.self)
    for (old, new) in [
      ("c2sp.org/tlog-proof@v1", "wrong-header"), ("index 2", "extra !!\nindex 2"),
      ("index 2\n", "\n"), ("index 2", "index notanumber"), ("index 2", "index -5"),
      ("index 2", "index 02"), ("index 2", "index 2\n!!notbase64!!"), ("index 2", "Index 2"),
      ("index 2", "index 2\nAAAA"), ("\n\nexample", "\nexample"),
      ("index 2", "index 2\nextra AQ=="),
      ("\n\nexample.com/log\n7", "\n\nexample.com/log\n"),
    ] {
      #expect(throws: LogError.self, "\(new)") {
        let proof = try LogProof(bytes: Array(good.replacing(old, with: new).utf8))
        _ = try proof.checkpoint(including: entry)
      }
    }
    #expect(throws: LogError.self) { try LogProof(bytes: []) }
    let line = String(repeating: "A", count: 43) + "=\n"
    let many = good.replacing("index 2\n", with: "index 2\n" + String(repeating: line, count: 64))
    #expect(throws: LogError.self) { try LogProof(bytes: Array(many.utf8)) }
  }

  @Test func everyChangedBitOfAProofIsFound() throws {
    let good = try proof()
    let key = try LogVerifierKey(
      name: "example.com/log", publicKeyHex: String(repeating: "0", count: 64))
    let end = good.bytes.count - good.checkpoint.bytes.count
    for index in 0..<end {
      var bytes = good.bytes
      bytes[index] ^= 1
      #expect(throws: LogError.self) {
        _ = try LogProof(bytes: bytes).checkpoint(including: entry)
      }
    }
    #expect(try good.checkpoint.verifiedKeys(among: [key]).isEmpty)
  }
}
