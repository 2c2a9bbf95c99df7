/// Reading of the `ts` field.
public enum Timestamp {
  /// Milliseconds since 1970-01-01 UTC of an RFC 3339 date and time, or `nil` when it is none.
  ///
  /// Digits behind the millisecond are cut off. A leap second (`:60`) is not accepted: the log's
  /// clock has no place for it.
  public static func milliseconds(rfc3339 text: UnsafeBufferPointer<UInt8>) -> Int64? {
    var scanner = DigitScanner(text)
    guard let year = scanner.number(digits: 4), scanner.take("-"),
      let month = scanner.number(digits: 2), scanner.take("-"),
      let day = scanner.number(digits: 2),
      scanner.take("T") || scanner.take("t") || scanner.take(" "),
      let hour = scanner.number(digits: 2), scanner.take(":"),
      let minute = scanner.number(digits: 2), scanner.take(":"),
      let second = scanner.number(digits: 2)
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    guard date.isValid, hour < 24, minute < 60, second < 60 else { return nil }
    guard let fraction = scanner.millisecondFraction(), let offset = scanner.offsetMinutes(),
      scanner.isAtEnd
    else { return nil }
    let minutes = (date.daysSinceEpoch * 24 + hour) * 60 + minute - offset
    return (minutes * 60 + second) * 1000 + fraction
  }
}

/// A cursor over ASCII digits and marks.
private struct DigitScanner {
  private let text: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
  }

  var isAtEnd: Bool { position == text.count }

  mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard position < text.count, UInt32(text[position]) == mark.value else { return false }
    position += 1
    return true
  }

  mutating func digit() -> Int64? {
    guard position < text.count, text[position] >= 48, text[position] <= 57 else { return nil }
    defer { position += 1 }
    return Int64(text[position]) - 48
  }

  mutating func number(digits: Int) -> Int64? {
    var value: Int64 = 0
    for _ in 0..<digits {
      guard let next = digit() else { return nil }
      value = value * 10 + next
    }
    return value
  }

  /// `.123456` as 123; zero where there is no fraction; `nil` for a point without digits.
  mutating func millisecondFraction() -> Int64? {
    guard take(".") else { return 0 }
    guard var value = digit() else { return nil }
    var digits = 1
    while let next = digit() {
      if digits < 3 { value = value * 10 + next }
      digits += 1
    }
    while digits < 3 {
      value *= 10
      digits += 1
    }
    return value
  }

  /// `Z` or `±hh:mm`, in minutes east of UTC.
  mutating func offsetMinutes() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let sign: Int64
    if take("+") {
      sign = 1
    } else if take("-") {
      sign = -1
    } else {
      return nil
    }
    guard let hours = number(digits: 2), take(":"), let minutes = number(digits: 2),
      hours < 24, minutes < 60
    else { return nil }
    return sign * (hours * 60 + minutes)
  }
}
