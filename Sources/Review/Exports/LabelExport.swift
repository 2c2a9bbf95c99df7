import Bundles
import Foundation
import GRDB

extension ReviewStore {
  /// The labels file for `assay train --labels`: a CSV (RFC 4180) of what people found, the latest
  /// decision of each item in force. Confirmed spoofs are 1, false positives 0, and so are faults,
  /// which `attack` names; what needs evidence says nothing and is left out.
  ///
  /// Training reads one night's log: give the epoch, where nodes were decided in several.
  public func labels(
    profile: String? = nil, epoch: UInt64? = nil
  ) async throws(ReviewError) -> [UInt8] {
    try await read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT item.node, item.profile, item.epoch, decision.finding
          FROM decision JOIN item ON item.id = decision.item_id
          WHERE decision.status = 'approved' AND decision.finding <> ?1
            AND decision.id = (SELECT MAX(latest.id) FROM decision AS latest
              WHERE latest.item_id = item.id AND latest.status = 'approved')
            AND (?2 IS NULL OR item.profile = ?2) AND (?3 IS NULL OR item.epoch = ?3)
          ORDER BY item.profile, item.epoch, item.node
          """,
        arguments: [
          Finding.needsEvidence.rawValue, profile, epoch.map { Int64(clamping: $0) },
        ])
      var text = "node,label,attack,strength,profile,epoch,finding\n"
      for row in rows {
        let finding: Finding = try row.value("finding")
        let fields = [
          row.text("node"), finding == .confirmedSpoof ? "1" : "0",
          finding == .faulty ? "fault" : "", "", row["profile"] as String,
          "\(row["epoch"] as Int64)", finding.rawValue,
        ]
        text += fields.map(Self.field).joined(separator: ",") + "\n"
      }
      return Array(text.utf8)
    }
  }

  /// A field, quoted where it has to be.
  private static func field(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"") && byte >= 0x20
    }
    guard !isPlain || text.unicodeScalars.first == "\u{FEFF}" else { return text }
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    return String(quoted) + "\""
  }
}
