import Reports

/// The shares of a score as one bar: how much of the strangeness each reason explains.
///
/// Parts alternate between two tones; which part is which stands in the table of reasons, in order.
struct SharesDrawing {
  let shares: [(code: String, ppm: Int64)]

  var markup: String {
    let width = 72_000
    let height = 1_600
    let words = shares.map { "\($0.code) \(Figures.percent(ppm: UInt32(clamping: $0.ppm)))" }
    var image = SVGImage(
      width: width, height: height, style: "history", title: "Shares of the score",
      description: words.prefix(16).joined(separator: ", "))
    image.addRectangle(x: 0, y: 0, width: width, height: height, style: "track")
    var x = 0
    for (index, share) in shares.enumerated() where share.ppm > 0 {
      let part = min(Int(min(share.ppm, 1_000_000)) * width / 1_000_000, width - x)
      image.addRectangle(
        x: x, y: 0, width: part, height: height, style: index.isMultiple(of: 2) ? "part" : "peers")
      x += part
    }
    return image.markup
  }
}
