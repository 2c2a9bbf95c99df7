import Foundation
import Relations
import Reports
import Review

/// A node's claimed place, the others around it, the place that fits best, and its path: a plan with
/// a scale bar and north, without a map beneath.
struct MapDrawing {
  let centre: NodePlace.Point
  let best: NodePlace.Point?
  /// With the number that each has in the table; `nil` where it claims no place.
  let ties: [(number: Int, tie: NodePlace.Tie)]
  let path: [NodePath.Fix]
  /// Standard deviation of links, dB: ties three of them too strong stand out.
  let deviation: Double?

  private static let width = 80_000
  private static let height = 56_000
  private static let margin = 4_000

  var markup: String {
    let plan = Plan(centre: centre)
    let frame = Frame(shown(plan))
    var image = SVGImage(
      width: Self.width, height: Self.height, style: "cluster", title: title,
      description: "The table below has every end with its distance.")
    addPath(plan, frame, to: &image)
    let claimed = frame.place((0, 0))
    for (number, tie) in ties { add(tie, number, plan, frame, to: &image) }
    if let best {
      let place = frame.place(plan.metres(best))
      image.addLine(
        fromX: claimed.x, fromY: claimed.y, toX: place.x, toY: place.y, style: "stated")
      Self.add(at: place, size: 700, style: "outside", to: &image)
      image.addText("best fit", x: place.x + 1_000, y: place.y - 600, style: "label")
    }
    if path.isEmpty {
      Self.add(at: claimed, size: 700, style: "self", to: &image)
      image.addText("claimed", x: claimed.x + 1_000, y: claimed.y - 600, style: "label")
    }
    addNorth(to: &image)
    addScale(frame, to: &image)
    return image.markup
  }

  private var title: String {
    if !path.isEmpty { return "Path of \(path.count) fixes" }
    return "Claimed place, \(ties.count) other ends"
      + (best == nil ? "" : ", and the place that fits best")
  }

  /// Metres to the east and to the north of the claimed place, on a plane that touches the Earth
  /// there.
  private struct Plan {
    let centre: NodePlace.Point

    func metres(_ point: NodePlace.Point) -> (east: Double, north: Double) {
      var east = point.longitude - centre.longitude
      if east > 180 { east -= 360 } else if east < -180 { east += 360 }
      let narrow = max(cos(centre.latitude * .pi / 180), 0.01)
      return (east * narrow * 111_195, (point.latitude - centre.latitude) * 111_195)
    }
  }

  /// What the frame is laid around: everything but the farthest ends, which would press all others
  /// into a point. They stand at its edge.
  private func shown(_ plan: Plan) -> [(east: Double, north: Double)] {
    let ends = ties.compactMap { $0.tie.place.map(plan.metres) }
    let distances = ends.map { Self.length($0) }.sorted()
    var reach = 1.5 * (distances.isEmpty ? 0 : distances[(distances.count - 1) * 4 / 5])
    if let best { reach = max(reach, Self.length(plan.metres(best))) }
    var points = ends.filter { Self.length($0) <= reach } + path.map { plan.metres($0.place) }
    if path.isEmpty { points.append((0, 0)) }
    if let best { points.append(plan.metres(best)) }
    return points
  }

  private static func length(_ point: (east: Double, north: Double)) -> Double {
    (point.east * point.east + point.north * point.north).squareRoot()
  }

  /// The drawing's part of the plane: hundredths of a pixel a metre.
  private struct Frame {
    let scale: Double
    private let west: Double
    private let north: Double

    init(_ points: [(east: Double, north: Double)]) {
      let east = points.map(\.east)
      let north = points.map(\.north)
      let middle = (
        ((east.min() ?? 0) + (east.max() ?? 0)) / 2, ((north.min() ?? 0) + (north.max() ?? 0)) / 2
      )
      let room = (
        Double(MapDrawing.width - 2 * MapDrawing.margin),
        Double(MapDrawing.height - 2 * MapDrawing.margin)
      )
      // Two hundred metres at least: coordinates are rounded.
      let span = (
        max((east.max() ?? 0) - (east.min() ?? 0), 200),
        max((north.max() ?? 0) - (north.min() ?? 0), 200)
      )
      scale = min(room.0 / span.0, room.1 / span.1)
      west = middle.0 - Double(MapDrawing.width) / 2 / scale
      self.north = middle.1 + Double(MapDrawing.height) / 2 / scale
    }

    func place(_ point: (east: Double, north: Double)) -> (x: Int, y: Int) {
      (
        Int(((point.east - west) * scale).rounded()),
        Int(((north - point.north) * scale).rounded())
      )
    }

