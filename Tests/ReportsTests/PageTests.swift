import Foundation
import Testing

@testable import Reports

@Suite struct PageTests {
  /// The page is signed: a change of one byte is a change of the format. If the change is meant,
  /// the new page replaces `Golden/small.html`.
  @Test func smallReportIsTheGoldenPage() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden/small.html")
    let golden = try String(contentsOf: file, encoding: .utf8)
    let page = RunReport.small.html()
    let lines = zip(page.split(separator: "\n"), golden.split(separator: "\n"))
    let isGolden = page == golden
    #expect(isGolden, "first difference: \(lines.first { $0 != $1 } ?? ("length", "length"))")
  }

  @Test func pagesAreWellFormed() {
    for report in [.small, RunReport(title: ""), hostile("</style></title>\u{0}]]>-->&amp;")] {
      #expect(ParsedPage(report.html()).error == nil)
    }
  }

  @Test func nothingIsLoadedOrLinkedOutside() {
    let page = RunReport.small.html()
    for word in ["http:", "https:", "//", "@import", "url(", "src=", "<script", "<link", "xmlns"] {
      #expect(!page.contains(word), "\(word)")
    }
    let parsed = ParsedPage(page)
    let links = parsed.elements.compactMap { $0.attributes["href"] }
    #expect(links.allSatisfy { $0.hasPrefix("#") })
    let ids = Set(parsed.elements.compactMap { $0.attributes["id"] })
    #expect(links.allSatisfy { ids.contains(String($0.dropFirst())) })
    #expect(
      parsed.elements.contains { element in
        element.attributes["content"]?.hasPrefix("default-src 'none'; style-src") == true
      })
  }

  @Test func hostileTextAddsNoElementAndNoAttribute() {
    let text = #"<img src=x onerror="a()">' " & </td></table><script>"# + "\u{202E}\u{7}"
    let plain = ParsedPage(hostile("x").html())
    let attacked = ParsedPage(hostile(text).html())
    let marks = attacked.count("b") - plain.count("b")
    #expect(marks > 0)
    #expect(attacked.elements.count == plain.elements.count + marks)
    #expect(attacked.count("img") == 0 && attacked.count("script") == 0)
    #expect(attacked.elements.allSatisfy { $0.attributes["onerror"] == nil })
    #expect(attacked.text.contains("<img src=x onerror="))
    #expect(!attacked.text.contains("\u{202E}") && !attacked.text.contains("\u{7}"))
  }

  @Test func idsAreUniqueAndEveryReferenceHasOne() {
    let parsed = ParsedPage(RunReport.small.html())
    let ids = parsed.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    let references = parsed.elements.compactMap { $0.attributes["aria-labelledby"] }
    #expect(Set(references).isSubset(of: ids))
  }

  @Test func tableHeadersHaveAScopeAndDrawingsATitle() {
    let parsed = ParsedPage(RunReport.small.html())
    #expect(parsed.elements.allSatisfy { $0.name != "th" || $0.attributes["scope"] != nil })
    let drawings = parsed.elements.filter {
      $0.name == "svg" && $0.attributes["aria-hidden"] == nil
    }
    #expect(drawings.allSatisfy { $0.attributes["role"] == "img" })
    #expect(parsed.count("title") == drawings.count + 1)
    for landmark in ["header", "nav", "main", "footer"] { #expect(parsed.count(landmark) == 1) }
  }

  @Test func anEmptyReportSaysSo() {
    let parsed = ParsedPage(RunReport(title: "compute, epoch 1, revision 0").html())
    #expect(parsed.error == nil)
    #expect(parsed.text.contains("No node was scored."))
    #expect(parsed.count("article") == 0 && parsed.count("table") == 0)
    #expect(parsed.text.contains("Verdicts of 0 nodes"))
  }

  @Test func whatIsCutIsCounted() {
    var report = RunReport.small
    let reason = ReasonLine(
      code: "S4", kind: .spoof, text: "One network.", sharePpm: 1,
      peers: (0..<100).map { "peer-\($0)" })
    report.flagged[0].reasons = Array(repeating: reason, count: 64)
    let text = ParsedPage(report.html()).text
    #expect(text.contains("The worst 2 of 3;"))
    #expect(text.contains("48 more with smaller shares"))
    #expect(text.contains("peer-11 and 88 more"))
  }

  @Test func twoHundredNodesStayBelowAMegabyte() {
    var report = RunReport.small
    var node = report.flagged[0]
    node.reasons = (0..<5).map { _ in node.reasons[0] }
    report.flagged = Array(repeating: node, count: 200)
    #expect(report.html().utf8.count < 1_000_000)
  }

  /// A report with `text` wherever text can be.
  private func hostile(_ text: String) -> RunReport {
    let reason = ReasonLine(
      code: text, kind: .evidence, text: text, sharePpm: .max, feature: text, unit: text,
      observedMicro: 5, lowMicro: 9, highMicro: 1, peers: [text])
    let node = FlaggedNode(
      node: text, group: text, verdict: .reject, rawMicro: .min, pPpb: .max, qPpb: .max,
      unitsMicro: .max, unitName: text, records: 1, reasons: [reason])
    let feature = FeatureSummary(
      name: text, unit: text, text: text, lowMicro: 1, medianMicro: 2, highMicro: 3, measured: 1)
    return RunReport(
      title: text, facts: [(text, text)], notices: [text], counts: VerdictCounts(reject: 1),
      scores: [ScorePoint(rawMicro: .min, verdict: .reject)], flagged: [node], flaggedTotal: 1,
      features: [feature],
      quarantine: [(text, 1)])
  }
}
