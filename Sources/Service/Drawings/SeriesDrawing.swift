import Reports
import Review

/// A channel of a node over time: its peers' band with their median, the node's median as a line
/// and its range as thin bars, gaps where nothing came.
struct SeriesDrawing {
  let series: RecordSeries
  let band: PeerBand?
  let grid: SeriesGrid

  private static let width = 44_000
  private static let height = 12_000
  /// Where the intervals begin: the scale's numbers stand before it.
  private static let left = 6_800
  private static let right = 43_700
  private static let top = 600
  private static let bottom = 9_800

  var markup: String {
    var image = SVGImage(
      width: Self.width, height: Self.height, style: "multiple", title: title,
      description: "The table below has the numbers.")
    guard let scale else { return image.markup }
    if let band {
      for run in Self.runs(band.medians) { add(run, of: band, scale, to: &image) }
    }
    if series.channel.name != SeriesChannel.records.name { addRanges(scale, to: &image) }
    for run in Self.runs(series.medians) { addOwn(run, scale, to: &image) }
    addAxis(scale, to: &image)
    return image.markup
  }

  private var title: String {
    let outside = series.medians.indices.count { bucket in
      guard let value = series.medians[bucket], let band, let low = band.lows[bucket],
        let high = band.highs[bucket]
      else { return false }
      return value < low || value > high
    }
    let filled = series.medians.count { $0 != nil }
    return "\(series.channel.text): \(filled) of \(series.medians.count) intervals with values"
      + (band == nil ? "" : ", \(outside) outside its peers' band")
  }

  // MARK: Scale

  private struct Scale {
    let low: Double
    let high: Double

    func y(_ value: Float) -> Int {
      let share = (Double(value) - low) / (high - low)
      let room = Double(SeriesDrawing.bottom - SeriesDrawing.top)
      return SeriesDrawing.bottom - Int((min(max(share, 0), 1) * room).rounded())
    }
  }

  /// From the smallest to the largest of the node's medians and the band, and as far beyond as the
  /// node's own range goes, by half of that at most: one wild value must not flatten the rest.
  private var scale: Scale? {
    var drawn: [Float?] = series.medians
    if let band { drawn += band.lows + band.highs }
    let inner = drawn.compactMap { $0 }
    guard let least = inner.min(), let most = inner.max() else { return nil }
    let (low, high) = (Double(least), Double(most))
    let room = max((high - low) / 2, max(abs(low), abs(high)) * 0.01, 1e-6)
    let lowest = Double(series.lows.compactMap { $0 }.min() ?? least)
    let highest = Double(series.highs.compactMap { $0 }.max() ?? most)
    let bounds = (max(min(lowest, low), low - room), min(max(highest, high), high + room))
    return bounds.0 < bounds.1
      ? Scale(low: bounds.0, high: bounds.1) : Scale(low: low - room, high: high + room)
  }

  /// The middle of a bucket.
  private func x(_ bucket: Int) -> Int {
    Self.left + (2 * bucket + 1) * (Self.right - Self.left) / (2 * SeriesGrid.buckets)
  }

  /// Buckets in a row that have a value.
  static func runs(_ values: [Float?]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for (bucket, value) in values.enumerated() where value != nil {
      if let last = runs.last, last.upperBound == bucket {
        runs[runs.count - 1] = last.lowerBound..<(bucket + 1)
      } else {
        runs.append(bucket..<(bucket + 1))
      }
    }
    return runs
  }

  // MARK: Shapes

  private func add(_ run: Range<Int>, of band: PeerBand, _ scale: Scale, to image: inout SVGImage) {
    func points(_ values: [Float?]) -> [(x: Int, y: Int)] {
      // A single bucket is as wide as it is.
      let half = run.count == 1 ? (Self.right - Self.left) / (2 * SeriesGrid.buckets) : 0
      return run.flatMap { bucket in
        let y = scale.y(values[bucket] ?? 0)
        let x = x(bucket)
        return half == 0 ? [(x, y)] : [(x - half, y), (x + half, y)]
      }
    }
    image.addPolygon(points(band.highs) + points(band.lows).reversed(), style: "peers")
    image.addPolyline(points(band.medians), style: "middle")
  }

  private func addRanges(_ scale: Scale, to image: inout SVGImage) {
    for bucket in series.medians.indices {
      guard let low = series.lows[bucket], let high = series.highs[bucket], low < high else {
        continue
      }
      let x = x(bucket)
      image.addLine(
        fromX: x, fromY: scale.y(high), toX: x, toY: scale.y(low), style: "range")
    }
  }

  private func addOwn(_ run: Range<Int>, _ scale: Scale, to image: inout SVGImage) {
    let points = run.map { (x: x($0), y: scale.y(series.medians[$0] ?? 0)) }
    if points.count > 1 { return image.addPolyline(points, style: "own") }
    guard let point = points.first else { return }
    image.addRectangle(
      x: point.x - 150, y: point.y - 150, width: 300, height: 300, style: "inside")
  }

  private func addAxis(_ scale: Scale, to image: inout SVGImage) {
    image.addLine(
      fromX: Self.left, fromY: Self.bottom + 200, toX: Self.right, toY: Self.bottom + 200,
      style: "axis")
    for (value, y) in [(scale.high, Self.top + 900), (scale.low, Self.bottom)] {
      image.addText(
        SeriesWords.number(Float(value)), x: Self.left - 400, y: y, anchor: .end, style: "label")
    }
    for quarter in 0...4 {
      let bucket = quarter * SeriesGrid.buckets / 4
      let x = Self.left + quarter * (Self.right - Self.left) / 4
      image.addText(
        SeriesWords.moment(bucket, grid), x: x, y: Self.height - 500,
        anchor: quarter == 0 ? .start : quarter == 4 ? .end : .middle, style: "label")
    }
  }
}

/// Numbers and moments of series.
enum SeriesWords {
  /// Four digits; `—` for what is too large for a figure.
  static func number(_ value: Float) -> String {
    let micro = (Double(value) * 1_000_000).rounded()
    guard micro.magnitude < 9e18 else { return "—" }
    return Figures.micro(Int64(micro))
  }

  /// The start of a bucket: the hour of a day, or the day and the hour of a longer grid.
  static func moment(_ bucket: Int, _ grid: SeriesGrid) -> String {
    let time = grid.start + Int64(bucket) * grid.width
    let isDay = grid.width * Int64(SeriesGrid.buckets) <= 86_400_000
    // The end of a day is 24:00, not the start of the next.
    if isDay, bucket == SeriesGrid.buckets { return "24:00" }
    let text = Words.time(.init(timeIntervalSince1970: Double(time) / 1000))
    return String(isDay ? text.dropFirst(11).prefix(5) : text.dropFirst(5).prefix(11))
  }
}
