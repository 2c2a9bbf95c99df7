import Bundles
import Contributions
import Foundation
import Reports
import Review
import Verdicts

/// Everything about one node of one epoch, and what can be done.
struct ItemPage: PageView {
  static let template = "item"

  struct Measure {
    let name: String
    let value: String
  }

  struct Related {
    let nameMarkup: String
    let href: String?
    let code: String
  }

  struct Past {
    let href: String
    let epoch: String
    let day: String
    let revision: String
    let verdict: String
    let score: String
    let q: String
    let units: String
    let isCurrent: Bool
    let isHere: Bool
  }

  struct Remark {
    let time: String
    let personMarkup: String
    let text: String
  }

  let shell: Shell
  let id: Int64
  let nodeMarkup: String
  let groupMarkup: String
  let nodeOwner: NodeOwner?
  let profile: String
  let epoch: String
  let day: String
  let revision: String
  let verdict: String
  let meaning: String
  let runVerdict: String?
  let measures: [Measure]
  let statement: String
  let pWords: String
  let reasons: [ReasonView]
  let sharesMarkup: String
  let grounds: [GroundView]
  let hasGrounds: Bool
  let measurements: [GroundView]
  let hasMeasurements: Bool
  let related: [Related]
  let hasRelated: Bool
  let relatedMarkup: String?
  let compareHref: String?
  let records: RecordsView?
  /// Whether the desk has logs, so that records may yet come.
  let hasLogs: Bool
  let history: [Past]
  let historyMarkup: String
  let notes: [Remark]
  let decisions: [DecisionView]
  let hasDecisions: Bool
  let appeals: [AppealLine]
  let hasAppeals: Bool
  let evidence: String
  let leaf: String
  let line: String
  let bundleID: Int64
  let hasPacket: Bool
  let acts: ActView

  init(
    shell: Shell, item: ReviewItem, records: ItemRecords?, visitor: Person, hasLogs: Bool,
    now: Date
  ) {
    let row = item.row
    let verdict = item.record.verdict
    self.shell = shell
    id = row.id
    nodeMarkup = Markup.name(row.node)
    groupMarkup = Markup.name(row.group)
    nodeOwner = NodeOwner(row.owner)
    profile = row.profile
    epoch = "\(row.epoch)"
    day = Words.day(row.epoch)
    revision = "\(row.revision)"
    self.verdict = verdict.outcome.rawValue
    meaning = VerdictWords.outcome(verdict.outcome)
    runVerdict = item.runVerdict == verdict.outcome ? nil : item.runVerdict.rawValue
    measures = [
      Measure(name: "units at stake", value: Figures.micro(verdict.unitsMicro)),
      Measure(name: "at risk", value: Figures.micro(row.priority)),
      Measure(name: "p", value: VerdictWords.probability(verdict.pPpb)),
      Measure(name: "q", value: VerdictWords.probability(verdict.qPpb)),
      Measure(
        name: "score", value: Figures.percent(ppm: UInt32(clamping: verdict.scorePpm))),
      Measure(name: "strangeness", value: Figures.micro(verdict.rawMicro)),
    ]
    statement = VerdictWords.statement(verdict, policy: item.policy)
    pWords = VerdictWords.p(verdict)
    let table = Dictionary(
      item.reasonTable.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    reasons = verdict.reasons.prefix(64).map {
      ReasonView($0, table: table, related: item.related)
    }
    sharesMarkup = SharesDrawing(shares: verdict.reasons.map { ($0.code, $0.sharePpm) }).markup
    grounds = item.grounds.map(GroundView.init)
    hasGrounds = !grounds.isEmpty
    measurements = item.measurements.map(GroundView.init)
    hasMeasurements = !measurements.isEmpty
    related = item.related.prefix(100).map {
      Related(
        nameMarkup: Markup.name($0.node), href: $0.itemID.map { "/items/\($0)" }, code: $0.code)
    }
    hasRelated = !related.isEmpty
    self.records = records.map { RecordsView($0) }
    self.hasLogs = hasLogs
    relatedMarkup = self.records?.map == nil && hasRelated ? Self.schematic(item) : nil
    let others = Self.firstFour(item.related.compactMap(\.itemID), but: row.id)
    compareHref =
      others.isEmpty
      ? nil : "/compare?ids=" + ([row.id] + others).map { "\($0)" }.joined(separator: ",")
    history = item.history.reversed().prefix(200).map { Past($0, row: row) }
    historyMarkup =
      HistoryDrawing(
        bars: item.history.filter(\.isCurrent).map {
          .init(epoch: $0.epoch, verdict: $0.verdict.rawValue, scorePpm: $0.scorePpm)
        }
      ).markup
    notes = item.notes.map {
      Remark(time: Words.time($0.at), personMarkup: Markup.name($0.by.name), text: $0.text)
    }
    decisions = item.decisions.map { DecisionView($0, visitor: visitor) }
    hasDecisions = !decisions.isEmpty
    appeals = item.appeals.map { AppealLine($0) }
    hasAppeals = !appeals.isEmpty
    evidence = "0x" + Hex.encode(verdict.evidence)
    leaf = item.leaf
    line = String(decoding: item.line.prefix(20_000), as: UTF8.self)
    bundleID = item.bundle.id
    hasPacket = hasLogs && visitor.role >= .analyst
    acts = ActView(item, visitor: visitor, now: now)
  }

  /// The nodes that the reasons name around this one, where there is no plan to draw.
  private static func schematic(_ item: ReviewItem) -> String {
    var nodes: [String] = []
    var seen: Set<String> = [item.row.node]
    let ties = item.related.prefix(ClusterPage.limit)
    for tie in ties where seen.insert(tie.node).inserted { nodes.append(tie.node) }
    return ClusterDrawing(
      centre: item.row.node, nodes: nodes,
      ties: ties.map { .init(from: item.row.node, to: $0.node, code: $0.code) }
    ).markup
  }

  private static func firstFour(_ ids: [Int64], but own: Int64) -> [Int64] {
    var seen: Set<Int64> = [own]
    return Array(ids.filter { seen.insert($0).inserted }.prefix(4))
  }
}

extension ItemPage.Past {
  init(_ past: PastVerdict, row: QueueRow) {
    href = "/items/\(past.itemID)"
    epoch = "\(past.epoch)"
    day = Words.day(past.epoch)
    revision = "\(past.revision)"
    verdict = past.verdict.rawValue
    score = Figures.percent(ppm: UInt32(clamping: past.scorePpm))
    q = VerdictWords.probability(past.qPpb)
    units = Figures.micro(past.unitsMicro)
    isCurrent = past.isCurrent
    isHere = past.epoch == row.epoch && past.revision == row.revision
  }
}

/// A decision of an item, with what the visitor may do about it.
struct DecisionView {
  let id: Int64
  let time: String
  let personMarkup: String
  let finding: String
  let from: String
  let to: String
  let comment: String
  let status: String
  let approverMarkup: String?
  let approverComment: String?
  let exported: String?
  let maySecond: Bool
  let mayWithdraw: Bool

