import Foundation

/// One input file of a log.
public struct LogFile: Sendable, Equatable {
  /// The name in the books: relative to the argument the file came from; `-` for standard input.
  public let name: String
  /// Where it is; `nil` for standard input.
  public let path: String?

  /// Endings by which a folder is searched. A file that is named itself may end in anything but
  /// what says that it is no log: what it holds is told from its first bytes.
  public static let endings = [
    ".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz", ".ndjson.zst", ".jsonl.zst",
  ]

  /// Endings of files whose every line would be quarantined: of formats that are not read.
  private static let otherFormats: [String] = [".csv", ".parquet"].flatMap { ending in
    ["", ".gz", ".zst"].map { ending + $0 }
  }

  public static let standardInput = LogFile(name: "-", path: nil)

  /// The files that the arguments of a command name, each once, sorted by name.
  ///
  /// - Parameter arguments: files, folders (searched for `endings`), glob patterns, or `-`.
  /// - Throws: `IngestionError.noLog` for an argument that leads to no file, `.otherFormat` for one
  ///   that leads to a file of another format by its name.
  public static func find(_ arguments: [String]) throws(IngestionError) -> [LogFile] {
    var found: [LogFile] = []
    // Bytes tell paths apart; Swift's strings take some different ones for equal.
    var seen: Set<[UInt8]> = []
    for argument in arguments {
      let files = try expand(argument)
      guard !files.isEmpty else { throw .noLog(argument) }
      for file in files where seen.insert(file.identity).inserted { found.append(file) }
    }
    let keyed = found.map { (key: Array("\($0.name)\0\($0.path ?? "")".utf8), file: $0) }
    return keyed.sorted { ByteOrder.precedes($0.key, $1.key) }.map(\.file)
  }

  /// Where the file really is; the same for every way to name it.
  private var identity: [UInt8] {
    guard let path else { return [] }
    return Array(URL(fileURLWithPath: path).resolvingSymlinksInPath().path.utf8)
  }

  private static func expand(_ argument: String) throws(IngestionError) -> [LogFile] {
    if argument == "-" { return [standardInput] }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        let name = (argument as NSString).lastPathComponent
        let ending = name.lowercased()
        guard !otherFormats.contains(where: ending.hasSuffix) else { throw .otherFormat(argument) }
        return [LogFile(name: name, path: argument)]
      }
      return try search(argument, under: "")
    }
    guard argument.contains(where: { "*?[".contains($0) }) else {
      throw .unreadable(file: argument, reason: "no such file or folder")
    }
    var matches: [LogFile] = []
    for path in globMatches(argument) { matches += try expand(path) }
    return matches
  }

  /// The logs in a folder and the folders below it; links to folders are not followed.
  private static func search(
    _ folder: String, under prefix: String
  ) throws(IngestionError) -> [LogFile] {
    var files: [LogFile] = []
    for name in try entries(of: folder) {
      let path = (folder as NSString).appendingPathComponent(name)
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      if exists && isFolder.boolValue {
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) == nil {
          files += try search(path, under: prefix + name + "/")
        }
      } else if endings.contains(where: name.hasSuffix) {
        files.append(LogFile(name: prefix + name, path: path))
      }
    }
    return files
  }

  private static func entries(of folder: String) throws(IngestionError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw .unreadable(file: folder, reason: error.localizedDescription)
    }
  }

  private static func globMatches(_ pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, 0, nil, &result) == 0 else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { index in
      result.gl_pathv[index].map { String(cString: $0) }
    }
  }
}

extension LogFile {
  /// Bytes on disk, zero where there are none to know.
  public var size: Int64 {
    var status = stat()
    guard let path, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return 0
    }
    return Int64(status.st_size)
  }
}
