import Foundation

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// SplitMix64, so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Numbers of every length, both signs.
  mutating func anySize() -> Int64 {
    Int64(truncatingIfNeeded: next()) >> Int64.random(in: 0..<64, using: &self)
  }
}

/// The elements of a page, or why an XML parser refuses it.
struct ParsedPage {
  struct Element {
    let name: String
    let attributes: [String: String]
  }

  private(set) var elements: [Element] = []
  private(set) var text = ""
  let error: String?

  init(_ page: String) {
    let collector = Collector()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = collector
    let isWellFormed = parser.parse()
    elements = collector.elements
    text = collector.text
    error =
      isWellFormed
      ? nil : "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "no reason")"
  }

  func count(_ name: String) -> Int { elements.count { $0.name == name } }

  private final class Collector: NSObject, XMLParserDelegate {
    var elements: [Element] = []
    var text = ""

    func parser(
      _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements.append(Element(name: elementName, attributes: attributes))
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
      text += string
    }
  }
}

extension RunReport {
  /// Two flagged nodes, four scored ones, one of everything else.
  static let small = RunReport(
    title: "wireless, epoch 20412 (2025-11-20), revision 0",
    facts: [("Tool", "assay 1.0.0"), ("Records", "9 read = 7 used + 1 duplicate + 1 quarantined")],
    notices: ["Unsigned: this bundle carries no signature."],
    counts: VerdictCounts(accept: 2, hold: 1, reject: 1, abstain: 0),
    scores: [
      ScorePoint(rawMicro: 812_000, verdict: .accept),
      ScorePoint(rawMicro: 2_400_000, verdict: .accept),
      ScorePoint(rawMicro: 12_400_000, verdict: .hold),
      ScorePoint(rawMicro: 9_183_120_394, verdict: .reject),
    ],
    flagged: [
      FlaggedNode(
        node: "gate & <b>\"q\"</b> '\u{202E}1", group: "eu868", verdict: .reject,
        rawMicro: 9_183_120_394, pPpb: 24_000, qPpb: 96_000, unitsMicro: 12_500_000,
        unitName: "data credits", records: 4,
        reasons: [
          ReasonLine(
            code: "W5_CONSTANT_SIGNAL", kind: .spoof, text: "Signal strength hardly varies.",
            sharePpm: 812_300, feature: "rssi_mad", unit: "dB", observedMicro: 400_000,
            lowMicro: 1_700_000, highMicro: 9_800_000, peers: ["gate-2", "gate-3"]),
          ReasonLine(
            code: "CLOCK_OFF", kind: .fault, text: "The clock is ahead.", sharePpm: 187_700,
            unit: "s", observedMicro: 310_000_000, highMicro: 60_000_000),
        ]),
      FlaggedNode(
        node: "gate-2", group: "eu868", verdict: .hold, rawMicro: 12_400_000, pPpb: 0,
        qPpb: 61_000_000, unitsMicro: 0, unitName: "data credits", records: 1, reasons: []),
    ],
    flaggedTotal: 3,
    features: [
      FeatureSummary(
        name: "rssi_mad", unit: "dB", text: "Spread of signal strength.", lowMicro: 1_700_000,
        medianMicro: 4_312_345, highMicro: 9_800_000, measured: 4)
    ],
    quarantine: [("not JSON", 1)])
}
