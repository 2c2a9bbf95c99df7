import Contributions
import Detection
import Foundation

/// What `assay score` writes.
public struct TableReport: Sendable {
  let scoring: TableScoring
  let q: [Int64]

  public init(_ scoring: TableScoring, method: FalseDiscoveryRate.Method) {
    self.scoring = scoring
    q = scoring.scores.qValues(method)
  }

  /// `row,raw,p,q`, one line per row in the table's order, rows counted from 0.
  ///
  /// `raw` is the shortest decimal that reads back as the same number; p and q are rounded up to
  /// 10⁻⁹.
  public var csv: [UInt8] {
    var bytes = Array("row,raw,p,q\n".utf8)
    bytes.reserveCapacity(scoring.table.rows * 48)
    for row in 0..<scoring.table.rows {
      bytes.append(contentsOf: "\(row),".utf8)
      bytes.append(contentsOf: "\(scoring.scores.raw[row]),".utf8)
      Self.append(scoring.scores.pValues[row].partsPerBillion, to: &bytes)
      bytes.append(UInt8(ascii: ","))
      Self.append(q[row], to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  /// Parts per billion as a decimal of nine places, without trailing zeros.
  private static func append(_ partsPerBillion: Int64, to bytes: inout [UInt8]) {
    if partsPerBillion >= 1_000_000_000 {
      bytes.append(UInt8(ascii: "1"))
      return
    }
    var digits = partsPerBillion
    var places: [UInt8] = []
    for _ in 0..<9 {
      places.append(UInt8(ascii: "0") + UInt8(digits % 10))
      digits /= 10
    }
    while places.count > 1, places.first == UInt8(ascii: "0") { places.removeFirst() }
    bytes.append(contentsOf: "0.".utf8)
    bytes.append(contentsOf: places.reversed())
  }

  /// One JSON object per explained row, strangest first: its reasons with value, part of the score
  /// and the peers' central 90 %, what would be accepted, and the nearest accepted rows.
  public func explanations(strangest share: Double) async throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    var bytes: [UInt8] = []
    for reasons in try await scoring.reasons(strangest: share) {
      bytes += try encoder.encode(Line(reasons, of: self))
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  /// Reasons that a line names at most.
  static let shownReasons = 5

  private struct Line: Encodable {
    struct Reason: Encodable {
      var column: String
      var value: Double?
      var amount: Double
      var share: Double
      var low: Double?
      var high: Double?
    }

    struct AcceptedAt: Encodable {
      var column: String
      var value: Double
      var orBelow: Bool
    }

    var row: Int
    var raw: Double
    var p: Double
    var q: Double
    var reasons: [Reason]
    var acceptedAt: AcceptedAt?
    var nearestAccepted: [Int]

    init(_ reasons: TableScoring.Reasons, of report: TableReport) {
      let table = report.scoring.table
      let raw = report.scoring.scores.raw[reasons.row]
      func number(_ value: Double) -> Double? { value.isNaN ? nil : value }
      row = reasons.row
      self.raw = raw
      p = Double(report.scoring.scores.pValues[reasons.row].partsPerBillion) / 1e9
      q = Double(report.q[reasons.row]) / 1e9
      self.reasons = reasons.parts.prefix(TableReport.shownReasons).filter { $0.amount > 0 }
        .map { part in
          Reason(
            column: table.columns[part.column].name,
            value: number(table.values[reasons.row * table.columns.count + part.column]),
            amount: part.amount, share: raw > 0 ? part.amount / raw : 0, low: number(part.low),
            high: number(part.high))
        }
      acceptedAt = reasons.counterfactual.map {
        AcceptedAt(
          column: table.columns[$0.column].name, value: $0.acceptedAt, orBelow: $0.orBelow)
      }
      nearestAccepted = reasons.nearestAccepted
    }
  }
}
