import Foundation
import Reports
import Review
import Verdicts

/// An appeal in a list.
struct AppealLine {
  let id: Int64
  let href: String
  let itemHref: String
  let nodeMarkup: String
  let profile: String
  let epoch: String
  let status: String
  let time: String

  init(_ appeal: Appeal) {
    id = appeal.id
    href = "/appeals/\(appeal.id)"
    itemHref = "/items/\(appeal.itemID)"
    nodeMarkup = Markup.name(appeal.node)
    profile = appeal.profile
    epoch = "\(appeal.epoch)"
    status = AppealLine.words(appeal.status)
    time = Words.time(appeal.receivedAt)
  }

  static func words(_ status: Appeal.Status) -> String {
    switch status {
    case .open: "open"
    case .upheld: "verdict upheld"
    case .overturned: "verdict overturned"
    }
  }
}

/// Every appeal, and the form for a new one.
struct AppealsPage: PageView {
  static let template = "appeals"
  static let limit = 200

  let shell: Shell
  let appeals: [AppealLine]
  let isOpenOnly: Bool
  let mayReceive: Bool

  init(shell: Shell, appeals: [Appeal], isOpenOnly: Bool, visitor: Person) {
    self.shell = shell
    self.appeals = appeals.map(AppealLine.init)
    self.isOpenOnly = isOpenOnly
    mayReceive = Permission.receiveAppeal.isGiven(to: visitor.role)
  }
}

/// One appeal: the owner's words, the packet, and the answer.
struct AppealPage: PageView {
  static let template = "appeal"

  struct Answer {
    let reason: String
    let personMarkup: String
    let time: String
  }

  let shell: Shell
  let line: AppealLine
  let verdict: String
  let statement: String
  let digest: String
  let records: Int
  let receiverMarkup: String
  let answer: Answer?
  let mayAnswer: Bool

  init(shell: Shell, appeal: Appeal, verdict: Outcome, visitor: Person) {
    self.shell = shell
    line = AppealLine(appeal)
    self.verdict = verdict.rawValue
    statement = appeal.statement
    digest = appeal.packetDigest
    records = appeal.records
    receiverMarkup = Markup.name(appeal.receivedBy.name)
    answer = appeal.answer.map {
      Answer(
        reason: $0.reason, personMarkup: Markup.name($0.by.name), time: Words.time($0.at))
    }
    mayAnswer = appeal.answer == nil && Permission.answerAppeal.isGiven(to: visitor.role)
  }
}
