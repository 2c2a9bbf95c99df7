import Contributions
import Crypto
import Foundation
import Ledger
import Profiles
import Verdicts

/// The bundle's documents, as bytes.
enum Documents {
  /// Verdicts per file.
  static let verdictsPerFile = 65_536
  static let payloadType = "application/vnd.in-toto+json"
  /// Verdicts that replace earlier ones.
  static let corrections = "corrections.ndjson"
  /// Who decided them, and why.
  static let decisions = "decisions.ndjson"

  static func sha256(_ bytes: [UInt8]) -> String {
    Hex.encode(Array(SHA256.hash(data: bytes)))
  }

  static func verdictFile(_ index: Int) -> String {
    let number = String(index)
    return "verdicts/\(String(repeating: "0", count: max(0, 5 - number.count)))\(number).ndjson.gz"
  }

  static func reasons(_ reasons: [ReasonCode]) -> CanonicalJSON {
    .array(
      reasons.sorted { $0.bit < $1.bit }.map { reason in
        BundleReader.ReasonEntry(
          code: reason.code, bit: Int(reason.bit), class: reason.reasonClass.rawValue,
          severity: reason.severity.rawValue, text: reason.text, unit: reason.unit
        ).json
      })
  }

  static func inputs(_ contents: BundleContents) -> CanonicalJSON {
    let books = contents.books
    return .object([
      "counts": .object([
        "read": .integer(Int64(books.read)), "used": .integer(Int64(books.used)),
        "duplicate": .integer(Int64(books.duplicate)),
        "quarantined": .integer(Int64(books.quarantined)),
        "ignored_fields": .integer(Int64(books.ignoredFields)),
      ]),
      "files": .array(
        books.files.map { file in
          .object([
            "name": .string(file.name), "bytes": .integer(file.bytes),
            "records": .integer(Int64(file.records)), "sha256": .string(Hex.encode(file.sha256)),
          ])
        }),
    ])
  }

  static func quarantine(_ records: [QuarantinedRecord]) -> [UInt8] {
    var lines: [UInt8] = []
    for record in records {
      CanonicalJSON.object([
        "file": .string(record.file), "line": .integer(Int64(record.line)),
        "reason": .string(record.reason.rawValue), "detail": .string(record.detail),
        "bytes": .string(Data(record.bytes).base64EncodedString()),
      ]).append(to: &lines)
      lines.append(10)
    }
    return lines
  }

  static func model(_ model: BundleContents.ModelIdentity) -> CanonicalJSON {
    .object([
      "name": .string(model.name), "version": .string(model.version),
      "digest": .string("0x" + Hex.encode(model.digest)),
    ])
  }
}
