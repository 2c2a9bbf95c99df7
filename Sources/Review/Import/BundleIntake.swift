import Bundles
import Contributions
import Crypto
import Foundation
import Ledger
import Verdicts

/// What a bundle brings to the queue, read from a bundle that verifies.
struct BundleIntake: Sendable {
  let path: String
  let predicate: Statement.Predicate
  /// SHA-256 of `statement.json`.
  let statement: String
  let report: BundleVerifier.Report
  let policy: [UInt8]
  let reasons: [UInt8]
  /// The bit of each reason code.
  let bits: [String: Int]
  let corrections: [Correction]
  /// What the run says of itself.
  let night: NightDocuments
  /// Nodes that are flagged or superseded, or that the queue knows.
  private(set) var entries: [NewVerdict] = []

  /// - Parameters:
  ///   - isLater: whether the queue may have items of an earlier revision.
  ///   - known: the nodes of those items.
  /// - Throws: `ReviewError.bundleRefused` with everything that is wrong with the bundle.
  init(path: String, known: Set<Data>) throws {
    self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    let reader = BundleReader(path: path)
    report = try Self.refusing { try BundleVerifier.verify(path: path) }
    guard report.isGood else { throw ReviewError.bundleRefused(report.failures) }
    // What was verified is what is read: the files are read again, against the statement's digests.
    let (statement, bytes) = try Self.refusing {
      (try reader.statement(), try reader.stored("statement.json"))
    }
    guard statement.predicate.merkleRoot == report.root else { throw Self.changed("statement") }
    predicate = statement.predicate
    self.statement = Self.sha256(bytes)
    let source = Source(
      reader: reader,
      digests: Dictionary(
        statement.subject.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first }))
    policy = try source.bytes("policy.json")
    reasons = try source.bytes("reasons.json")
    corrections = try Self.refusing { try reader.corrections() }
    night = NightDocuments(
      inputs: try source.bytes("inputs.json"), summary: try source.bytes("reports/summary.json"),
      drift: source.has("reports/drift.json") ? try source.bytes("reports/drift.json") : nil,
      model: try source.bytes("model.json"))
    try night.check()
    let table = try Self.refusing { try reader.reasons() }
    guard !([predicate.profile] + table.map(\.code)).contains(where: { $0.utf8.contains(0) }) else {
      throw ReviewError.bundleRefused(["a profile or reason has a name with a zero character"])
    }
    bits = Dictionary(table.map { ($0.code, $0.bit) }, uniquingKeysWith: { first, _ in first })
    for name in try Self.refusing({ try reader.verdictFiles() }) {
      try take(try source.bytes(name), bits: bits, known: known)
    }
    // In the order of the queue, in which its indexes are written at their ends.
    entries.sort { $0.record.verdict.priority > $1.record.verdict.priority }
  }

  private mutating func take(_ content: [UInt8], bits: [String: Int], known: Set<Data>) throws {
    for slice in content.split(separator: 10) {
      // In canonical JSON the member has one spelling, and no text value can hold it: its quotes
      // would be escaped. Where no item is known, only flagged verdicts are read.
      if known.isEmpty, Self.isUnflagged(slice) { continue }
      let line = Array(slice)
      let record = try Self.refusing { try VerdictRecord(line: line) }
      guard record.verdict.outcome.isFlagged || known.contains(record.verdict.node.stored) else {
        continue
      }
      entries.append(NewVerdict(record: record, line: line, leaf: record.leaf(bits: bits)))
    }
  }

  private static let unflagged = [Outcome.accept, .abstain].map {
    Data("\"verdict\":\"\($0.rawValue)\"".utf8)
  }

  private static func isUnflagged(_ line: ArraySlice<UInt8>) -> Bool {
    let line = Data(line)
    // Members are sorted: this one is near the end.
    return unflagged.contains { line.range(of: $0, options: .backwards) != nil }
  }

  /// Files, with the digests that they must have.
  private struct Source {
    let reader: BundleReader
    let digests: [String: String]

    func has(_ name: String) -> Bool { digests[name] != nil }

    func bytes(_ name: String) throws -> [UInt8] {
      let bytes = try BundleIntake.refusing { try reader.bytes(name) }
      guard digests[name] == BundleIntake.sha256(bytes) else { throw BundleIntake.changed(name) }
      return bytes
    }
  }

  private static func sha256(_ bytes: [UInt8]) -> String {
    Hex.encode(Array(SHA256.hash(data: bytes)))
  }

  private static func changed(_ name: String) -> ReviewError {
    .bundleRefused(["\(name) changed while the bundle was read"])
  }

  private static func refusing<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as BundleError {
      throw ReviewError.bundleRefused(["\(error)"])
    }
  }
}

extension Outcome {
  /// Whether a person should look at the node.
  var isFlagged: Bool { self == .hold || self == .reject }
}

extension Verdict {
  /// What is at risk if the verdict is wrong: units × (1 − q), of which at least a hundredth counts,
  /// so that amounts order what is uncertain too. In millionths of a unit, rounded down.
  var priority: Int64 {
    let confidence = max(1_000_000_000 - qPpb, 10_000_000)
    let product = Int128(max(unitsMicro, 0)) * Int128(confidence)
    return Int64(clamping: product / 1_000_000_000)
  }
}
