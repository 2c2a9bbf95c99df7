import Testing

@testable import Reports

@Suite struct MarkupTests {
  private func content(_ name: String) -> String {
    let open = #"<bdi class="name">"#
    let whole = Markup.name(name)
    #expect(whole.hasPrefix(open) && whole.hasSuffix("</bdi>"))
    return String(whole.dropFirst(open.count).dropLast("</bdi>".count))
  }

  @Test func markupCharactersAreEscapedEverywhere() {
    let hostile = #"<script>alert("x")&'</script>"#
    let safe = "&lt;script&gt;alert(&quot;x&quot;)&amp;&#39;&lt;/script&gt;"
    #expect(Markup.text(hostile) == safe)
    #expect(content(hostile) == safe)
  }

  @Test(
    arguments: [
      0x0, 0x9, 0xA, 0xD, 0x1B, 0x7F, 0x85, 0xAD, 0x61C, 0x200B, 0x200E, 0x2028, 0x202A, 0x202E,
      0x2060, 0x2066, 0x2069, 0xFE0F, 0xFEFF, 0xFFFE, 0xFDD0, 0x1FFFF, 0xE0041, 0x10FFFD,
    ] as [UInt32])
  func hiddenCharactersAreShownByCodePoint(value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    var digits = String(value, radix: 16, uppercase: true)
    while digits.count < 4 { digits = "0" + digits }
    #expect(Markup.text("a\(scalar)b") == "a[U+\(digits)]b")
    #expect(content("a\(scalar)b") == "a<b>U+\(digits)</b>b")
  }

  @Test func oddSpacesAndAccentsAreShownInNamesOnly() {
    #expect(Markup.text("12\u{202F}345\u{A0}dB, e\u{301}") == "12\u{202F}345\u{A0}dB, e\u{301}")
    #expect(content("a\u{A0}b") == "a<b>U+00A0</b>b")
    #expect(content("e\u{301}") == "e<b>U+0301</b>")
    #expect(content("é") == "é")
  }

  @Test func ordinaryLettersOfAnyScriptPass() {
    let name = "Gerät-7 节点 عقدة узел 🛰"
    #expect(content(name) == name)
    #expect(Markup.text(name) == name)
  }

  @Test func noNameIsEmptyOrEndless() {
    #expect(content("") == "<b>empty</b>")
    #expect(content(String(repeating: "x", count: 96)) == String(repeating: "x", count: 96))
    let long = content(String(repeating: "x", count: 1_000_000))
    #expect(long == String(repeating: "x", count: 96) + "<b>… 999904 more</b>")
  }

  @Test func everyScalarIsLegalXMLAfterwards() {
    for value in (0...0x10FFFF as ClosedRange<UInt32>) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      for result in Markup.text(String(scalar)).unicodeScalars {
        let isLegal =
          switch result.value {
          case 0x20...0x7E, 0xA0...0xD7FF, 0xF900...0xFFFD, 0x10000...0xDFFFF: true
          default: false
          }
        if !isLegal { Issue.record("U+\(String(value, radix: 16)) passes") }
      }
    }
  }
}
