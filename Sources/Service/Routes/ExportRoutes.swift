import Foundation
import Hummingbird
import Review

/// Files to take away: tables as CSV and JSON, and what `assay correct` and `assay train` read.
enum ExportRoutes {
  static let routes: [Route] = [
    .get("/exports/queue.csv", .role(.viewer)) { visit in
      Answers.download(try await queue(visit).csv, type: csvType, name: "queue.csv")
    },
    .get("/exports/queue.json", .role(.viewer)) { visit in
      Answers.download(try await queue(visit).json, type: jsonType, name: "queue.json")
    },
    .get("/exports/quality.csv", .role(.viewer)) { visit in
      Answers.download(try await quality(visit).csv, type: csvType, name: "quality.csv")
    },
    .get("/exports/quality.json", .role(.viewer)) { visit in
      Answers.download(try await quality(visit).json, type: jsonType, name: "quality.json")
    },
    .get("/exports/decisions.csv", .role(.analyst)) { visit in
      Answers.download(try await decisions(visit).csv, type: csvType, name: "decisions.csv")
    },
    .get("/exports/decisions.json", .role(.analyst)) { visit in
      Answers.download(try await decisions(visit).json, type: jsonType, name: "decisions.json")
    },
    .get("/exports/labels.csv", .role(.analyst), labels),
    .get("/exports/decisions.ndjson", .role(.analyst), corrections),
  ]

  static let csvType = "text/csv; charset=utf-8"
  static let jsonType = "application/json"
  /// Rows of a queue's export; who needs more narrows the filter.
  static let queueLimit = 100_000
  /// Decisions in an export: what the store gives at once.
  static let decisionLimit = 10_000

  private static func queue(_ visit: Visit) async throws -> TableExport {
    let filter = try FilterForm.filter(visit.query)
    var table = TableExport(columns: [
      "id", "profile", "epoch", "revision", "node", "group", "owner", "verdict", "score_ppm",
      "q_ppb",
      "units_micro", "priority", "reasons", "state", "assignee", "due", "version", "appeal",
    ])
    var after: QueueKey?
    while table.count < queueLimit {
      let rows = try await visit.store.queue(filter, after: after, limit: 500, now: visit.now)
      for row in rows { table.add(cells(row)) }
      guard rows.count == 500, let last = rows.last else { break }
      after = last.key
    }
    return table
  }

  private static func cells(_ row: QueueRow) -> [TableExport.Cell] {
    [
      .number(row.id), .text(row.profile), .number(Int64(clamping: row.epoch)),
      .number(Int64(row.revision)), .text(row.node), .text(row.group), .text(row.owner ?? ""),
      .text(row.verdict.rawValue), .number(row.scorePpm), .number(row.qPpb),
      .number(row.unitsMicro), .number(row.priority),
      .text(row.topReasons.joined(separator: " ")), .text(row.state.rawValue),
      .text(row.assignee?.name ?? ""), .text(row.due.ISO8601Format()), .number(row.version),
      .number(row.hasAppeal ? 1 : 0),
    ]
  }

  private static func quality(_ visit: Visit) async throws -> TableExport {
    let report = try await visit.store.quality(profile: visit.query.text("profile"))
    var table = TableExport(
      columns: ["profile", "code", "class"] + Finding.allCases.map(\.rawValue)
        + ["precision_ppm", "low_ppm", "high_ppm"])
    func ppm(_ share: Double) -> TableExport.Cell {
      share.isFinite ? .number(Int64((share * 1e6).rounded())) : .text("")
    }
    for reason in report.reasons {
      var cells: [TableExport.Cell] = [
        .text(reason.profile), .text(reason.code), .text(reason.reasonClass),
      ]
      for finding in Finding.allCases {
        cells.append(.number(Int64(reason.findings[finding] ?? 0)))
      }
      let precision = reason.precision
      cells += [ppm(precision.value), ppm(precision.low), ppm(precision.high)]
      table.add(cells)
    }
    return table
  }

  /// The latest first.
  private static func decisions(_ visit: Visit) async throws -> TableExport {
    var table = TableExport(columns: [
      "id", "profile", "epoch", "node", "finding", "from", "verdict", "comment", "decided_by",
      "decided_at", "status", "second_person", "second_comment", "revision",
    ])
    for (row, decision) in try await visit.store.decisions(limit: decisionLimit) {
      table.add([
        .number(decision.id), .text(row.profile), .number(Int64(clamping: row.epoch)),
        .text(row.node), .text(decision.finding.rawValue), .text(decision.from.rawValue),
        .text(decision.verdict.rawValue), .text(decision.comment),
        .text(decision.decidedBy.name), .text(decision.decidedAt.ISO8601Format()),
        .text(decision.status.rawValue), .text(decision.approval?.by.name ?? ""),
        .text(decision.approval?.comment ?? ""),
        decision.exportedIn.map { TableExport.Cell.number(Int64($0)) } ?? .text(""),
      ])
    }
    return table
  }

  @Sendable static func labels(_ visit: Visit) async throws -> Response {
    let bytes = try await visit.store.labels(
      profile: visit.query.text("profile"),
      epoch: try visit.query.number("epoch", called: "The epoch"))
    return Answers.download(bytes, type: csvType, name: "labels.csv")
  }

  @Sendable static func corrections(_ visit: Visit) async throws -> Response {
    let profile = try visit.query.required("profile", called: "The profile")
    let epoch = try visit.query.requiredNumber("epoch", called: "The epoch", as: UInt64.self)
    return Answers.download(
      try await visit.store.decisionsForCorrection(profile: profile, epoch: epoch),
      type: "application/x-ndjson", name: "decisions-\(profile)-\(epoch).ndjson")
  }
}
