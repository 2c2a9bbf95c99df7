import Testing

@testable import Reports

@Suite struct FiguresTests {
  /// Rounds the written number digit by digit, as at school.
  private func naiveDecimal(_ value: Int64, places: Int) -> String {
    var digits = Array(String(value.magnitude)).compactMap(\.wholeNumberValue)
    while digits.count <= places { digits.insert(0, at: 0) }
    let whole = digits.count - places
    let firstUsed = digits.firstIndex { $0 != 0 } ?? digits.count
    let kept = max(min(firstUsed + 4, digits.count), whole)
    var carry = kept < digits.count && digits[kept] >= 5
    digits.replaceSubrange(kept..., with: repeatElement(0, count: digits.count - kept))
    var index = kept - 1
    while carry, index >= 0 {
      carry = digits[index] == 9
      digits[index] = carry ? 0 : digits[index] + 1
      index -= 1
    }
    if carry { digits.insert(1, at: 0) }
    let split = digits.count - places
    var integer = digits[..<split].map(String.init).joined()
    for position in stride(from: integer.count - 3, to: 0, by: -3) {
      integer.insert("\u{202F}", at: integer.index(integer.startIndex, offsetBy: position))
    }
    var fraction = digits[split...].map(String.init).joined()
    while fraction.hasSuffix("0") { fraction.removeLast() }
    let sign = value < 0 && digits.contains { $0 != 0 } ? "\u{2212}" : ""
    return sign + integer + (fraction.isEmpty ? "" : "." + fraction)
  }

  @Test func decimalsAgreeWithSchoolRounding() {
    var random = SeededGenerator(state: 1)
    for _ in 0..<20_000 {
      let value = random.anySize()
      let places = Int.random(in: 0...18, using: &random)
      #expect(Figures.decimal(value, places: places) == naiveDecimal(value, places: places))
    }
    for value in [0, 1, -1, 9_999, 99_995, -99_995, 999_949, 999_950, .max, .min] as [Int64] {
      for places in 0...18 {
        #expect(Figures.decimal(value, places: places) == naiveDecimal(value, places: places))
      }
    }
  }

  @Test(arguments: [
    (1_234_567, "1.235"), (12_345_678_901, "12\u{202F}346"), (250, "0.00025"), (0, "0"),
    (1_500_000, "1.5"), (-4_000_000, "\u{2212}4"), (1, "0.000001"), (9_999_950, "10"),
    (123_456, "0.1235"), (-123_456_789, "\u{2212}123.5"),
  ])
  func microKeepsFourSignificantDigits(value: Int64, text: String) {
    #expect(Figures.micro(value) == text)
  }

  @Test(arguments: [
    (5_000_000, "0.005"), (0, "<0.000000001"), (1, "0.000000001"), (1_000_000_000, "1"),
    (123_456_789, "0.1235"),
  ])
  func probabilitiesAreInUnitsOfOne(ppb: UInt32, text: String) {
    #expect(Figures.probability(ppb: ppb) == text)
  }

  @Test(arguments: [
    (0, "0"), (1, "<0.1"), (499, "<0.1"), (500, "0.1"), (123_456, "12.3"), (123_500, "12.4"),
    (999_499, "99.9"), (999_500, ">99.9"), (999_999, ">99.9"), (1_000_000, "100"),
  ])
  func percentNeverRoundsToNothingOrAll(ppm: UInt32, text: String) {
    #expect(Figures.percent(ppm: ppm) == text + "\u{202F}%")
  }

  @Test func shareIsRoundedDownAndClamped() {
    #expect(Figures.share(1, of: 3) == 333_333)
    #expect(Figures.share(.max - 1, of: .max) == 999_999)
    #expect(Figures.share(5, of: 4) == 1_000_000)
    #expect(Figures.share(0, of: 0) == 0)
    #expect(Figures.share(-1, of: 4) == 0)
  }

  @Test func groupingTakesAnyInteger() {
    #expect(Figures.grouped(Int64.min) == naiveDecimal(.min, places: 0))
    #expect(Figures.grouped(UInt64.max).filter { $0 != "\u{202F}" } == "18446744073709551615")
    #expect(Figures.grouped(UInt8(7)) == "7")
  }
}
