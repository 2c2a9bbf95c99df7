import Bundles
import Contributions
import Detection
import Profiles
import Verdicts

/// The files under `reports/`.
struct Reporting {
  let contents: BundleContents
  let examination: Examination
  let table: FeatureTable
  let model: TrainedModel?
  let epoch: Epoch
  let selection: EpochSelection
  private let drifted: [Int]
  /// Each column's drift since training; empty without a model.
  private let stability: [Int64]
  /// Each column's Wasserstein distance from training, in spreads; empty without a model.
  private let movement: [Int64]

  init(
    contents: BundleContents, examination: Examination, table: FeatureTable,
    model: TrainedModel?, epoch: Epoch, selection: EpochSelection
  ) {
    self.contents = contents
    self.examination = examination
    self.table = table
    self.model = model
    self.epoch = epoch
    self.selection = selection
    let drift = NightDrift(of: table, since: model)
    stability = drift.stability
    movement = drift.movement
    drifted = drift.drifted
  }

  /// Flagged nodes that the reports show; the verdict files hold all of them.
  static let shownNodes = 200

  func files() -> [String: [UInt8]] {
    [
      "summary.json": summary.bytes,
      "drift.json": drift.bytes,
      "report.html": html,
    ]
  }

  /// Rejected and held nodes, rejected ones first, the strangest first in each.
  var flagged: [Int] {
    contents.verdicts.indices.filter {
      contents.verdicts[$0].outcome == .reject || contents.verdicts[$0].outcome == .hold
    }.sorted { left, right in
      let a = contents.verdicts[left]
      let b = contents.verdicts[right]
      if a.outcome != b.outcome { return a.outcome == .reject }
      return (b.rawMicro, left) < (a.rawMicro, right)
    }
  }

  /// What a reader should know before the numbers.
  var notices: [String] {
    var notices: [String] = []
    if model == nil {
      notices.append(
        "No model was given: the run fitted itself to this epoch's nodes. Their p-values count "
          + "each other, so only rules and relations can set a node apart.")
    }
    for (code, count) in examination.guarding.muted.sorted(by: { $0.key < $1.key }) {
      notices.append(
        "The check \(code) failed on \(count) nodes, more than the policy believes: it holds "
          + "instead of rejecting until it is examined.")
    }
    let groups = examination.guarding.mutedInGroups.sorted {
      ($0.key.group, $0.key.code) < ($1.key.group, $1.key.code)
    }
    for (check, count) in groups {
      notices.append(
        "The check \(check.code) failed on \(count) nodes of \(check.group), more than half of "
          + "them: it holds there instead of rejecting until its reference is examined.")
    }
    for column in drifted {
      notices.append(
        "The feature \(table.columns[column].name) has drifted since training (PSI "
          + "\(Self.decimal(stability[column])), Wasserstein distance "
          + "\(Self.decimal(movement[column])) spreads).")
    }
    if !drifted.isEmpty && contents.policy.driftHolds {
      notices.append(
        "Because of drift, small q-values hold tonight instead of rejecting. Train a new model, or "
          + "set drift_holds to 0 in the policy.")
    }
    return notices
  }

  private static func decimal(_ micro: Int64) -> String {
    let hundredths = (micro + 5000) / 10_000
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  private var drift: CanonicalJSON {
    .object([
      "baseline": model.map { .string("0x" + Hex.encode($0.digest)) } ?? .null,
      "warn_psi_micro": 100_000,
      "alarm_psi_micro": 250_000,
      "features": .array(
        stability.indices.map { column in
          .object([
            "name": .string(table.columns[column].name),
            "psi_micro": .clamped(stability[column]),
            "wasserstein_micro": .clamped(movement[column]),
          ])
        }),
    ])
  }

  private var summary: CanonicalJSON {
    var outcomes: [Outcome: Int64] = [:]
    var codes: [String: Int64] = [:]
    for verdict in contents.verdicts {
      outcomes[verdict.outcome, default: 0] += 1
      for code in Set(verdict.reasons.map(\.code)) { codes[code, default: 0] += 1 }
    }
    let books = contents.books
    return .object([
      "profile": .string(contents.profile),
      "epoch": .clamped(Int64(clamping: contents.epoch)),
      "date": .string("\(epoch)"),
      "selection": .string(selection == .all ? "all" : "day"),
      "state": examination.memories.map { memories in
        .array(
          memories.map {
            .object(["epoch": .clamped($0.epoch), "digest": .string($0.digest)])
          })
      } ?? .null,
      "model": .string(contents.model.name),
      "nodes": .integer(Int64(contents.verdicts.count)),
      "verdicts": .object(
        Dictionary(
          uniqueKeysWithValues: Outcome.allCases.map {
            ($0.rawValue, .integer(outcomes[$0] ?? 0))
          })),
      "records": .object([
        "read": .integer(Int64(books.read)), "used": .integer(Int64(books.used)),
        "duplicate": .integer(Int64(books.duplicate)),
        "quarantined": .integer(Int64(books.quarantined)),
        "other_epochs": .integer(Int64(books.otherEpochs)),
      ]),
      "reasons": .object(codes.mapValues { .integer($0) }),
      "notices": .array(notices.map { .string($0) }),
      "flagged": .array(
        flagged.prefix(Self.shownNodes).map { index in
          let verdict = contents.verdicts[index]
          return .object([
            "node": .string(verdict.node), "verdict": .string(verdict.outcome.rawValue),
            "raw_micro": .clamped(verdict.rawMicro), "q_ppb": .integer(verdict.qPpb),
            "reasons": .array(verdict.reasons.map { .string($0.code) }),
          ])
        }),
    ])
  }
}
