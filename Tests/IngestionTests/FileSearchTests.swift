import Contributions
import Foundation
import Ingestion
import Testing

@Suite struct FileSearchTests {
  private func names(_ arguments: [String]) throws -> [String] {
    try LogFile.find(arguments).map(\.name)
  }

  @Test func aFolderIsSearchedByEndingsToTheBottom() throws {
    let folder = try Folder()
    let logs = [
      "a.ndjson", "b.jsonl", "c.ndjson.gz", "d.jsonl.gz", "e.ndjson.zst", "f.jsonl.zst",
      "sub/deep/g.ndjson", "sub/h.jsonl",
    ]
    for name in logs + ["i.json", "j.txt", "k.gz", "ndjson", "l.ndjson.bz2", "m.NDJSON"] {
      try folder.write("", name)
    }
    #expect(try names([folder.path]) == logs.sorted())
    #expect(try names([folder.path + "/"]) == logs.sorted())
  }

  /// As some writers name the folder of a log's parts.
  @Test func aFolderMayBeNamedLikeALog() async throws {
    let folder = try Folder()
    try folder.write(reading(1), "log.ndjson/part-0.ndjson")
    try folder.write(reading(2), "log.ndjson/part-1.ndjson")
    #expect(try names([folder.path]) == ["log.ndjson/part-0.ndjson", "log.ndjson/part-1.ndjson"])
    #expect(try await read([folder.path + "/log.ndjson"]).books.used == 2)
  }

  @Test func aNamedFileMayEndInAnything() throws {
    let folder = try Folder()
    for name in ["log.txt", "log", "csv", "log.csv.ndjson", "log.json"] {
      #expect(try names([folder.write("", name)]) == [name])
    }
  }

  /// Every line would be quarantined, which says less.
  @Test(arguments: ["a.csv", "a.CSV", "a.csv.gz", "a.csv.zst", "a.parquet", "a.ndjson.parquet"])
  func aNamedFileOfAnotherFormatIsRefused(name: String) throws {
    let folder = try Folder()
    try folder.write(reading(1), "log.ndjson")
    let path = try folder.write("ts,node\n", name)
    #expect(throws: IngestionError.otherFormat(path)) { try LogFile.find([path]) }
    #expect(throws: IngestionError.otherFormat(path)) { try LogFile.find([folder.path + "/*"]) }
    #expect(IngestionError.otherFormat(path).description.contains("NDJSON"))
    // Labels and the like may lie beside the logs of a folder.
    #expect(try names([folder.path]) == ["log.ndjson"])
    // A folder may be named as it likes.
    try folder.write(reading(1), "logs.csv/log.ndjson")
    #expect(try names([folder.path + "/logs.csv"]) == ["log.ndjson"])
  }

  @Test func patternsAreExpanded() throws {
    let folder = try Folder()
    for name in ["a1.ndjson", "a2.log", "b1.ndjson", "d1/x.ndjson"] { try folder.write("", name) }
    #expect(try names([folder.path + "/a?.*"]) == ["a1.ndjson", "a2.log"])
    #expect(try names([folder.path + "/[bd]1*"]) == ["b1.ndjson", "x.ndjson"])
    try folder.write("", "[ab]1.ndjson")
    #expect(try names([folder.path + "/[ab]1.ndjson"]) == ["[ab]1.ndjson"])
  }

  @Test func aFileNamedTwiceIsReadOnce() async throws {
    let folder = try Folder()
    let path = try folder.write(reading(1), "a.ndjson")
    let link = folder.path + "/b.ndjson"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    let arguments = [path, folder.path, link, folder.path + "/./a.ndjson", folder.path + "/*"]
    #expect(try LogFile.find(arguments).count == 1)
    #expect(try await read(arguments).books.read == 1)
  }

