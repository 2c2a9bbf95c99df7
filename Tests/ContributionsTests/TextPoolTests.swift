import Contributions
import Testing

@Suite struct TextPoolTests {
  @Test func codesFollowTheOrderOfFirstAppearance() {
    var pool = TextPool()
    let texts = ["b", "a", "b", "", "a", "", "c"]
    #expect(texts.map { intern($0, in: &pool) } == [0, 1, 0, 2, 1, 2, 3])
    #expect(pool.count == 4)
    #expect((0..<4).map { pool.text($0) } == ["b", "a", "", "c"])
  }

  @Test func manyStringsKeepTheirCodes() {
    var pool = TextPool()
    let texts = (0..<5000).map { "text \($0 * 7919)" }
    for (index, text) in texts.enumerated() { #expect(intern(text, in: &pool) == Int32(index)) }
    for (index, text) in texts.enumerated() {
      #expect(intern(text, in: &pool) == Int32(index))
      #expect(pool.text(Int32(index)) == text)
    }
    #expect(pool.count == 5000)
  }

  @Test func stringsAreToldApartByTheirBytes() {
    var pool = TextPool()
    // Canonically equal for Swift, different for the log; and prefixes of each other.
    let texts = ["\u{E9}", "e\u{301}", "e", "12345678", "123456789", "12345678\u{0}", "\u{0}"]
    #expect(texts.map { intern($0, in: &pool) } == Array(0..<Int32(texts.count)))
  }

  @Test func theEmptyStringMayComeFirst() {
    var pool = TextPool()
    #expect(pool.intern(UnsafeRawBufferPointer(start: nil, count: 0)) == 0)
    #expect(intern("", in: &pool) == 0)
    #expect(pool.text(0) == "")
  }

  @Test func codesNeverGivenHaveNoText() {
    #expect(TextPool().text(0) == "" && TextPool().text(-1) == "")
  }

  @Test func hashesDependOnEveryByte() {
    for length in 0..<40 {
      var seen: Set<UInt64> = []
      for changed in 0...length {
        var bytes = [UInt8](repeating: 0, count: length)
        if changed < length { bytes[changed] = 1 }
        seen.insert(bytes.withUnsafeBytes { ByteHash.hash($0) })
      }
      #expect(seen.count == length + 1)
    }
  }
}
