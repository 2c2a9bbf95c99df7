import Contributions
import Detection
import Foundation
import Ledger
import Profiles
import Verdicts

@testable import Bundles

/// A folder that goes away with its test.
final class TemporaryFolder {
  let path: String

  init() throws {
    let unique = FileManager.default.temporaryDirectory
      .appendingPathComponent("assay-bundles-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: unique, withIntermediateDirectories: true)
    path = unique.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }
}

extension Verdict {
  static func sample(
    _ node: String, _ outcome: Outcome = .accept, pPpb: Int64 = 500_000_000,
    reasons: [Reason] = []
  ) -> Verdict {
    Verdict(
      node: node, group: "all", outcome: outcome, rawMicro: 1_234_567, pPpb: pPpb, qPpb: 0,
      unitsMicro: 42_000_000, evidence: Array(repeating: UInt8(node.utf8.count), count: 32),
      reasons: reasons)
  }
}

extension Reason {
  static let unusual = Reason(
    code: "UNUSUAL", reasonClass: "evidence", sharePpm: 700_000, feature: "rssi_spread",
    observedMicro: 100_000, lowMicro: 2_000_000, highMicro: 9_000_000, unit: "dB")
  static let shared = Reason(
    code: "SHARED", reasonClass: "spoof", sharePpm: 300_000, observedMicro: 2_000_000,
    highMicro: 1_000_000, unit: "nodes", peers: ["b"])
}

extension BundleContents {
  /// Four nodes, one of each verdict, in order, with the q-values that follow.
  static var tiny: BundleContents {
    var verdicts = [
      Verdict.sample("a", .reject, pPpb: 1_000_000, reasons: [.unusual, .shared]),
      Verdict.sample("b", .hold, pPpb: 40_000_000, reasons: [.unusual]),
      Verdict.sample("c"),
      Verdict.sample("d", .abstain, pPpb: 1_000_000_000),
    ]
    BundleContents.setQ(&verdicts)
    var books = Books()
    books.read = 103
    books.used = 100
    books.duplicate = 1
    books.quarantined = 2
    books.ignoredFields = 5
    books.files = [
      FileBook(
        name: "log.ndjson", bytes: 4096, sha256: Array(repeating: 0xAB, count: 32), records: 103)
    ]
    return BundleContents(
      profile: "wireless", epoch: 20_412, revision: 0, verdicts: verdicts,
      reasons: [
        ReasonCode("SHARED", bit: 48, .spoof, .medium, unit: "nodes", text: "Shared."),
        .unusual,
      ],
      books: books,
      quarantine: [
        QuarantinedRecord(
          file: "log.ndjson", line: 7, reason: .notJSON, detail: "no value", bytes: [0, 255, 34]),
        QuarantinedRecord(
          file: "log.ndjson", line: 9, reason: .unknownKind, detail: "kind", bytes: [123]),
      ],
      policy: .standard,
      model: ModelIdentity(name: "m", version: "1", digest: Array(repeating: 7, count: 32)),
      reports: ["summary.json": Array(#"{"selection":"day"}"#.utf8)])
  }

  static func setQ(_ verdicts: inout [Verdict]) {
    let q = FalseDiscoveryRate.qValues(verdicts.map(\.pPpb), .benjaminiHochberg)
    for index in verdicts.indices { verdicts[index].qPpb = q[index] }
  }

  static let key = try? SigningKey(seed: Array(repeating: 1, count: 32))
}

/// The files of a bundle, to be damaged and sealed again.
struct LooseBundle {
  var files: [String: [UInt8]]

  init(_ contents: BundleContents = .tiny, keys: [SigningKey] = []) throws {
    files = try BundleWriter(contents, keys: keys).files()
  }

  func text(_ name: String) throws -> String {
    let bytes = files[name] ?? []
    return String(
      decoding: name.hasSuffix(".gz") ? try Gzip.decompress(bytes) : bytes, as: UTF8.self)
  }

  mutating func replace(_ old: String, by new: String, in name: String) throws {
    let changed = Array(try text(name).replacingOccurrences(of: old, with: new).utf8)
    files[name] = name.hasSuffix(".gz") ? try Gzip.compress(changed) : changed
  }

  /// Makes digests, manifest and checksums fit the files again, so that only what was changed is
  /// wrong.
  mutating func seal(
    _ change: (inout [Statement.Subject]) -> Void = { _ in }
  ) throws {
    let statement = try JSONDecoder().decode(
      Statement.self, from: Data(files["statement.json"] ?? []))
    let outside = ["statement.json", "manifest.dsse.json", "SHA256SUMS", "ledger/root.json"]
    var subjects: [Statement.Subject] = []
    for (name, bytes) in files where !outside.contains(name) {
      let content = name.hasSuffix(".gz") ? (try? Gzip.decompress(bytes)) ?? bytes : bytes
      subjects.append(Statement.Subject(name: name, sha256: Documents.sha256(content)))
    }
    subjects.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    change(&subjects)
    try seal(Statement(subject: subjects, predicate: statement.predicate).json.bytes)
  }

  /// The same around the bytes of a statement.
  mutating func seal(_ statement: [UInt8]) throws {
    files["statement.json"] = statement
    files["manifest.dsse.json"] = try DSSEEnvelope(
      signing: statement, type: Documents.payloadType, with: []
    ).canonicalJSON
    files["SHA256SUMS"] = nil
    files["SHA256SUMS"] = BundleAssembly.checksums(
      of: files.filter { $0.key != "ledger/root.json" })
  }

  func write(to folder: TemporaryFolder) throws {
    for (name, bytes) in files { try folder.write(bytes, to: name) }
  }

  func verified() throws -> BundleVerifier.Report {
    let folder = try TemporaryFolder()
    try write(to: folder)
    return try BundleVerifier.verify(path: folder.path)
  }

  /// What the verifier says of it.
  func failures() throws -> [String] {
    try verified().failures
  }
}
