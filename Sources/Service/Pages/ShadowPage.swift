import Foundation
import Reports
import Review
import Verdicts

/// Who would get another verdict from a candidate, and why.
struct ShadowPage: PageView {
  static let template = "shadow"
  static let pageSize = 200

  /// A verdict for its badge.
  struct Badge {
    let verdict: String
  }

  struct Transition {
    let from: Badge
    let to: Badge
    let nodes: String
  }

  struct Flip {
    let href: String?
    let nameMarkup: String
    let from: Badge
    let to: Badge
    let gained: [String]
    let lost: [String]
    let isSame: Bool
    let q: String
    let raw: String
    let units: String
  }

  let shell: Shell
  let id: Int64
  let nightHref: String
  let profile: String
  let epoch: String
  let words: String
  let otherEvidence: String?
  let settings: [ShadowRun.Setting]
  let transitions: [Transition]
  let flips: [Flip]
  let nextHref: String?

  init(shell: Shell, run: ShadowRun, flips: [ShadowFlip]) {
    self.shell = shell
    id = run.id
    nightHref = "/nights/\(run.bundle.id)"
    profile = run.bundle.profile
    epoch = "\(run.bundle.epoch) \(Words.day(run.bundle.epoch))"
    var words =
      "\(Figures.grouped(run.flips)) of \(Figures.grouped(run.common)) nodes that both judge would "
      + "get another verdict."
    if run.onlyBefore > 0 { words += " \(Figures.grouped(run.onlyBefore)) only the one in force." }
    if run.onlyAfter > 0 {
      words += " \(Figures.grouped(run.onlyAfter)) only the candidate judges."
    }
    self.words = words
    otherEvidence =
      run.otherEvidence == 0
      ? nil
      : "\(Figures.grouped(run.otherEvidence)) nodes have other records in the candidate: it read "
        + "another log."
    settings = run.settings
    transitions = run.transitions.map {
      Transition(
        from: Badge(verdict: $0.before), to: Badge(verdict: $0.after),
        nodes: Figures.grouped($0.nodes))
    }
    self.flips = flips.map(Flip.init)
    let last = flips.count == Self.pageSize ? flips.last : nil
    nextHref = last.map { "/shadows/\(run.id)?after=\($0.place)" }
  }
}

extension ShadowPage.Flip {
  init(_ flip: ShadowFlip) {
    href = flip.itemID.map { "/items/\($0)" }
    nameMarkup = Markup.name(flip.node)
    from = .init(verdict: flip.before.rawValue)
    to = .init(verdict: flip.after.rawValue)
    gained = flip.reasonsGained
    lost = flip.reasonsLost
    isSame = gained.isEmpty && lost.isEmpty
    q = VerdictWords.probability(flip.qPpbBefore) + " → " + VerdictWords.probability(flip.qPpbAfter)
    raw = Figures.micro(flip.rawMicroBefore) + " → " + Figures.micro(flip.rawMicroAfter)
    units = Figures.micro(flip.unitsMicro)
  }
}
