import Reports
import Verdicts

/// The verdicts of a night as one bar across the page, and those of the night before beneath it.
///
/// A verdict that occurs shows: one rejected node among a million has a width.
struct NightDrawing {
  let counts: [Outcome: Int]
  let before: [Outcome: Int]?

  private static let width = 72_000
  private static let bar = 1_800
  private static let least = 300
  private static let order: [Outcome] = [.accept, .abstain, .hold, .reject]

  var markup: String {
    let rows = [counts] + (before.map { [$0] } ?? [])
    var image = SVGImage(
      width: Self.width, height: rows.count * (Self.bar + 400), style: "history",
      title: "Verdicts: \(Self.words(counts))",
      description: before.map { "The night before: \(Self.words($0))." })
    for (row, counts) in rows.enumerated() {
      let y = row * (Self.bar + 400)
      image.addRectangle(x: 0, y: y, width: Self.width, height: Self.bar, style: "track")
      var x = 0
      for (outcome, part) in Self.parts(counts) where part > 0 {
        image.addRectangle(x: x, y: y, width: part, height: Self.bar, style: outcome.rawValue)
        x += part
      }
    }
    return image.markup
  }

  static func parts(_ counts: [Outcome: Int]) -> [(Outcome, Int)] {
    let numbers = order.map { max(counts[$0] ?? 0, 0) }
    let total = numbers.reduce(0, +)
    guard total > 0 else { return [] }
    let free = width - least * numbers.count { $0 > 0 }
    return zip(order, numbers).map { outcome, number in
      let share = Int(Int128(free) * Int128(number) / Int128(total))
      return (outcome, number > 0 ? share + least : 0)
    }
  }

  private static func words(_ counts: [Outcome: Int]) -> String {
    order.filter { (counts[$0] ?? 0) > 0 }.map {
      "\(Figures.grouped(counts[$0] ?? 0)) \($0.rawValue)"
    }.joined(separator: ", ")
  }
}

/// A figure of drift against its alarm, which stands in the middle; what is beyond twice the alarm
/// fills the bar. The number stands beside it; red is what the run counts as drifted.
enum DriftBar {
  static func markup(micro: Int64, alarm: Int64, hasDrifted: Bool) -> String {
    let width = 12_000
    let share = alarm > 0 ? Double(micro) / Double(2 * alarm) : 0
    let part = Int((min(max(share, 0), 1) * Double(width)).rounded())
    var image = SVGImage(
      width: width, height: 1_400, style: "strip",
      title: micro > alarm ? "above the alarm" : "below the alarm")
    image.addRectangle(x: 0, y: 300, width: width, height: 800, style: "track")
    image.addRectangle(
      x: 0, y: 300, width: part, height: 800, style: hasDrifted ? "outside" : "part")
    image.addLine(fromX: width / 2, fromY: 0, toX: width / 2, toY: 1_400, style: "stated")
    return image.markup
  }
}
