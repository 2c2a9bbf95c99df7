import Reports

/// A node's value on a line with the interval that its peers show.
///
/// The interval takes the middle third, so that the line shows one width of it to either side; a
/// value farther out stands as an arrow at the edge. The numbers belong in the text beside it.
struct ValueStrip {
  private static let width = 24_000
  private static let height = 2_200
  private static let margin = 1_000

  let observed: Int64
  let low: Int64
  let high: Int64

  /// - Parameters: a value and its limits in one scale; limits in the wrong order are swapped.
  init(observed: Int64, low: Int64, high: Int64) {
    self.observed = observed
    self.low = min(low, high)
    self.high = max(low, high)
  }

  /// Where the mark stands, from 0 to 30: the interval is from 10 to 20; `nil` beyond the line.
  var place: Int? {
    let span = Int128(high) - Int128(low)
    let offset = Int128(observed) - Int128(low) + span
    guard offset >= 0, offset <= 3 * span else { return nil }
    return span == 0 ? 15 : Int(10 * offset / span)
  }

  var words: String {
    if observed < low { return "below what peers show" }
    return observed > high ? "above what peers show" : "within what peers show"
  }

  var markup: String {
    var image = SVGImage(width: Self.width, height: Self.height, style: "strip", title: words)
    let middle = Self.height / 2
    let room = Self.width - 2 * Self.margin
    image.addLine(
      fromX: Self.margin, fromY: middle, toX: Self.width - Self.margin, toY: middle, style: "axis")
    image.addRectangle(
      x: Self.margin + room / 3, y: 500, width: room / 3, height: Self.height - 1_000,
      style: "peers")
    let style = observed < low || observed > high ? "outside" : "inside"
    if let place {
      let x = Self.margin + room * place / 30
      image.addPolygon(
        [(x, middle - 900), (x + 550, middle), (x, middle + 900), (x - 550, middle)], style: style)
    } else {
      let tip = observed < low ? 0 : Self.width
      let back = observed < low ? 1_100 : Self.width - 1_100
      image.addPolygon([(tip, middle), (back, middle - 800), (back, middle + 800)], style: style)
    }
    return image.markup
  }
}

/// A share as a short bar; the number stands beside it, so it is hidden from those who listen.
enum ShareBar {
  static func markup(ppm: Int64) -> String {
    let tenths = min(max(ppm, 0), 1_000_000) * 600 / 1_000_000
    let part = "\(tenths / 10).\(tenths % 10)"
    return #"<svg class="bar" aria-hidden="true" viewBox="0 0 60 6">"#
      + #"<rect class="track" width="60" height="6"/>"#
      + #"<rect class="part" width="\#(part)" height="6"/></svg>"#
  }
}