  /// Two names that Swift's strings take for one.
  @Test func namesAreToldApartByTheirBytes() async throws {
    let folder = try Folder()
    try folder.write(reading(1) + "\nwrong", "\u{E9}.ndjson")
    try folder.write("wrong\nwrong\n" + reading(2), "e\u{301}.ndjson")
    let result = try await read([folder.path])
    #expect(result.books.used == 2)
    #expect(
      result.books.files.map { Array($0.name.utf8) }
        == ["e\u{301}.ndjson", "\u{E9}.ndjson"].map { Array($0.utf8) })
    #expect(result.quarantine.map(\.line) == [1, 2, 2])
  }

  @Test(arguments: [1, 4])
  func filesOfOneNameAreOrderedByWhatTheyHold(tasks: Int) async throws {
    let folder = try Folder()
    let texts = (0..<6).map { "wrong \($0)\n" + reading($0) }
    for (index, text) in texts.enumerated() { try folder.write(text, "\(index)/a.ndjson") }
    let result = try await read((0..<6).map { "\(folder.path)/\($0)" }, tasks: tasks)
    let sorted = texts.map { Array($0.utf8) }.sorted {
      sha256($0).lexicographicallyPrecedes(sha256($1))
    }
    #expect(result.books.files.map(\.sha256) == sorted.map(sha256))
    #expect(result.quarantine.map(\.bytes) == sorted.map { Array($0.prefix(7)) })
  }

  @Test func whatIsNotThereIsAnError() throws {
    let folder = try Folder()
    let missing = folder.path + "/missing.ndjson"
    #expect(throws: IngestionError.unreadable(file: missing, reason: "no such file or folder")) {
      try LogFile.find([missing])
    }
    #expect(throws: IngestionError.noLog(folder.path)) { try LogFile.find([folder.path]) }
    let pattern = folder.path + "/*.ndjson"
    #expect(throws: IngestionError.noLog(pattern)) { try LogFile.find([pattern]) }
    #expect(IngestionError.noLog("x").description.contains(".ndjson.gz"))
    let dangling = folder.path + "/dangling.ndjson"
    try FileManager.default.createSymbolicLink(
      atPath: dangling, withDestinationPath: folder.path + "/nowhere")
    #expect(throws: IngestionError.self) { try LogFile.find([dangling]) }
  }

  @Test func aFileThatCannotBeOpenedIsAnError() async throws {
    let folder = try Folder()
    try folder.write(reading(1), "a.ndjson")
    let dangling = folder.path + "/dangling.ndjson"
    try FileManager.default.createSymbolicLink(
      atPath: dangling, withDestinationPath: folder.path + "/nowhere")
    // Found by its name, and not passed over because it leads nowhere.
    await #expect {
      try await read([folder.path])
    } throws: { error in
      guard case .unreadable(let file, let reason) = error as? IngestionError else { return false }
      return file == dangling && reason == "No such file or directory"
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func aFolderThatCannotBeSearchedIsAnError() throws {
    let folder = try Folder()
    try folder.write("", "a.ndjson")
    try folder.write("", "sub/b.ndjson")
    let sub = folder.path + "/sub"
    #expect(chmod(sub, 0) == 0)
    defer { chmod(sub, 0o700) }
    #expect(throws: IngestionError.self) { try LogFile.find([folder.path]) }
  }

  @Test func aPipeIsReadToItsEnd() async throws {
    let folder = try Folder()
    for (name, bytes) in [("plain", Array(readings(9000).utf8)), ("packed", gzip(readings(9000)))] {
      let pipe = folder.path + "/" + name
      #expect(mkfifo(pipe, 0o600) == 0)
      let writer = Thread {
        let handle = FileHandle(forWritingAtPath: pipe)
        try? handle?.write(contentsOf: Data(bytes))
        try? handle?.close()
      }
      writer.start()
      let result = try await read([pipe])
      #expect(result.books.used == 9000 && result.books.quarantined == 0)
      #expect(result.books.files[0].sha256 == sha256(bytes))
      #expect(result.books.files[0].bytes == Int64(bytes.count))
    }
  }

  @Test func progressEndsAtTheTotal() async throws {
    let folder = try Folder()
    try folder.write(readings(3000), "a.ndjson")
    try folder.write(gzip(readings(3000)), "b.ndjson.gz")
    let progress = IngestionProgress()
    let reader = LogReader(
      schema: .environment, selection: .all, memoryLimit: 1 << 28, tasks: 2)
    let log = try await reader.read(try LogFile.find([folder.path]), progress: progress)
    #expect(progress.bytes.read == progress.bytes.total)
    #expect(progress.bytes.total == log.books.files.reduce(0) { $0 + $1.bytes })
  }
}
