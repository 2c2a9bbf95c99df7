import Detection
import Foundation

/// What analysts decided of a table's rows.
public enum TableDecisions {
  /// Reads a CSV with a header that has `row`, counted from 0, and `label`, 1 for spoofed and 0 for
  /// honest.
  ///
  /// - Throws: `PipelineError.cannotRead`, `.badLabels` for rows the table does not have and for two
  ///   decisions on one.
  public static func read(_ path: String, rows: Int) throws(PipelineError) -> [Decision] {
    let file = try LabelFile(path: path, key: "row")
    var decided: [Int: Bool] = [:]
    for entry in file.entries {
      guard let row = Int(entry.key), (0..<rows).contains(row) else {
        throw .badLabels(
          path: path,
          reason: "line \(entry.line) names row \(entry.key); the table has rows 0 to \(rows - 1)")
      }
      guard decided.updateValue(entry.isSpoofed, forKey: row) == nil else {
        throw .badLabels(path: path, reason: "row \(row) is decided twice")
      }
    }
    return decided.sorted { $0.key < $1.key }.map { Decision(row: $0.key, isSpoofed: $0.value) }
  }
}