  init(_ decision: Decision, visitor: Person) {
    id = decision.id
    time = Words.time(decision.decidedAt)
    personMarkup = Markup.name(decision.decidedBy.name)
    finding = Words.finding(decision.finding)
    from = decision.from.rawValue
    to = decision.verdict.rawValue
    comment = decision.comment
    status = decision.status == .pending ? "waits for a second person" : decision.status.rawValue
    approverMarkup = decision.approval.map { Markup.name($0.by.name) }
    approverComment = decision.approval.flatMap { $0.comment.isEmpty ? nil : $0.comment }
    exported = decision.exportedIn.map { "in revision \($0)" }
    let isOwn = decision.decidedBy.id == visitor.id
    let isPending = decision.status == .pending
    maySecond = isPending && !isOwn && Permission.approve.isGiven(to: visitor.role)
    let permission: Permission = isOwn ? .withdraw : .withdrawOthers
    mayWithdraw =
      decision.exportedIn == nil && (isPending || decision.status == .approved)
      && permission.isGiven(to: visitor.role)
  }
}

/// What the visitor may do with an item.
struct ActView {
  let id: Int64
  let version: Int64
  let state: String
  let ownerMarkup: String?
  let lock: String?
  let due: String?
  let mayTake: Bool
  let mayRelease: Bool
  let mayDecide: Bool
  let mayReopen: Bool
  let mayNote: Bool
  let outcomes: [Choice]
  let units: String
  let until: String

  init(_ item: ReviewItem, visitor: Person, now: Date) {
    let row = item.row
    id = row.id
    version = row.version
    state = Words.state(row.state)
    ownerMarkup = row.assignee.map { Markup.name($0.name) }
    lock = row.lockedUntil.map { "until \(Words.time($0))" }
    due = row.state == .decided ? nil : Words.due(row.due, now: now)
    let isOwn = row.assignee?.id == visitor.id
    let isFree = row.state == .open || row.state == .snoozed
    let works = Permission.decide.isGiven(to: visitor.role)
    mayTake = works && isFree
    mayRelease =
      works && row.state == .taken && (isOwn || Permission.releaseOthers.isGiven(to: visitor.role))
    mayDecide = works && (isFree || row.state == .taken && isOwn)
    mayReopen = row.state == .decided && Permission.reopen.isGiven(to: visitor.role)
    mayNote = works
    outcomes = DecisionChoices.choices(needsApproval: item.needsApproval)
    units = Figures.micro(row.unitsMicro)
    until = DayField.text(now.addingTimeInterval(86_400))
  }
}
