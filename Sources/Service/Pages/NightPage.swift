import Foundation
import Reports
import Review
import Verdicts

/// What the run of a night says of itself, beside the night before.
struct NightPage: PageView {
  static let template = "night"

  struct VerdictLine {
    let verdict: String
    let nodes: String
    let share: String
    let before: String
    let beforeShare: String
  }

  struct Line {
    let name: String
    let value: String
    var held = ""
    let before: String
    var href = ""
  }

  struct DriftLine {
    let name: String
    let word: String?
    let index: String
    let drawingMarkup: String
    let moved: String
    let before: String
  }

  struct Revision {
    let href: String
    let text: String
  }

  struct Shadow {
    let href: String
    let name: String
    let flips: String
    let common: String
    let settings: String
    let time: String
  }

  let shell: Shell
  let id: Int64
  let profile: String
  let profileQuery: String
  let epoch: String
  let day: String
  let revision: String
  let model: String
  let beforeHref: String?
  let beforeName: String
  let revisions: [Revision]
  let notices: [String]
  let hasNotices: Bool
  let drawingMarkup: String
  let verdicts: [VerdictLine]
  let balance: String
  let files: String
  let books: [Line]
  let muted: [Line]
  let hasMuted: Bool
  let driftWords: String
  let drift: [DriftLine]
  let hasDrift: Bool
  let reasons: [Line]
  let hasReasons: Bool
  let shadows: [Shadow]
  let hasShadows: Bool

  init(
    shell: Shell, night: NightReport, before: NightReport?, revisions: [ImportedBundle],
    shadows: [ShadowRun]
  ) {
    let bundle = night.bundle
    self.shell = shell
    id = bundle.id
    profile = bundle.profile
    profileQuery = URLText.encoded(bundle.profile)
    epoch = "\(bundle.epoch)"
    day = Words.day(bundle.epoch)
    revision = "\(bundle.revision)"
    model = "\(night.model) \(night.modelVersion)"
    beforeHref = before.map { "/nights/\($0.bundle.id)" }
    beforeName = before.map { "epoch \($0.bundle.epoch)" } ?? ""
    self.revisions = revisions.filter { $0.id != bundle.id }.map {
      Revision(href: "/nights/\($0.id)", text: "revision \($0.revision)")
    }
    notices = night.notices
    hasNotices = !notices.isEmpty
    drawingMarkup = NightDrawing(counts: bundle.counts, before: before?.bundle.counts).markup
    verdicts = Outcome.allCases.map { VerdictLine($0, bundle, before?.bundle) }
    balance = Self.balance(night.books)
    files = Figures.grouped(night.books.files)
    books = NightTable.books.map { name, value in
      Line(
        name: name, value: Figures.grouped(value(night.books)),
        before: before.map { Figures.grouped(value($0.books)) } ?? "—")
    }
    muted = night.muted.map { check in
      let earlier = before?.muted.first { $0.check == check.check }
      return Line(
        name: check.check, value: Figures.grouped(Int(check.failures)),
        held: Figures.grouped(check.held),
        before: before == nil ? "—" : Figures.grouped(Int(earlier?.failures ?? 0)))
    }
    hasMuted = !muted.isEmpty
    driftWords = Self.words(night.drift)
    drift = Self.lines(night.drift, before?.drift)
    hasDrift = !drift.isEmpty
    let earlier = Dictionary(
      (before?.reasons ?? []).map { ($0.code, $0.nodes) }, uniquingKeysWith: { first, _ in first })
    reasons = night.reasons.map { code, nodes in
      Line(
        name: code, value: Figures.grouped(nodes),
        before: before == nil ? "—" : Figures.grouped(earlier[code] ?? 0),
        href: "/"
          + URLText.query([
            ("profile", bundle.profile), ("epoch", "\(bundle.epoch)"), ("reason", code),
            ("state", "any"),
          ]))
    }
    hasReasons = !reasons.isEmpty
    self.shadows = shadows.map(Shadow.init)
    hasShadows = !shadows.isEmpty
  }

  private static func balance(_ books: NightReport.Books) -> String {
    let sum =
      "\(Figures.grouped(books.read)) read = \(Figures.grouped(books.used)) used + "
      + "\(Figures.grouped(books.duplicate)) duplicate + "
      + "\(Figures.grouped(books.quarantined)) quarantined"
    return books.addUp ? sum + "." : "The books do not add up: \(sum) does not hold."
  }