    /// The point, or where the way to it from `start` leaves the drawing.
    func held(
      _ point: (east: Double, north: Double), from start: (x: Int, y: Int)
    ) -> (place: (x: Int, y: Int), isOutside: Bool) {
      let (x, y) = ((point.east - west) * scale, (north - point.north) * scale)
      let (x0, y0) = (Double(start.x), Double(start.y))
      var share = 1.0
      func hold(_ from: Double, _ to: Double, _ limit: Double) {
        let edge = 800.0
        if to < edge { share = min(share, (from - edge) / (from - to)) }
        if to > limit - edge { share = min(share, (limit - edge - from) / (to - from)) }
      }
      hold(x0, x, Double(MapDrawing.width))
      hold(y0, y, Double(MapDrawing.height))
      share = max(share, 0)
      return (
        (Int((x0 + (x - x0) * share).rounded()), Int((y0 + (y - y0) * share).rounded())), share < 1
      )
    }
  }

  // MARK: Shapes

  private func add(
    _ tie: NodePlace.Tie, _ number: Int, _ plan: Plan, _ frame: Frame, to image: inout SVGImage
  ) {
    guard let point = tie.place else { return }
    let start = frame.place((0, 0))
    let (place, isOutside) = frame.held(plan.metres(point), from: start)
    image.addLine(
      fromX: start.x, fromY: start.y, toX: place.x, toY: place.y, style: style(of: tie))
    Self.add(at: place, size: isOutside ? 250 : 400, style: "node", to: &image)
    image.addText("\(number)", x: place.x + 600, y: place.y + 400, style: "label")
  }

  private func style(of tie: NodePlace.Tie) -> String {
    if !tie.isUsed { return "unused" }
    if let excess = tie.excess, let deviation, excess > 3 * deviation { return "strong" }
    return "tie"
  }

  private static func add(
    at place: (x: Int, y: Int), size: Int, style: String, to image: inout SVGImage
  ) {
    image.addPolygon(
      [
        (place.x - size, place.y), (place.x, place.y - size), (place.x + size, place.y),
        (place.x, place.y + size),
      ], style: style)
  }

  /// Fixes more than a quarter of an hour apart say nothing of the way between them.
  private func addPath(_ plan: Plan, _ frame: Frame, to image: inout SVGImage) {
    guard let first = path.first, let last = path.last else { return }
    var points: [(x: Int, y: Int)] = []
    var before: Int64?
    for fix in path {
      let place = frame.place(plan.metres(fix.place))
      if let before, fix.time - before > Self.gap, let end = points.last {
        image.addPolyline(points, style: "own")
        image.addLine(fromX: end.x, fromY: end.y, toX: place.x, toY: place.y, style: "unused")
        points = []
      }
      points.append(place)
      before = fix.time
    }
    image.addPolyline(points, style: "own")
    for (fix, word) in [(first, "start"), (last, "end")] {
      let place = frame.place(plan.metres(fix.place))
      Self.add(at: place, size: 600, style: word == "start" ? "self" : "node", to: &image)
      image.addText(
        word, x: place.x + 900, y: place.y + (word == "start" ? -500 : 1_200), style: "label")
    }
  }

  private static let gap: Int64 = 900_000

  private func addNorth(to image: inout SVGImage) {
    let x = Self.width - 2_200
    image.addPolygon([(x, 700), (x + 600, 2_600), (x, 2_200), (x - 600, 2_600)], style: "node")
    image.addText("N", x: x, y: 4_000, anchor: .middle, style: "label")
  }

  /// The largest of 1, 2 and 5 of a power of ten metres that takes a quarter of the width at most.
  private func addScale(_ frame: Frame, to image: inout SVGImage) {
    let metres = Self.round(Double(Self.width) / 4 / frame.scale)
    let length = Int((metres * frame.scale).rounded())
    let (x, y) = (1_500, Self.height - 1_500)
    image.addLine(fromX: x, fromY: y, toX: x + length, toY: y, style: "axis")
    for end in [x, x + length] {
      image.addLine(fromX: end, fromY: y - 400, toX: end, toY: y + 400, style: "axis")
    }
    image.addText(
      Self.distance(metres), x: x + length / 2, y: y - 700, anchor: .middle, style: "label")
  }

  static func round(_ most: Double) -> Double {
    guard most.isFinite, most > 0 else { return 1 }
    let power = pow(10, log10(most).rounded(.down))
    return [5, 2].map { $0 * power }.first { $0 <= most } ?? power
  }

  /// `350 m`, `12.4 km`.
  static func distance(_ metres: Double) -> String {
    guard metres.isFinite, metres < 1e9 else { return "—" }
    if metres < 1000 { return "\(Int(metres.rounded())) m" }
    return Figures.decimal(Int64((metres / 100).rounded()), places: 1) + " km"
  }
}
