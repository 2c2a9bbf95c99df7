/// A line with the peers' interval in its middle and a mark for the node's value.
///
/// The interval takes the middle third, so the line shows one width of it to either side. A value
/// farther out stands as an arrow at the edge.
public struct IntervalStrip: Sendable {
  let observed: Int64
  let low: Int64
  let high: Int64

  private static let width = 15_000
  private static let height = 2_000
  private static let margin = 900

  /// - Parameters: a value and its limits in any common scale; limits in the wrong order are swapped.
  public init(observed: Int64, low: Int64, high: Int64) {
    self.observed = observed
    self.low = min(low, high)
    self.high = max(low, high)
  }

  /// Where the mark is: its middle in hundredths of a pixel, and whether it is an arrow.
  enum Mark: Equatable {
    case at(Int)
    case beyondLeft
    case beyondRight
  }

  /// An interval of one value has no width to measure by: anything else is beyond.
  var mark: Mark {
    let span = Int128(high) - Int128(low)
    let offset = Int128(observed) - Int128(low) + span
    if offset < 0 { return .beyondLeft }
    if offset > 3 * span { return .beyondRight }
    let room = Int128(Self.width - 2 * Self.margin)
    return .at(Self.margin + Int(span == 0 ? room / 2 : room * offset / (3 * span)))
  }

  var isOutside: Bool { observed < low || observed > high }

  /// The drawing; its title says where the value is, the numbers belong in the text beside it.
  public var markup: String {
    var image = SVGImage(width: Self.width, height: Self.height, style: "strip", title: title)
    let middle = Self.height / 2
    let right = Self.width - Self.margin
    let third = (right - Self.margin) / 3
    image.addLine(fromX: Self.margin, fromY: middle, toX: right, toY: middle, style: "axis")
    if low == high {
      image.addRectangle(
        x: Self.width / 2 - 100, y: 200, width: 200, height: Self.height - 400, style: "peers")
    } else {
      image.addRectangle(
        x: Self.margin + third, y: 400, width: third, height: Self.height - 800, style: "peers")
    }
    addMark(to: &image)
    return image.markup
  }

  private func addMark(to image: inout SVGImage) {
    let middle = Self.height / 2
    let style = isOutside ? "outside" : "inside"
    let points =
      switch mark {
      case .at(let x):
        [(x, middle - 800), (x + 500, middle), (x, middle + 800), (x - 500, middle)]
      case .beyondLeft: [(0, middle), (1_000, middle - 700), (1_000, middle + 700)]
      case .beyondRight:
        [
          (Self.width, middle), (Self.width - 1_000, middle - 700),
          (Self.width - 1_000, middle + 700),
        ]
      }
    image.addPolygon(points, style: style)
  }

  private var title: String {
    if observed < low { return "below the peers" }
    return observed > high ? "above the peers" : "within the peers"
  }
}
