import Foundation
import Reports
import Review
import Verdicts

/// Bundles in the store, and those that wait in the folders.
struct BundlesPage: PageView {
  static let template = "bundles"

  struct Line {
    let id: Int64
    let profile: String
    let epoch: String
    let day: String
    let revision: String
    let counts: String
    let signers: [String]
    let root: String
    let time: String
    let personMarkup: String
  }

  struct Waiting {
    let path: String
    let pathMarkup: String
  }

  struct Corrections {
    let words: String
    let href: String
  }

  let shell: Shell
  let bundles: [Line]
  let waiting: [Waiting]
  let hasWaiting: Bool
  let mayImport: Bool
  let corrections: [Corrections]
  let hasCorrections: Bool

  init(
    shell: Shell, bundles: [ImportedBundle], waiting: [String], corrections: [EpochToCorrect],
    visitor: Person
  ) {
    self.shell = shell
    self.bundles = bundles.map { bundle in
      let counts = Outcome.allCases.map { (bundle.counts[$0] ?? 0, $0.rawValue) }
      return Line(
        id: bundle.id, profile: bundle.profile, epoch: "\(bundle.epoch)",
        day: Words.day(bundle.epoch), revision: "\(bundle.revision)",
        counts: Words.counts(counts) ?? "none", signers: bundle.signers, root: bundle.root,
        time: Words.time(bundle.importedAt), personMarkup: Markup.name(bundle.importedBy.name))
    }
    mayImport = Permission.importBundle.isGiven(to: visitor.role)
    self.waiting =
      mayImport ? waiting.map { Waiting(path: $0, pathMarkup: Markup.name($0)) } : []
    hasWaiting = !self.waiting.isEmpty
    self.corrections = corrections.map {
      Corrections(
        words: "\($0.profile) epoch \($0.epoch), to correct revision \($0.revision): "
          + Words.count($0.decisions, "decision"),
        href: "/exports/decisions.ndjson"
          + URLText.query([("profile", $0.profile), ("epoch", "\($0.epoch)")]))
    }
    hasCorrections = !corrections.isEmpty
  }
}

/// How far verdicts hold up, by what people decided.
struct QualityPage: PageView {
  static let template = "quality"

  struct Reason {
    let code: String
    let kind: String
    let profile: String
    let right: String
    let interval: String
    let drawingMarkup: String
    let findings: String
  }

  struct Week {
    let monday: String
    let findings: String
  }

  let shell: Shell
  let profiles: [Choice]
  let nights: [NightLine]
  let hasNights: Bool
  let exportQuery: String
  let reasons: [Reason]
  let weeks: [Week]
  let hasRejects: Bool
  let rejects: String
  let realised: String
  let stated: String
  let drawingMarkup: String

  init(
    shell: Shell, report: QualityReport, nights: [NightLine], profile: String?, profiles: [String]
  ) {
    self.shell = shell
    self.nights = nights
    hasNights = !nights.isEmpty
    self.profiles = profiles.map { Choice(value: $0, text: $0, isChosen: $0 == profile) }
    exportQuery = URLText.query([("profile", profile)])
    reasons = report.reasons.map { reason in
      Reason(
        code: reason.code, kind: reason.reasonClass, profile: reason.profile,
        right: EstimateDrawing.percent(reason.precision.value),
        interval: EstimateDrawing.percent(reason.precision.low) + " to "
          + EstimateDrawing.percent(reason.precision.high),
        drawingMarkup: EstimateDrawing(
          estimate: reason.precision.value, low: reason.precision.low, high: reason.precision.high
        ).markup, findings: Self.words(reason.findings))
    }
    weeks = report.weeks.map {
      Week(monday: Words.day(UInt64(clamping: $0.monday)), findings: Self.words($0.findings))
    }
    hasRejects = report.rejectsDecided > 0
    rejects = "\(report.rejectsWrong) of \(report.rejectsDecided)"
    let share = report.realisedFalseDiscovery
    realised =
      EstimateDrawing.percent(share.value) + " (" + EstimateDrawing.percent(share.low) + " to "
      + EstimateDrawing.percent(share.high) + ")"
    stated = report.statedQPpb.map(VerdictWords.percent) ?? "—"
    drawingMarkup =
      EstimateDrawing(
        estimate: share.value, low: share.low, high: share.high,
        stated: report.statedQPpb.map { Double($0) / 1e9 }
      ).markup
  }

  private static func words(_ findings: [Finding: Int]) -> String {
    Words.counts(Finding.allCases.map { (findings[$0] ?? 0, Words.finding($0)) }) ?? "none"
  }
}

/// Who works here.
struct PeoplePage: PageView {
  static let template = "people"

  struct Line {
    let id: Int64
    let nameMarkup: String
    let roles: [Choice]
    let isActive: Bool
    let isSelf: Bool
    /// Whether a front vouches for them, and says what their role is.
    let isFromFront: Bool
    let role: String
  }

  let shell: Shell
  let people: [Line]
  let roles: [Choice]
  /// Whole units.
  let stake: Int64
  let lockMinutes: Int64
  let dueHours: Int64
  /// A link that was just made; it is shown once.
  let link: String?

  init(
    shell: Shell, people: [Person], fromFront: Set<Int64>, settings: Settings, visitor: Person,
    link: String?
  ) {
    func roles(_ chosen: Role) -> [Choice] {
      Role.allCases.map {
        Choice(value: $0.rawValue, text: $0.rawValue, isChosen: $0 == chosen)
      }
    }
    self.shell = shell
    self.people = people.map {
      Line(
        id: $0.id, nameMarkup: Markup.name($0.name), roles: roles($0.role),
        isActive: $0.isActive, isSelf: $0.id == visitor.id,
        isFromFront: fromFront.contains($0.id), role: $0.role.rawValue)
    }
    self.roles = roles(.analyst)
    stake = settings.stakeLimitMicro / 1_000_000
    lockMinutes = settings.lockMinutes
    dueHours = settings.dueHours
    self.link = link
  }
}

/// The audit trail, the latest first.
struct AuditPage: PageView {
  static let template = "audit"
  static let pageSize = 100

  struct Line {
    let id: Int64
    let time: String
    let personMarkup: String
    let subject: String
    let href: String?
    let words: String
    let hash: String
  }

  let shell: Shell
  let entries: [Line]
  let subject: String
  let head: String
  let nextHref: String?

  init(shell: Shell, entries: [AuditEntry], head: AuditHead, subject: String?) {
    self.shell = shell
    self.entries = entries.map { entry in
      let item = entry.subject.hasPrefix("item:") ? Int64(entry.subject.dropFirst(5)) : nil
      return Line(
        id: entry.id, time: Words.time(entry.time), personMarkup: Markup.name(entry.person),
        subject: entry.subject, href: item.map { "/items/\($0)" }, words: Words.entry(entry),
        hash: String(entry.hash.prefix(12)))
    }
    self.subject = subject ?? ""
    self.head = head.description
    let last = entries.count == Self.pageSize ? entries.last : nil
    nextHref = last.map {
      "/audit" + URLText.query([("subject", subject), ("before", "\($0.id)")])
    }
  }
}
