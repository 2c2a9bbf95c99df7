import Foundation

/// One input file of a log.
public struct LogFile: Sendable, Equatable {
  /// The name in the books: relative to the argument the file came from; `-` for standard input.
  public let name: String
  /// Where it is; `nil` for standard input.
  public let path: String?

  /// Endings by which a folder is searched. A file that is named itself may end in anything: what
  /// it holds is told from its first bytes.
  public static let endings = [
    ".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz", ".ndjson.zst", ".jsonl.zst",
  ]

  public static let standardInput = LogFile(name: "-", path: nil)

  /// The files that the arguments of a command name, each once, sorted by name.
  ///
  /// - Parameter arguments: files, folders (searched for `endings`), glob patterns, or `-`.
  /// - Throws: `IngestionError.noLog` for an argument that leads to no file.
  public static func find(_ arguments: [String]) throws(IngestionError) -> [LogFile] {
    var found: [LogFile] = []
    var seen: Set<String> = []
    for argument in arguments {
      let files = try expand(argument)
      guard !files.isEmpty else { throw .noLog(argument) }
      for file in files {
        let identity = file.path.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
        if seen.insert(identity ?? "-").inserted { found.append(file) }
      }
    }
    return found.sorted {
      $0.name == $1.name ? ($0.path ?? "") < ($1.path ?? "") : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
  }

  private static func expand(_ argument: String) throws(IngestionError) -> [LogFile] {
    if argument == "-" { return [standardInput] }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        return [LogFile(name: (argument as NSString).lastPathComponent, path: argument)]
      }
      return search(folder: argument)
    }
    guard argument.contains(where: { "*?[".contains($0) }) else {
      throw .unreadable(file: argument, reason: "no such file or folder")
    }
    var matches: [LogFile] = []
    for path in globMatches(argument) { matches += try expand(path) }
    return matches
  }

  private static func search(folder: String) -> [LogFile] {
    guard let names = FileManager.default.enumerator(atPath: folder) else { return [] }
    var files: [LogFile] = []
    while let name = names.nextObject() as? String {
      guard endings.contains(where: name.hasSuffix) else { continue }
      files.append(LogFile(name: name, path: (folder as NSString).appendingPathComponent(name)))
    }
    return files
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
  /// The size on disk, zero where there is none to know.
  static func size(of file: LogFile) -> Int64 {
    var status = stat()
    guard let path = file.path, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return 0
    }
    return Int64(status.st_size)
  }
}
