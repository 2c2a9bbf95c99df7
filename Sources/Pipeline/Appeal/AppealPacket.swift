import Bundles
import Contributions
import Foundation
import Ingestion
import Ledger
import Profiles
import Verdicts

/// What the owner of a judged node gets: its own records, its verdict with the proof, why, and what
/// would have passed. It stands alone and holds no other node's records.
///
/// Format `assay-appeal-1`: one JSON object. `records` are lines of a contribution log, of which
/// anyone works out the evidence digest that the ledger's leaf holds. `reasons` is the whole table and
/// `policy` the policy's text, whose digests are in the statement: so what the verdict's codes mean,
/// and the grounds that follow from them, can be checked.
public struct AppealPacket: Sendable {
  public static let format = "assay-appeal-1"

  /// The one JSON form.
  public let json: CanonicalJSON
  public let records: Int

  /// Reads a node's records from the logs and packs them with its verdict.
  ///
  /// - Throws: `BundleError`, `IngestionError`; `PipelineError.noSuchNode` where the logs have no
  ///   record of the node, `.otherEvidence` where they are not the ones that were judged.
  public init(
    node: String, bundle: BundleReader, profile: Profile, logs: [LogFile], memoryLimit: Int,
    tasks: Int, progress: IngestionProgress = IngestionProgress()
  ) async throws {
    let proof = try ProofFile(of: node, in: bundle)
    let predicate = try bundle.statement().predicate
    let selection = try bundle.summary().selection
    let reader = LogReader(
      schema: profile.schema, selection: Self.selection(selection, epoch: predicate.epoch),
      memoryLimit: memoryLimit, tasks: tasks)
    let log = try await reader.read(logs, progress: progress)
    let wanted = Array(node.utf8)
    let found = try await log.mapNodes { records -> (lines: [String], evidence: [UInt8])? in
      guard records.node.utf8.elementsEqual(wanted) else { return nil }
      return (LogLines.lines(of: records), records.evidence)
    }
    guard let own = found.compactMap({ $0 }).first else { throw PipelineError.noSuchNode(node) }
    guard own.evidence == proof.leaf.evidence.bytes else {
      throw PipelineError.otherEvidence(node: node)
    }
    let policy = try bundle.bytes("policy.json")
    let verdict = proof.record.verdict
    let table = try bundle.reasons()
    let grounds = VerdictGrounds(of: verdict, table: table, policy: try Policy(json: policy))
    records = own.lines.count
    json = .object([
      "format": .string(Self.format),
      "profile": .string(predicate.profile), "epoch": .clamped(Int64(clamping: predicate.epoch)),
      "node": .string(node), "selection": .string(selection),
      "proof": proof.json,
      "records": .array(own.lines.map { .string($0) }),
      "reasons": .array(table.map(\.json)),
      "correction": try Self.correction(of: node, in: bundle),
      "grounds": .array(grounds.grounds.map(\.json)),
      "measurements": .array(VerdictGrounds.measurements(of: verdict).map(\.json)),
      "policy": .string(String(decoding: policy, as: UTF8.self)),
      "statement": .string(String(decoding: try bundle.stored("statement.json"), as: UTF8.self)),
      "envelope": .string(String(decoding: try bundle.stored("manifest.dsse.json"), as: UTF8.self)),
    ])
  }

  /// What reviewers decided of the node last; null where they did not.
  private static func correction(
    of node: String, in bundle: BundleReader
  ) throws(BundleError) -> CanonicalJSON {
    let own = try bundle.corrections().last { $0.decision.node.utf8.elementsEqual(node.utf8) }
    return own?.json ?? .null
  }

  static func selection(_ text: String, epoch: UInt64) -> EpochSelection {
    text == "all" ? .all : .day(Epoch(day: Int64(clamping: epoch)))
  }
}

/// A node's records as lines of a contribution log, in canonical order and with the format's own
/// names, from whatever the log they came from had.
enum LogLines {
  static func lines(of records: NodeRecords) -> [String] {
    var rows: [(timestamp: Int64, kind: [UInt8], row: Int, text: String)] = []
    for table in records.tables {
      let kind = Array(table.kind.name.utf8)
      let columns = RecordColumn.all(of: table)
      for (row, timestamp) in table.timestamps.enumerated() {
        rows.append((timestamp, kind, row, line(table, columns, row, node: records.node)))
      }
    }
    return rows.sorted { left, right in
      if left.timestamp != right.timestamp { return left.timestamp < right.timestamp }
      if left.kind != right.kind { return left.kind.lexicographicallyPrecedes(right.kind) }
      return left.row < right.row
    }.map(\.text)
  }

  private static func line(
    _ table: RecordTable, _ columns: [RecordColumn], _ row: Int, node: String
  ) -> String {
    var text = #"{"ts":\#(table.timestamps[row]),"node":\#(CanonicalJSON.string(node).text)"#
    text += #","kind":\#(CanonicalJSON.string(table.kind.name).text)"#
    for column in columns {
      guard let value = column.text(row, quoted: { CanonicalJSON.string($0).text }) else {
        continue
      }
      text += ",\(CanonicalJSON.string(column.field.name).text):\(value)"
    }
    return text + "}"
  }
}
