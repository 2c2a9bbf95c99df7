import Contributions
import Foundation
import Ledger
import Verdicts

/// A bundle on disk, read without judging it.
public struct BundleReader: Sendable {
  public let path: String

  public init(path: String) {
    self.path = path
  }

  /// The bytes of a file as stored.
  ///
  /// - Throws: `BundleError.cannotRead`, for links and devices too: what a bundle holds is in it.
  public func stored(_ name: String) throws(BundleError) -> [UInt8] {
    let file = "\(path)/\(name)"
    var status = stat()
    guard lstat(file, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotRead(path: file, reason: "not a plain file")
    }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw .cannotRead(path: file, reason: "no such file, or no permission")
    }
    return Array(data)
  }

  /// The bytes of a file, decompressed when its name ends in `.gz`.
  public func bytes(_ name: String) throws(BundleError) -> [UInt8] {
    try Self.content(try stored(name), of: name)
  }

  /// What the stored bytes of a file hold: decompressed when its name ends in `.gz`.
  public static func content(
    _ stored: [UInt8], of name: String
  ) throws(BundleError) -> [UInt8] {
    name.hasSuffix(".gz") ? try Gzip.decompress(stored) : stored
  }

  /// Every file below the bundle's folder, sorted, by its path in it.
  public func fileNames() throws(BundleError) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue,
      let walk = FileManager.default.enumerator(atPath: path)
    else { throw .cannotRead(path: path, reason: "no such folder") }
    var names: [String] = []
    while let name = walk.nextObject() as? String {
      var status = stat()
      // Links count as files, which they are not when read.
      if lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR { continue }
      names.append(name)
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  public func statement() throws(BundleError) -> Statement {
    try decode(Statement.self, "statement.json")
  }

  /// The reason table as stored.
  public struct ReasonEntry: Codable, Sendable {
    public let code: String
    public let bit: Int
    public let `class`: String
    public let severity: String
    public let text: String
    public let unit: String

    public var json: CanonicalJSON {
      .object([
        "code": .string(code), "bit": .integer(Int64(bit)), "class": .string(`class`),
        "severity": .string(severity), "text": .string(text), "unit": .string(unit),
      ])
    }
  }

  public func reasons() throws(BundleError) -> [ReasonEntry] {
    try decode([ReasonEntry].self, "reasons.json")
  }

  /// The input books as stored.
  public struct Inputs: Decodable, Sendable {
    public struct Counts: Decodable, Sendable, Equatable {
      public let read: Int
      public let used: Int
      public let duplicate: Int
      public let quarantined: Int
      public let ignoredFields: Int

      private enum CodingKeys: String, CodingKey {
        case read, used, duplicate, quarantined
        case ignoredFields = "ignored_fields"
      }
    }
    public struct File: Decodable, Sendable {
      public let name: String
      public let bytes: Int64
      public let records: Int
      public let sha256: String
    }
    public let counts: Counts
    public let files: [File]
  }

  public func inputs() throws(BundleError) -> Inputs {
    try decode(Inputs.self, "inputs.json")
  }

  /// What the summary says that a replay needs.
  public struct Summary: Decodable, Sendable {
    /// `day`, or `all` for a log taken whole.
    public let selection: String
    /// The memories of earlier epochs that the run looked back on; `nil` for a run without state.
    public let state: [Memory]?

    public struct Memory: Decodable, Sendable {
      public let epoch: Int64
      public let digest: String
    }

    /// The memories as a later revision states them again.
    var stateJSON: CanonicalJSON {
      guard let state else { return .null }
      return .array(
        state.map { .object(["epoch": .clamped($0.epoch), "digest": .string($0.digest)]) })
    }
  }

  public func summary() throws(BundleError) -> Summary {
    try decode(Summary.self, "reports/summary.json")
  }

  /// The model's identity as stored.
  public struct Model: Decodable, Sendable {
    public let name: String
    public let version: String
    public let digest: String
  }

  public func model() throws(BundleError) -> Model {
    try decode(Model.self, "model.json")
  }

  /// Names of the verdict files, in order.
  public func verdictFiles() throws(BundleError) -> [String] {
    try fileNames().filter { $0.hasPrefix("verdicts/") }
  }

  /// Calls `body` with each line of verdicts, in order, without its line feed; stops when it
  /// returns `false`.
  public func forEachVerdictLine(
    _ body: ([UInt8]) throws(BundleError) -> Bool
  ) throws(BundleError) {
    for name in try verdictFiles() {
      let content = try bytes(name)
      for line in content.split(separator: 10, omittingEmptySubsequences: true) {
        guard try body(Array(line)) else { return }
      }
    }
  }

  /// The verdict on `node`.
  ///
  /// - Throws: `BundleError.noSuchNode`.
  public func verdict(on node: String) throws(BundleError) -> VerdictRecord {
    guard let record = try verdictIfPresent(on: node) else { throw .noSuchNode(node) }
    return record
  }

  /// The verdict on `node`; `nil` where the bundle has none.
  public func verdictIfPresent(on node: String) throws(BundleError) -> VerdictRecord? {
    // In canonical JSON the member has one spelling, and no text value can hold it: its quotes
    // would be escaped. Looking for it spares reading every verdict as JSON.
    var member = Array("\"node\":".utf8)
    CanonicalJSON.string(node).append(to: &member)
    let wanted = Data(member)
    var found: VerdictRecord?
    try forEachVerdictLine { line throws(BundleError) in
      guard Data(line).range(of: wanted) != nil else { return true }
      let record = try VerdictRecord(line: line)
      // A line that is not canonical could hold the member in another place.
      guard record.verdict.node.utf8.elementsEqual(node.utf8) else { return true }
      found = record
      return false
    }
    return found
  }

  /// The bit of each reason code.
  public func reasonBits() throws(BundleError) -> [String: Int] {
    Dictionary(
      try reasons().filter { (0..<64).contains($0.bit) }.map { ($0.code, $0.bit) },
      uniquingKeysWith: { first, _ in first })
  }

  private func decode<Value: Decodable>(
    _ type: Value.Type, _ name: String
  ) throws(BundleError) -> Value {
    let data = Data(try bytes(name))
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw .malformed("\(name) does not hold what it should: \(error)")
    }
  }
}
