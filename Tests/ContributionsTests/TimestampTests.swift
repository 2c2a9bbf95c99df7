import Contributions
import Foundation
import Testing

/// Expected values come from GNU `date -d TEXT +%s%3N`; the property loop formats with Foundation.
@Suite struct TimestampTests {
  private func milliseconds(_ text: String) -> Int64? {
    Array(text.utf8).withUnsafeBufferPointer { Timestamp.milliseconds(rfc3339: $0) }
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", Int64(0)),
    ("2025-11-20T12:34:56Z", 1_763_642_096_000),
    ("2025-11-20t12:34:56z", 1_763_642_096_000),
    ("2025-11-20 12:34:56Z", 1_763_642_096_000),
    ("2025-11-20T12:34:56+00:00", 1_763_642_096_000),
    ("2025-11-20T12:34:56-00:00", 1_763_642_096_000),
    ("2025-11-20T12:34:56+05:30", 1_763_622_296_000),
    ("2025-11-20T12:34:56-08:00", 1_763_670_896_000),
    ("2025-11-20T23:59:59+23:59", 1_763_596_859_000),
    ("2025-11-20T12:34:56.7Z", 1_763_642_096_700),
    ("2025-11-20T12:34:56.07Z", 1_763_642_096_070),
    ("2025-11-20T12:34:56.007Z", 1_763_642_096_007),
    ("2025-11-20T12:34:56.007999999Z", 1_763_642_096_007),
    ("2025-11-20T12:34:56.1234567890123456789012345+01:00", 1_763_638_496_123),
    ("2024-02-29T00:00:00Z", 1_709_164_800_000),
    ("1969-12-31T23:59:59.999Z", -1),
    ("1985-04-12T23:20:50.52Z", 482_196_050_520),
    ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
  ])
  func readsDatesAndTimes(text: String, expected: Int64) {
    #expect(milliseconds(text) == expected)
  }

  @Test(arguments: [
    "", "2025", "2025-11-20", "2025-11-20T12:34Z", "2025-11-20T12:34:56",
    "2025-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "2025-13-01T00:00:00Z",
    "2025-00-01T00:00:00Z", "2025-01-00T00:00:00Z", "2025-11-20T24:00:00Z",
    "2025-11-20T23:60:00Z", "2016-12-31T23:59:60Z", "2025-11-20T12:34:56.Z",
    "2025-11-20T12:34:56,5Z", "2025-11-20T12:34:56+24:00", "2025-11-20T12:34:56+01:60",
    "2025-11-20T12:34:56+0100", "2025-11-20T12:34:56+01", "2025-11-20T12:34:56Zx",
    "2025-11-20T12:34:56Z ", " 2025-11-20T12:34:56Z", "2025-11-20T12:34:56 Z",
    "25-11-20T12:34:56Z", "2025-1-20T12:34:56Z", "2025/11/20T12:34:56Z",
    "+2025-11-20T12:34:56Z", "2025-11-20_12:34:56Z", "2025-11-20T1٢:34:56Z", "1763642096000",
  ])
  func refusesWhatIsNoDateAndTime(text: String) {
    #expect(milliseconds(text) == nil)
  }

  @Test func refusesEveryProperPrefixOfADateAndTime() {
    let text = "2025-11-20T12:34:56.789+05:30"
    #expect(milliseconds(text) == 1_763_622_296_789)
    for length in 0..<text.utf8.count { #expect(milliseconds(String(text.prefix(length))) == nil) }
  }

  @Test func agreesWithFoundationOnRandomMoments() {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime]
    var random = SplitMix64(seed: 2)
    for _ in 0..<500 {
      let seconds = Int64.random(in: 0...253_402_300_799, using: &random)
      let quarters = Int.random(in: -48...56, using: &random)
      formatter.timeZone = TimeZone(secondsFromGMT: quarters * 900)!
      let text = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
      guard text.utf8.first == UInt8(ascii: "1") || text.utf8.first == UInt8(ascii: "2") else {
        continue
      }
      #expect(milliseconds(text) == seconds * 1000, "\(text)")
    }
  }
}
