/// The score distribution as a drawing: one bar a bin, its height the logarithm of the nodes in it,
/// its colours their verdicts in proportion.
struct HistogramChart {
  private let histogram: ScoreHistogram
  private let left = 5_200
  private let top = 1_000
  private let plotWidth = 68_000
  private let plotHeight = 20_000
  private let footer = 4_600

  init(_ histogram: ScoreHistogram) {
    self.histogram = histogram
  }

  var markup: String {
    var image = SVGImage(
      width: left + plotWidth + 1_400, height: top + plotHeight + footer, style: "histogram",
      title: "Distribution of scores", description: description)
    addCountAxis(to: &image)
    for index in histogram.bins.indices { addBar(index, to: &image) }
    addScoreAxis(to: &image)
    return image.markup
  }

  private var description: String {
    let nodes = histogram.bins.reduce(0) { $0 + $1.counts.total }
    guard let first = histogram.bins.first, let last = histogram.bins.last else { return "Empty." }
    return "\(Figures.grouped(nodes)) nodes with scores from \(Figures.micro(first.low)) to "
      + "\(Figures.micro(last.high)); at most \(Figures.grouped(histogram.largestCount)) in one "
      + "bar. The table below holds the numbers."
  }

  // MARK: Nodes, upwards

  /// Height of a bar of `count` nodes: a third of a decade for the first one, so that it is seen.
  private func height(_ count: Int) -> Int {
    guard count > 0 else { return 0 }
    let first = PreferredSeries.decade / 3
    let full = first + PreferredSeries.position(of: UInt64(max(histogram.largestCount, 10)))
    return plotHeight * (first + PreferredSeries.position(of: UInt64(count))) / full
  }

  private func addCountAxis(to image: inout SVGImage) {
    var count = 1
    while count <= max(histogram.largestCount, 10) {
      let y = top + plotHeight - height(count)
      image.addLine(fromX: left, fromY: y, toX: left + plotWidth, toY: y, style: "grid")
      image.addText(
        Figures.grouped(count), x: left - 600, y: y + 450, anchor: .end, style: "label")
      let (next, overflow) = count.multipliedReportingOverflow(by: 10)
      if overflow { break }
      count = next
    }
  }

  // MARK: Scores, to the right

  private func x(ofEdge index: Int) -> Int {
    left + plotWidth * index / max(histogram.bins.count, 1)
  }

  private func addBar(_ index: Int, to image: inout SVGImage) {
    let counts = histogram.bins[index].counts
    let parts = StackedBars.parts(of: height(counts.total), for: counts, least: 200)
    let x = x(ofEdge: index)
    let width = self.x(ofEdge: index + 1) - x
    var y = top + plotHeight
    for (verdict, part) in zip(ReportVerdict.allCases, parts) where part > 0 {
      y -= part
      image.addRectangle(
        x: x + width / 16, y: y, width: width - width / 8, height: part, style: verdict.rawValue)
    }
  }

  private func addScoreAxis(to image: inout SVGImage) {
    let base = top + plotHeight
    image.addLine(fromX: left, fromY: base, toX: left + plotWidth, toY: base, style: "axis")
    for (index, edge) in ticks {
      let x = x(ofEdge: index)
      image.addLine(fromX: x, fromY: base, toX: x, toY: base + 500, style: "axis")
      image.addText(Figures.micro(edge), x: x, y: base + 1_800, anchor: .middle, style: "label")
    }
    image.addText(
      "raw score", x: left + plotWidth / 2, y: base + 3_900, anchor: .middle, style: "label")
  }

  /// The edges to label: 0 and 1, 2, 5 of each decade if they fit, else its beginnings, else some.
  private var ticks: [(index: Int, edge: Int64)] {
    let edges = histogram.bins.map(\.low) + (histogram.bins.last.map { [$0.high] } ?? [])
    let indexed = edges.enumerated().map { (index: $0.offset, edge: $0.element) }
    let limit = 12
    for leading in [[1, 2, 5], [1]] as [[UInt64]] {
      let chosen = indexed.filter { isRound($0.edge, leading: leading) }
      if (2...limit).contains(chosen.count), areApart(chosen) { return chosen }
    }
    let step = max((indexed.count + limit - 1) / limit, 1)
    return indexed.filter { $0.index % step == 0 }
  }

  private func isRound(_ edge: Int64, leading: [UInt64]) -> Bool {
    if edge == 0 { return true }
    let magnitude = edge.magnitude
    guard magnitude >= histogram.unit.magnitude else { return false }
    let decade = Figures.powerOfTen(Figures.digitCount(magnitude) - 1)
    return leading.contains { $0 * decade == magnitude }
  }

  /// Whether labels at these edges do not run into each other.
  private func areApart(_ ticks: [(index: Int, edge: Int64)]) -> Bool {
    zip(ticks, ticks.dropFirst()).allSatisfy { tick, next in
      let letters = Figures.micro(tick.edge).count + Figures.micro(next.edge).count
      return x(ofEdge: next.index) - x(ofEdge: tick.index) >= 350 * letters + 600
    }
  }
}
