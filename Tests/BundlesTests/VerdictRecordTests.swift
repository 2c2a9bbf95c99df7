import Contributions
import Ledger
import Testing
import Verdicts

@testable import Bundles

private func line(_ record: VerdictRecord) -> [UInt8] {
  record.json(leaf: record.leaf(bits: [:])).bytes
}

private func record(_ verdict: Verdict, epoch: UInt64 = 20_412) -> VerdictRecord {
  VerdictRecord(epoch: epoch, sequence: 3, profile: "wireless", verdict: verdict)
}

private let hostile = [
  "plain", "\"quoted\" \\ back", "line\nfeed\r\ttab", "\u{0}\u{1}\u{1F}\u{7F}", "\u{2028}\u{2029}",
  "caf\u{E9}", "cafe\u{301}", "\u{212B}ngstr\u{F6}m", "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿", "\u{FEFF}bom", "\u{FFFD}\u{FFFE}",
  "</script><b>", "{\"node\":1}", "\u{10FFFF}", "שלום\u{202E}abc", "",
]

@Test(arguments: hostile)
func aLineBecomesARecordAndTheSameLineAgain(text: String) throws {
  var reason = Reason.shared
  reason.code = text
  reason.feature = text
  reason.unit = text
  reason.peers = [text, "b"]
  var verdict = Verdict.sample(text, .hold, reasons: [reason, .unusual])
  verdict.group = text
  let first = line(record(verdict))
  let again = try VerdictRecord(line: first)
  #expect(line(again) == first)
  #expect(Array(again.verdict.node.utf8) == Array(text.utf8))
  #expect(again.verdict.reasons[0].peers.map { Array($0.utf8) } == [Array(text.utf8), [98]])
}

@Test(arguments: Outcome.allCases)
func everyOutcomeAndExtremeMakesTheRoundTrip(outcome: Outcome) throws {
  let limit = CanonicalJSON.largestInteger
  for (raw, units) in [(limit, limit), (-limit, 0), (0, 1)] {
    for p: Int64 in [0, 1, 999, 1_000_000_000] {
      var verdict = Verdict.sample("n", outcome, pPpb: p)
      verdict.rawMicro = raw
      verdict.unitsMicro = units
      let one = VerdictRecord(
        epoch: UInt64(limit), sequence: .max, profile: "p", verdict: verdict,
        supersedes: Keccak256.hash([1]))
      #expect(try VerdictRecord(line: line(one)) == one)
    }
  }
}

@Test func theLineHasTheFormatsFieldsInOrder() throws {
  let one = record(.sample("a", .reject, reasons: [.shared]))
  let text = String(decoding: line(one), as: UTF8.self)
  // keccak256("a"), as Ethereum's tools print it.
  let subject = "3ac225168df54212a25c1c01fd35bebfea408fdac2e31ddd6f80a4bbf9a5f1cb"
  #expect(text.hasPrefix(#"{"contribution":"0x"#))
  #expect(text.contains(#""subject":"0x\#(subject)""#))
  #expect(
    text.contains(
      #""reasons":[{"class":"spoof","code":"SHARED","high_micro":1000000,"observed_micro":2000000,"#
        + #""peers":["b"],"share_ppm":300000,"unit":"nodes"}]"#))
  #expect(text.contains(#""score_ppm":500000,"seq":3,"#))
}

@Test func scoreIsRoundedDown() {
  #expect(Verdict.sample("a", pPpb: 1).scorePpm == 999_999)
  #expect(Verdict.sample("a", pPpb: 1_000_000_000).scorePpm == 0)
  #expect(Verdict.sample("a", pPpb: 999_999_001).scorePpm == 0)
}

/// A good line with one member's value replaced.
private func damaged(_ member: String, _ value: String) -> [UInt8] {
  let good = String(
    decoding: line(record(.sample("a", .hold, reasons: [.unusual]))), as: UTF8.self)
  guard let start = good.range(of: "\"\(member)\":"),
    let end = good[start.upperBound...].firstIndex(where: { ",}]".contains($0) })
  else { return [] }
  return Array(good.replacingCharacters(in: start.upperBound..<end, with: value).utf8)
}

@Test(arguments: [
  ("p_ppb", "-9223372036854775808"), ("p_ppb", "-1"), ("p_ppb", "1000000001"), ("q_ppb", "-1"),
  ("q_ppb", "9223372036854775807"), ("units_micro", "-1"), ("units_micro", "9007199254740992"),
  ("share_ppm", "9223372036854775807"), ("share_ppm", "-1"), ("share_ppm", "1000001"),
  ("seq", "4294967296"), ("seq", "-1"), ("epoch", "-1"), ("epoch", "1e400"), ("raw_micro", "0.5"),
  ("raw_micro", "9223372036854775808"), ("verdict", "\"maybe\""), ("evidence", "\"0xAB\""),
  ("supersedes", "\"\""), ("node", "null"), ("node", "7"), ("group", "null"),
])
func aMemberThatCannotBeIsRefused(_ damage: (String, String)) {
  let line = damaged(damage.0, damage.1)
  #expect(!line.isEmpty)
  #expect(throws: BundleError.self) { try VerdictRecord(line: line) }
}

@Test func whatIsNoObjectIsRefused() {
  for text in ["", "[]", "null", "{}", "{\"epoch\":1", "\u{FEFF}{}"] {
    #expect(throws: BundleError.self) { try VerdictRecord(line: Array(text.utf8)) }
  }
}

@Test func leavesCarryTheReasonsBits() {
  let bits = ["UNUSUAL": 2, "SHARED": 63]
  let one = record(.sample("a", .hold, reasons: [.unusual, .shared, .unusual]))
  #expect(one.leaf(bits: bits).reasonBits == 0x8000_0000_0000_0004)
  #expect(one.leaf(bits: [:]).reasonBits == 0)
  #expect(one.leaf(bits: bits).code == .hold)
}

@Test(arguments: [Int.min, -1, 64, Int.max])
func aBitThatIsNoneStandsInNoLeaf(bit: Int) {
  let one = record(.sample("a", .hold, reasons: [.unusual, .shared]))
  #expect(one.leaf(bits: ["UNUSUAL": bit, "SHARED": 63]).reasonBits == 1 << 63)
}

@Test func foldersAreNamedForEpochAndRevision() {
  var contents = BundleContents.tiny
  #expect(contents.folderName == "epoch-020412-r0")
  contents.epoch = 1_234_567
  contents.revision = 12
  #expect(contents.folderName == "epoch-1234567-r12")
}