  private static func words(_ drift: NightReport.Drift?) -> String {
    guard let drift else { return "The bundle has no figures of drift." }
    guard drift.baseline != nil else {
      return "The run had no model: it fitted itself to the night, so there is nothing to be far "
        + "from."
    }
    let count = drift.alarms
    if count == 0 { return "No feature is far from what the model was trained on." }
    return "\(count) feature\(count == 1 ? " is" : "s are") far from what the model was trained on."
  }

  private static func lines(
    _ drift: NightReport.Drift?, _ before: NightReport.Drift?
  ) -> [DriftLine] {
    guard let drift, drift.baseline != nil else { return [] }
    let earlier = Dictionary(
      (before?.features ?? []).map { ($0.name, $0.stabilityMicro) },
      uniquingKeysWith: { first, _ in first })
    return drift.features.map { feature in
      DriftLine(
        name: feature.name,
        word: drift.isAlarm(feature) ? "drifted" : drift.isWarning(feature) ? "watch" : nil,
        index: Figures.micro(feature.stabilityMicro),
        drawingMarkup: DriftBar.markup(
          micro: feature.stabilityMicro, alarm: drift.alarmMicro,
          hasDrifted: drift.isAlarm(feature)),
        moved: Figures.micro(feature.movementMicro),
        before: earlier[feature.name].map(Figures.micro) ?? "—")
    }
  }
}

extension NightPage.VerdictLine {
  init(_ outcome: Outcome, _ bundle: ImportedBundle, _ before: ImportedBundle?) {
    func share(_ bundle: ImportedBundle) -> String {
      let total = bundle.counts.values.reduce(0, +)
      return Figures.percent(ppm: Figures.share(bundle.counts[outcome] ?? 0, of: total))
    }
    verdict = outcome.rawValue
    nodes = Figures.grouped(bundle.counts[outcome] ?? 0)
    self.share = share(bundle)
    self.before = before.map { Figures.grouped($0.counts[outcome] ?? 0) } ?? "—"
    beforeShare = before.map(share) ?? "—"
  }
}

extension NightPage.Shadow {
  init(_ run: ShadowRun) {
    href = "/shadows/\(run.id)"
    name = "candidate \(run.statement.prefix(12))"
    flips = Figures.grouped(run.flips)
    common = Figures.grouped(run.common)
    settings =
      run.settings.isEmpty ? "nothing stated" : run.settings.map(\.name).joined(separator: ", ")
    time = Words.time(run.importedAt)
  }
}

/// The night as rows: what the page shows, for spreadsheets.
enum NightTable {
  static let books: [(name: String, value: @Sendable (NightReport.Books) -> Int)] = [
    ("read", { $0.read }), ("used", { $0.used }), ("duplicate", { $0.duplicate }),
    ("quarantined", { $0.quarantined }), ("ignored fields", { $0.ignoredFields }),
  ]

  static func export(_ night: NightReport, before: NightReport?) -> TableExport {
    var table = TableExport(columns: ["section", "name", "value", "night_before"])
    func add(_ section: String, _ name: String, _ value: Int64, _ earlier: Int64?) {
      table.add([
        .text(section), .text(name), .number(value), earlier.map { .number($0) } ?? .text(""),
      ])
    }
    for outcome in Outcome.allCases {
      add(
        "verdicts", outcome.rawValue, Int64(night.bundle.counts[outcome] ?? 0),
        before.map { Int64($0.bundle.counts[outcome] ?? 0) })
    }
    for (name, value) in books {
      add("books", name, Int64(value(night.books)), before.map { Int64(value($0.books)) })
    }
    for check in night.muted {
      let earlier = before?.muted.first { $0.check == check.check }
      add("muted_failures", check.check, check.failures, before.map { _ in earlier?.failures ?? 0 })
      add(
        "muted_held", check.check, Int64(check.held),
        before.map { _ in Int64(earlier?.held ?? 0) })
    }
    for feature in night.drift?.features ?? [] {
      let earlier = before?.drift?.features.first { $0.name == feature.name }
      add("drift_psi_micro", feature.name, feature.stabilityMicro, earlier?.stabilityMicro)
      add("drift_wasserstein_micro", feature.name, feature.movementMicro, earlier?.movementMicro)
    }
    for (code, nodes) in night.reasons {
      let earlier = before?.reasons.first { $0.code == code }
      add("reasons", code, Int64(nodes), before.map { _ in Int64(earlier?.nodes ?? 0) })
    }
    return table
  }
}
