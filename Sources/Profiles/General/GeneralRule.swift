import Contributions
import ExactMath

/// A rule of a declared profile: bookkeeping or physics on one field.
public struct GeneralRule: Sendable {
  public let reason: ReasonCode
  public let minimumOccurrences: Int
  public let field: FieldPath
  public let check: Check

  /// What is checked.
  public enum Check: Sendable, Equatable {
    /// A string comes once only; again within `retry` ms is a retransmission.
    case unique(retry: Int64)
    /// A counter never falls.
    case monotone
    /// A number lies between the ends; unlike the schema's hard range, what is outside is evidence
    /// and not quarantined.
    case range(low: Double, high: Double)
    /// A number changes by at most so much per second.
    case rate(perSecond: Double)
  }

  public init(
    _ reason: ReasonCode, minimumOccurrences: Int, field: FieldPath, check: Check
  ) {
    self.reason = reason
    self.minimumOccurrences = minimumOccurrences
    self.field = field
    self.check = check
  }

  var rule: Rule<NodeRecords> {
    Rule(reason, minimumOccurrences: minimumOccurrences) { records in
      let table = records[kind: field.kind]
      return switch check {
      case .unique(let retry): repeats(table, retry: retry)
      case .monotone: falls(table)
      case .range(let low, let high): outside(table, low: low, high: high)
      case .rate(let perSecond): jumps(table, perSecond: perSecond)
      }
    }
  }

  private func repeats(_ table: RecordTable, retry: Int64) -> Rule<NodeRecords>.Breach? {
    var first: [Int32: Int64] = [:]
    var delays: [Double] = []
    for (row, code) in table.codes(field.name).enumerated() where code >= 0 {
      let time = table.timestamps[row]
      guard let before = first[code] else {
        first[code] = time
        continue
      }
      if time - before > retry { delays.append(Double(time - before) / 1000) }
    }
    guard !delays.isEmpty else { return nil }
    return Rule.Breach(
      observed: Statistics.median(delays), high: Double(retry) / 1000, occurrences: delays.count)
  }

  private func falls(_ table: RecordTable) -> Rule<NodeRecords>.Breach? {
    let values = table.numbers(field.name).filter { !$0.isNaN }
    let drops = zip(values, values.dropFirst()).filter { $1 < $0 }.map { $1 - $0 }
    guard let deepest = drops.min() else { return nil }
    return Rule.Breach(observed: deepest, low: 0, occurrences: drops.count)
  }

  private func outside(
    _ table: RecordTable, low: Double, high: Double
  ) -> Rule<NodeRecords>.Breach? {
    let values = table.numbers(field.name).filter { $0 < low || $0 > high }
    guard !values.isEmpty else { return nil }
    return Rule.Breach(
      observed: Statistics.median(values), low: low.isFinite ? low : nil,
      high: high.isFinite ? high : nil, occurrences: values.count)
  }

  /// Records of one moment cannot be told apart in time and are left out.
  private func jumps(_ table: RecordTable, perSecond: Double) -> Rule<NodeRecords>.Breach? {
    let rows = zip(table.timestamps, table.numbers(field.name)).filter { !$0.1.isNaN }
    var rates: [Double] = []
    for (before, after) in zip(rows, rows.dropFirst()) where after.0 > before.0 {
      let rate = (after.1 - before.1).magnitude / (Double(after.0 - before.0) / 1000)
      if rate > perSecond { rates.append(rate) }
    }
    guard !rates.isEmpty else { return nil }
    return Rule.Breach(
      observed: Statistics.median(rates), high: perSecond, occurrences: rates.count)
  }
}
