/// A small drawing of a few shapes, as an inline SVG element that also reads well aloud.
///
/// Coordinates are integers in hundredths of a pixel, so the same drawing is the same bytes
/// everywhere. Shapes carry a class and no colour: the page's style sheet knows whether it is dark.
public struct SVGImage: Sendable {
  /// Where a text's reference point is.
  public enum Anchor: String, Sendable {
    case start
    case middle
    case end
  }

  /// How the drawing follows the room it is given.
  public enum Fit: Sendable {
    /// Keeps its proportions.
    case proportional
    /// Stretches in both directions; for bars without text.
    case stretched
  }

  public let width: Int
  public let height: Int
  private let opening: String
  private var shapes = ""

  /// An empty drawing with a name and a description for those who do not see it.
  ///
  /// - Parameters:
  ///   - width, height: in hundredths of a pixel.
  ///   - title, description: plain text, escaped here. The description may be left out where the
  ///     text around the drawing gives its numbers.
  public init(
    width: Int, height: Int, style: String, fit: Fit = .proportional, title: String,
    description: String? = nil
  ) {
    self.width = width
    self.height = height
    let ratio = fit == .stretched ? #" preserveAspectRatio="none""# : ""
    opening =
      #"<svg class="\#(Markup.text(style))" role="img" "#
      + #"viewBox="0 0 \#(Self.length(width)) \#(Self.length(height))"\#(ratio)>"#
      + "<title>\(Markup.text(title))</title>"
      + (description.map { "<desc>\(Markup.text($0))</desc>" } ?? "")
  }

  public mutating func addRectangle(x: Int, y: Int, width: Int, height: Int, style: String) {
    shapes += "<rect" + Self.attribute("class", style)
    shapes += Self.attribute("x", x) + Self.attribute("y", y)
    shapes += Self.attribute("width", width) + Self.attribute("height", height) + "/>"
  }

  public mutating func addLine(fromX: Int, fromY: Int, toX: Int, toY: Int, style: String) {
    shapes += "<line" + Self.attribute("class", style)
    shapes += Self.attribute("x1", fromX) + Self.attribute("y1", fromY)
    shapes += Self.attribute("x2", toX) + Self.attribute("y2", toY) + "/>"
  }

  public mutating func addPolygon(_ points: [(x: Int, y: Int)], style: String) {
    let list = points.map { "\(Self.length($0.x)),\(Self.length($0.y))" }
    shapes += "<polygon" + Self.attribute("class", style)
    shapes += Self.attribute("points", list.joined(separator: " ")) + "/>"
  }

  /// An open line through points; its style has no fill.
  public mutating func addPolyline(_ points: [(x: Int, y: Int)], style: String) {
    let list = points.map { "\(Self.length($0.x)),\(Self.length($0.y))" }
    shapes += "<polyline" + Self.attribute("class", style)
    shapes += Self.attribute("points", list.joined(separator: " ")) + "/>"
  }

  public mutating func addText(
    _ text: String, x: Int, y: Int, anchor: Anchor = .start, style: String
  ) {
    shapes += "<text" + Self.attribute("class", style)
    shapes += Self.attribute("x", x) + Self.attribute("y", y)
    shapes += Self.attribute("text-anchor", anchor.rawValue) + ">\(Markup.text(text))</text>"
  }

  /// The drawing as an element; shapes lie over each other in the order they were added.
  public var markup: String { opening + shapes + "</svg>" }

  private static func attribute(_ name: String, _ value: Int) -> String {
    #" \#(name)="\#(length(value))""#
  }

  private static func attribute(_ name: String, _ value: String) -> String {
    #" \#(name)="\#(Markup.text(value))""#
  }

  /// Hundredths as a decimal number, as SVG reads it: 1250 is `12.5`, −5 is `-0.05`.
  static func length(_ hundredths: Int) -> String {
    let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
