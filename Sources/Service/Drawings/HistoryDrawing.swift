import Reports

/// A node's verdicts over epochs: a bar an epoch, as high as its score, in the verdict's colour.
struct HistoryDrawing {
  struct Bar {
    let epoch: UInt64
    let verdict: String
    let scorePpm: Int64
  }

  /// In the order of epochs.
  let bars: [Bar]

  private static let limit = 60
  private static let height = 9_000

  var markup: String {
    let shown = bars.suffix(Self.limit)
    guard let first = shown.first, let last = shown.last else { return "" }
    let width = 72_000
    var image = SVGImage(
      width: width, height: Self.height + 2_200, style: "history",
      title: "Score of \(shown.count) epochs, from \(first.epoch) to \(last.epoch)")
    let step = width / max(shown.count, 12)
    for (index, bar) in shown.enumerated() {
      let height = max(Int(min(max(bar.scorePpm, 0), 1_000_000)) * Self.height / 1_000_000, 300)
      image.addRectangle(
        x: index * step, y: Self.height - height, width: step * 4 / 5, height: height,
        style: bar.verdict)
    }
    image.addLine(fromX: 0, fromY: Self.height, toX: width, toY: Self.height, style: "axis")
    image.addText("\(first.epoch)", x: 0, y: Self.height + 1_600, style: "label")
    if shown.count > 1 {
      image.addText(
        "\(last.epoch)", x: (shown.count - 1) * step, y: Self.height + 1_600, style: "label")
    }
    return image.markup
  }
}

/// A share with its interval between 0 and 1, and a limit beside it; what is unknown is NaN.
struct EstimateDrawing {
  let estimate: Double
  let low: Double
  let high: Double
  /// A stated share that the estimate is compared with.
  var stated: Double?

  var markup: String {
    let width = 30_000
    guard estimate.isFinite, low.isFinite, high.isFinite else { return "" }
    func x(_ share: Double) -> Int { Int((min(max(share, 0), 1) * Double(width - 1_200))) + 600 }
    var image = SVGImage(
      width: width, height: 1_800, style: "strip",
      title: "between \(EstimateDrawing.percent(low)) and \(EstimateDrawing.percent(high))")
    image.addLine(fromX: 600, fromY: 900, toX: width - 600, toY: 900, style: "axis")
    image.addRectangle(
      x: x(low), y: 550, width: max(x(high) - x(low), 100), height: 700, style: "peers")
    image.addRectangle(x: x(estimate) - 150, y: 200, width: 300, height: 1_400, style: "inside")
    if let stated, stated.isFinite {
      image.addLine(fromX: x(stated), fromY: 0, toX: x(stated), toY: 1_800, style: "stated")
    }
    return image.markup
  }

  static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "unknown" }
    return Figures.percent(ppm: UInt32((min(max(share, 0), 1) * 1_000_000).rounded()))
  }
}
