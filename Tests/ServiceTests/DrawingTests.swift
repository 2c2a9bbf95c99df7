import Testing

@testable import Service

@Suite struct DrawingTests {
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
