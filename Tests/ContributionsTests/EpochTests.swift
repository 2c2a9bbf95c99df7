import Foundation
import Testing

@testable import Contributions

/// Dates are checked against Foundation's Gregorian calendar, an implementation of its own.
@Suite struct EpochTests {
  private var calendar: Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0)!
    return calendar
  }

  private func expectSameDate(_ day: Int64, _ calendar: Calendar) {
    let moment = Date(timeIntervalSince1970: Double(day) * 86_400)
    let parts = calendar.dateComponents([.year, .month, .day], from: moment)
    let date = CivilDate(day: day)
    #expect(
      [date.year, date.month, date.day] == [parts.year!, parts.month!, parts.day!].map(Int64.init))
    #expect(date.daysSinceEpoch == day)
    #expect(date.isValid)
  }

  @Test func datesAgreeWithFoundationAroundLeapDaysAndCenturies() {
    let calendar = calendar
    for year in [1970, 1972, 1999, 2000, 2023, 2024, 2025, 2100, 2400] {
      let first = CivilDate(year: Int64(year), month: 1, day: 1).daysSinceEpoch
      for day in (first - 1)...(first + 366) { expectSameDate(day, calendar) }
    }
  }

  @Test func datesAgreeWithFoundationOnRandomDays() {
    let calendar = calendar
    var random = SplitMix64(seed: 1)
    for _ in 0..<3000 {
      // From 1600, after the calendar reform that Foundation models, to 9999.
      expectSameDate(Int64.random(in: -135_140...2_932_896, using: &random), calendar)
    }
  }

  @Test func datesAgreeWithFoundationOnEveryDayOfFourYears() {
    let calendar = calendar
    for day in Int64(19_358)..<20_820 { expectSameDate(day, calendar) }
  }

  @Test(arguments: [
    (2023, 2, 29, false), (2024, 2, 29, true), (1900, 2, 29, false), (2000, 2, 29, true),
    (2024, 2, 30, false), (2024, 4, 31, false), (2024, 0, 1, false), (2024, 13, 1, false),
    (2024, 1, 0, false), (2024, 12, 31, true),
  ])
  func daysThatDoNotExistAreInvalid(year: Int64, month: Int64, day: Int64, exists: Bool) {
    #expect(CivilDate(year: year, month: month, day: day).isValid == exists)
  }

  @Test(arguments: [
    (Int64(0), Int64(0)), (86_399_999, 0), (86_400_000, 1), (-1, -1), (-86_400_000, -1),
    (-86_400_001, -2), (1_763_596_800_000, 20_412), (1_763_683_199_999, 20_412),
    (.max, 106_751_991_167), (.min, -106_751_991_168),
  ])
  func aMomentBelongsToTheDayThatHoldsIt(milliseconds: Int64, day: Int64) {
    #expect(Epoch(containing: milliseconds).day == day)
  }

  @Test func describesItselfAsADate() {
    #expect(Epoch(day: 20_412).description == "2025-11-20")
    #expect(Epoch(day: 0).description == "1970-01-01")
    #expect(Epoch(day: 11_016).description == "2000-02-29")
  }

  @Test func laterDaysCompareGreater() {
    #expect(Epoch(day: 1) < Epoch(day: 2))
    #expect(!(Epoch(day: 2) < Epoch(day: 2)))
  }
}
