import Contributions
import Foundation

/// A file of keys: a JSON object with the member `keys`, an array.
public struct KeyFile: Sendable, Equatable {
  public var keys: [APIKey]

  public init(keys: [APIKey] = []) {
    self.keys = keys
  }

  /// - Throws: `SetupError` naming the file, the key and what is wrong with it.
  public init(path: String) throws(SetupError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SetupError(path: path, "cannot be read")
    }
    try self.init(json: data, path: path)
  }

  /// - Parameter path: for messages.
  public init(json data: Data, path: String) throws(SetupError) {
    let document: KeyFileDocument
    do {
      document = try JSONDecoder().decode(KeyFileDocument.self, from: data)
    } catch {
      throw SetupError(path: path, "is no key file: \(DecodingWords.text(of: error))")
    }
    var ids = Set<String>()
    keys = []
    for entry in document.keys {
      guard APIKey.isID(entry.id), ids.insert(entry.id).inserted else {
        throw SetupError(
          path: path,
          "key '\(entry.id)': an id is 1 to 64 of A–Z a–z 0–9 _ - and there once only")
      }
      do throws(SetupError) {
        keys.append(try entry.key())
      } catch {
        throw SetupError(path: path, "key '\(entry.id)': \(error.reason)")
      }
    }
  }

  /// Keys by id, readable by people, the same bytes for the same keys.
  public var bytes: [UInt8] {
    let entries = keys.sorted { $0.id < $1.id }.map {
      "    " + KeyFileDocument.Entry($0).json.text
    }
    return Array("{\n  \"keys\": [\n\(entries.joined(separator: ",\n"))\n  ]\n}\n".utf8)
  }

  /// Puts the file in its place, whole or not at all, readable by its owner only.
  ///
  /// - Throws: `SetupError`.
  public func write(to path: String) throws(SetupError) {
    let temporary = "\(path).\(getpid()).incomplete"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw Self.failure(path) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try file.write(contentsOf: Data(bytes))
      try file.synchronize()
      try file.close()
    } catch {
      unlink(temporary)
      throw SetupError(path: path, "cannot be written: \(error)")
    }
    guard rename(temporary, path) == 0 else {
      let error = Self.failure(path)
      unlink(temporary)
      throw error
    }
  }

  private static func failure(_ path: String) -> SetupError {
    SetupError(path: path, "cannot be written: \(String(cString: strerror(errno)))")
  }
}
