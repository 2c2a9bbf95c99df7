import Foundation
import Reports

/// Who is tied to whom: the node in question in the middle, the others on a circle in the order
/// given. The same ties are the same drawing everywhere.
struct ClusterDrawing {
  struct Tie: Hashable {
    let from: String
    let to: String
    let code: String
  }

  let centre: String
  /// The others, in the order in which they stand on the circle.
  let nodes: [String]
  let ties: [Tie]

  private static let width = 80_000
  private static let height = 56_000

  var markup: String {
    var image = SVGImage(
      width: Self.width, height: Self.height, style: "cluster",
      title: "\(nodes.count + 1) nodes, \(ties.count) ties",
      description: "The table below lists every tie.")
    let places = self.places
    for tie in ties {
      guard let from = places[tie.from], let to = places[tie.to] else { continue }
      let isDirect = tie.from == centre || tie.to == centre
      image.addLine(
        fromX: from.x, fromY: from.y, toX: to.x, toY: to.y, style: isDirect ? "strong" : "tie")
    }
    for node in nodes {
      if let place = places[node] { add(node, at: place, style: "node", to: &image) }
    }
    if let place = places[centre] { add(centre, at: place, style: "self", to: &image) }
    return image.markup
  }

  private var places: [String: (x: Int, y: Int)] {
    var places = [centre: (x: Self.width / 2, y: Self.height / 2)]
    let radius = Double(Self.height) * 0.4
    for (index, node) in nodes.enumerated() {
      let angle = 2 * Double.pi * Double(index) / Double(max(nodes.count, 1)) - Double.pi / 2
      places[node] = (
        Self.width / 2 + Int((radius * 1.15 * cos(angle)).rounded()),
        Self.height / 2 + Int((radius * sin(angle)).rounded())
      )
    }
    return places
  }

  private func add(
    _ node: String, at place: (x: Int, y: Int), style: String, to image: inout SVGImage
  ) {
    let size = 450
    image.addPolygon(
      [
        (place.x - size, place.y), (place.x, place.y - size), (place.x + size, place.y),
        (place.x, place.y + size),
      ], style: style)
    let isLeft = place.x < Self.width / 2 - 1_000
    image.addText(
      Self.short(node), x: place.x + (isLeft ? -800 : 800), y: place.y + 420,
      anchor: isLeft ? .end : .start, style: "label")
  }

  /// The name as it fits beside its mark; the table has the whole one.
  static func short(_ name: String) -> String {
    let scalars = Array(name.unicodeScalars)
    guard scalars.count > 18 else { return name }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars.prefix(10))
    text.append("…")
    text.append(contentsOf: scalars.suffix(6))
    return String(text)
  }
}
