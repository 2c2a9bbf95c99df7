import Testing

@testable import Service

@Suite struct DrawingTests {
  @Test(
    arguments: [
      (0, 10, 20, 0), (10, 10, 20, 10), (15, 10, 20, 15), (20, 10, 20, 20), (30, 10, 20, 30),
      (31, 10, 20, nil), (-1, 10, 20, nil), (15, 20, 10, 15), (5, 5, 5, 15), (6, 5, 5, nil),
    ] as [(Int64, Int64, Int64, Int?)])
  func theIntervalIsTheMiddleThird(_ values: (Int64, Int64, Int64, Int?)) {
    let strip = ValueStrip(observed: values.0, low: values.1, high: values.2)
    #expect(strip.place == values.3)
  }

  @Test func extremeValuesAreDrawn() {
    for value in [Int64.min, 0, .max] {
      let strip = ValueStrip(observed: value, low: .min, high: .max)
      #expect(strip.markup.contains("</svg>"))
      #expect(strip.words == "within what peers show")
    }
  }

  @Test func sharesOfNothingAreUnknown() {
    let drawing = EstimateDrawing(estimate: .nan, low: .nan, high: .nan, stated: .nan)
    #expect(drawing.markup.isEmpty)
    #expect(EstimateDrawing.percent(.nan) == "unknown")
    #expect(EstimateDrawing(estimate: 0.5, low: 0, high: 1, stated: .nan).markup.contains("</svg>"))
  }

  @Test func theSameTiesAreTheSameDrawing() {
    let ties = [
      ClusterDrawing.Tie(from: "a", to: "b", code: "X"),
      ClusterDrawing.Tie(from: "b", to: "<c>", code: "X"),
    ]
    let drawing = ClusterDrawing(centre: "a", nodes: ["b", "<c>"], ties: ties)
    #expect(drawing.markup == drawing.markup)
    #expect(drawing.markup.contains("&lt;c&gt;") && drawing.markup.contains("3 nodes, 2 ties"))
  }

  @Test func longNamesAreShortenedInDrawings() {
    #expect(ClusterDrawing.short("0123456789abcdefghijklmnop") == "0123456789…klmnop")
    #expect(ClusterDrawing.short("short") == "short")
  }
}
