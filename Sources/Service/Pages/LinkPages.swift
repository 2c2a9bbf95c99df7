import Foundation
import Reports
import Review
import Verdicts

/// Two to five nodes side by side.
struct ComparePage: PageView {
  static let template = "compare"

  struct Cell {
    let value: String?
    let peers: String?
    let share: String?
    let stripMarkup: String?
  }

  struct Row {
    let code: String
    let feature: String?
    let text: String
    let cells: [Cell]
  }

  struct Head {
    let href: String
    let nodeMarkup: String
    let verdict: String
    let epoch: String
    let groupMarkup: String
    let units: String
    let q: String
    let state: String
  }

  let shell: Shell
  let heads: [Head]
  let rows: [Row]

  init(shell: Shell, items: [ReviewItem]) {
    self.shell = shell
    heads = items.map { item in
      Head(
        href: "/items/\(item.row.id)", nodeMarkup: Markup.name(item.row.node),
        verdict: item.row.verdict.rawValue, epoch: "\(item.row.profile) \(item.row.epoch)",
        groupMarkup: Markup.name(item.row.group), units: Figures.micro(item.row.unitsMicro),
        q: VerdictWords.probability(item.row.qPpb), state: Words.state(item.row.state))
    }
    var keys: [Key] = []
    for key in items.flatMap({ $0.record.verdict.reasons.map(Key.init) }) where !keys.contains(key)
    {
      keys.append(key)
    }
    let texts = Dictionary(
      items.flatMap(\.reasonTable).map { ($0.code, $0.text) }, uniquingKeysWith: { a, _ in a })
    rows = keys.prefix(64).map { key in
      Row(
        code: key.code, feature: key.feature, text: texts[key.code] ?? "",
        cells: items.map { item in
          Cell(item.record.verdict.reasons.first { Key($0) == key })
        })
    }
  }

  /// What makes two nodes' reasons comparable: the same code about the same measurement.
  private struct Key: Equatable {
    let code: String
    let feature: String?

    init(_ reason: Reason) {
      code = reason.code
      feature = reason.feature
    }
  }
}

extension ComparePage.Cell {
  init(_ reason: Reason?) {
    let unit = reason?.unit.map { $0.isEmpty ? "" : " " + $0 } ?? ""
    value = reason?.observedMicro.map { Figures.micro($0) + unit }
    peers = ReasonView.range(reason?.lowMicro, reason?.highMicro, unit: unit)
    share = reason.map { Figures.percent(ppm: UInt32(clamping: $0.sharePpm)) }
    if let observed = reason?.observedMicro, let low = reason?.lowMicro,
      let high = reason?.highMicro
    {
      stripMarkup = IntervalStrip(observed: observed, low: low, high: high).markup
    } else {
      stripMarkup = nil
    }
  }
}

/// Who is tied to whom by which reason, two steps from a node.
struct ClusterPage: PageView {
  static let template = "cluster"
  /// Nodes in a drawing; more cannot be read.
  static let limit = 40

  struct Tie {
    let fromMarkup: String
    let toMarkup: String
    let toHref: String?
    let code: String
  }

  let shell: Shell
  let nodeMarkup: String
  let href: String
  let drawingMarkup: String
  let ties: [Tie]
  let count: Int
  let left: String?

  init(shell: Shell, centre: QueueRow, ties: [ClusterWalk.Tie], left: Int) {
    self.shell = shell
    nodeMarkup = Markup.name(centre.node)
    href = "/items/\(centre.id)"
    var nodes: [String] = []
    var seen: Set<String> = [centre.node]
    for tie in ties {
      for node in [tie.from, tie.to] where seen.insert(node).inserted { nodes.append(node) }
    }
    drawingMarkup =
      ClusterDrawing(
        centre: centre.node, nodes: nodes,
        ties: ties.map { .init(from: $0.from, to: $0.to, code: $0.code) }
      ).markup
    self.ties = ties.map {
      Tie(
        fromMarkup: Markup.name($0.from), toMarkup: Markup.name($0.to),
        toHref: $0.toItem.map { "/items/\($0)" }, code: $0.code)
    }
    count = nodes.count + 1
    self.left =
      left > 0 ? "\(left) more ties lead to nodes beyond the \(Self.limit) shown." : nil
  }
}

/// The ties around an item, nearest first.
struct ClusterWalk {
  struct Tie: Hashable {
    let from: String
    let to: String
    let code: String
    let toItem: Int64?
  }

  private(set) var ties: [Tie] = []
  /// Ties to nodes beyond the limit.
  private(set) var left = 0

  private var nodes: Set<String> = []
  private var seen: Set<Set<String>> = []

  /// Follows the ties of `start`, then those of the nodes it is tied to.
  init(from start: ReviewItem, store: ReviewStore, now: Date) async throws {
    nodes = [start.row.node]
    add(start)
    let near = start.related.compactMap(\.itemID)
    var visited: Set<Int64> = [start.row.id]
    for id in near.prefix(ClusterPage.limit) where visited.insert(id).inserted {
      add(try await store.item(id, now: now))
    }
  }

  private mutating func add(_ item: ReviewItem) {
    for related in item.related {
      // A tie is one thing from both its ends.
      guard seen.insert([item.row.node, related.node, related.code]).inserted else { continue }
      guard nodes.contains(related.node) || nodes.count < ClusterPage.limit else {
        left += 1
        continue
      }
      nodes.insert(related.node)
      ties.append(
        Tie(
          from: item.row.node, to: related.node, code: related.code, toItem: related.itemID))
    }
  }
}
