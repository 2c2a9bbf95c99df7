import Foundation

/// The first bytes of a file, read before SQLite opens it: to open another program's database would
/// already change it.
///
/// SQLite's file format: the text `SQLite format 3` and a zero, the page size at byte 16 (1 stands
/// for 65,536) and the application's number at byte 68, both big-endian.
enum StoreHeader {
  private static let length = 100
  private static let magic = Array("SQLite format 3\0".utf8)

  /// - Throws: `ReviewError.database` for a file that is neither empty nor a store.
  static func check(_ path: String) throws {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw ReviewError.database("\(path) cannot be read")
    }
    defer { try? file.close() }
    let header = Array(try file.read(upToCount: length) ?? Data())
    if header.isEmpty { return }
    let size = try file.seekToEnd()
    guard header.count == length, header.starts(with: magic) else {
      throw ReviewError.database("\(path) is no store")
    }
    let page = header[16..<18].reduce(0) { $0 << 8 | UInt64($1) }
    let application = header[68..<72].reduce(0) { $0 << 8 | Int($1) }
    // One page holds no table: what was begun, and what it is may be in the log beside it yet.
    let isBegun = size <= (page == 1 ? 65_536 : page)
    guard application == Schema.applicationID || isBegun else {
      throw ReviewError.database("\(path) is another program's file")
    }
  }
}
