import Testing

@testable import Reports

@Suite struct DrawingTests {
  @Test(arguments: [
    (0, "0"), (100, "1"), (1250, "12.5"), (1205, "12.05"), (5, "0.05"), (-5, "-0.05"),
    (-150, "-1.5"), (Int.min, "-92233720368547758.08"),
  ])
  func lengthsAreDecimalHundredths(hundredths: Int, text: String) {
    #expect(SVGImage.length(hundredths) == text)
  }

  @Test func drawingsEscapeWhatTheyAreGiven() {
    var image = SVGImage(
      width: 1000, height: 500, style: "a", title: "<t>", description: "\"d\"\u{202E}")
    image.addText("x & y", x: 10, y: 20, anchor: .end, style: "\">")
    #expect(
      image.markup == #"<svg class="a" role="img" viewBox="0 0 10 5"><title>&lt;t&gt;</title>"#
        + #"<desc>&quot;d&quot;[U+202E]</desc><text class="&quot;&gt;" x="0.1" y="0.2" "#
        + #"text-anchor="end">x &amp; y</text></svg>"#)
  }

  @Test func stackedPartsFillTheBarAndShowTheRarest() {
    var random = SeededGenerator(state: 6)
    for _ in 0..<2000 {
      let numbers = (0..<4).map { _ in
        Bool.random(using: &random) ? 0 : Int(random.anySize().magnitude >> 4)
      }
      let counts = VerdictCounts(
        accept: numbers[0], hold: numbers[1], reject: numbers[2], abstain: numbers[3])
      let parts = StackedBars.parts(of: 10_000, for: counts, least: 200)
      #expect(parts.reduce(0, +) == (counts.total == 0 ? 0 : 10_000))
      for (verdict, part) in zip(ReportVerdict.allCases, parts) {
        #expect(counts[verdict] == 0 ? part == 0 : part >= 200)
      }
    }
  }

  @Test func stripPlacesValuesWithinOneIntervalWidth() {
    func mark(_ observed: Int64, _ low: Int64, _ high: Int64) -> IntervalStrip.Mark {
      IntervalStrip(observed: observed, low: low, high: high).mark
    }
    #expect(mark(15, 10, 20) == .at(7_500))
    #expect(mark(10, 10, 20) == .at(5_300))
    #expect(mark(20, 10, 20) == .at(9_700))
    #expect(mark(0, 10, 20) == .at(900))
    #expect(mark(30, 10, 20) == .at(14_100))
    #expect(mark(-1, 10, 20) == .beyondLeft)
    #expect(mark(31, 10, 20) == .beyondRight)
    #expect(mark(15, 20, 10) == .at(7_500))
    #expect(mark(7, 7, 7) == .at(7_500))
    #expect(mark(8, 7, 7) == .beyondRight)
    #expect(mark(6, 7, 7) == .beyondLeft)
    #expect(mark(.max, .min, .max) == .at(9_700))
    #expect(mark(.min, .max - 1, .max) == .beyondLeft)
  }

  @Test func stripSaysOnWhichSideTheValueIs() {
    func title(_ observed: Int64) -> String {
      IntervalStrip(observed: observed, low: 10, high: 20).markup
    }
    #expect(title(9).contains("<title>below the peers</title>"))
    #expect(title(10).contains("<title>within the peers</title>"))
    #expect(title(21).contains("<title>above the peers</title>"))
  }

  @Test func axisLabelsDoNotCrowdTheChart() {
    var random = SeededGenerator(state: 7)
    for round in 0..<100 {
      let scores = (0..<50).map { _ in
        ScorePoint(rawMicro: random.anySize() >> (round % 60), verdict: .hold)
      }
      let chart = HistogramChart(ScoreHistogram(scores)).markup
      let labels = chart.components(separatedBy: #"text-anchor="middle""#).count - 2
      #expect((1...13).contains(labels))
    }
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [Substring] {
    split(separator: separator, omittingEmptySubsequences: false)
  }
}
