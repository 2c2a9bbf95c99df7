import Contributions
import Foundation
import Testing

@testable import Ingestion

/// Files as they are opened, held and left.
@Suite struct OpenFileTests {
  @Test func aLogMayHaveMoreFilesThanAProcessMayHoldOpen() async throws {
    var limit = rlimit()
    #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    let count = Int(min(limit.rlim_cur, 2000)) + 50
    let folder = try Folder()
    for file in 0..<count { try folder.write(reading(file, node: "\(file)"), "\(file).ndjson") }
    #expect(try await read([folder.path]).books.used == count)
  }

  @Test func aFileThatChangesWhileItIsReadIsAnError() throws {
    let folder = try Folder()
    let path = try folder.write(readings(3))
    let file = try #require(try PlainFile(try LogFile.find([path])[0]))
    #expect(try file.digest() == sha256(Array(readings(3).utf8)))
    try folder.write(readings(4))
    #expect(throws: IngestionError.changed(file: path)) { try file.digest() }
    let again = try #require(try PlainFile(try LogFile.find([path])[0]))
    #expect(throws: IngestionError.changed(file: path)) {
      try again.opened { _ throws(IngestionError) in
        _ = try? folder.write(readings(5))
      }
    }
  }

  @Test func standardInputIsReadToItsEnd() async throws {
    let folder = try Folder()
    let text = "wrong\n" + readings(500)
    let file = open(try folder.write(gzip(text)), O_RDONLY)
    let saved = dup(STDIN_FILENO)
    #expect(dup2(file, STDIN_FILENO) == STDIN_FILENO)
    defer {
      dup2(saved, STDIN_FILENO)
      close(saved)
      close(file)
    }
    let result = try await read(["-"])
    #expect(result.books.used == 500 && result.books.files.map(\.name) == ["-"])
    #expect(result.quarantine.map(\.file) == ["-"] && result.quarantine.map(\.line) == [1])
  }
}
