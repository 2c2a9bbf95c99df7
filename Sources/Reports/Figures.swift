/// Integers of a fixed decimal scale, written for people: the same characters on every machine.
///
/// No locale and no floating point. Digits before the point are grouped by three with U+202F, which
/// is narrow and never breaks a line; minus is U+2212, as wide as a digit.
public enum Figures {
  static let groupSeparator = "\u{202F}"
  static let minus = "\u{2212}"

  /// `value` in full, grouped: `1 234 567`.
  public static func grouped(_ value: some FixedWidthInteger) -> String {
    (value < 0 ? minus : "") + grouped(magnitude: UInt64(clamping: value.magnitude))
  }

  /// `value / 10⁶` at four significant digits; see ``decimal(_:places:)``.
  public static func micro(_ value: Int64) -> String {
    decimal(value, places: 6)
  }

  /// `value / 10^places`, rounded half away from zero to four significant digits.
  ///
  /// Digits before the point are never rounded away, zeros at the end are dropped: with six places
  /// 1234567 is `1.235`, 12345678901 is `12 346` and 250 is `0.00025`. Four digits tell a value from
  /// its limits and still read at a glance; the verdict files hold the exact ones. `places` is
  /// clamped to 0…18.
  public static func decimal(_ value: Int64, places: Int) -> String {
    let places = min(max(places, 0), 18)
    let magnitude = value.magnitude
    let dropped = min(max(digitCount(magnitude) - 4, 0), places)
    let divisor = powerOfTen(dropped)
    let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: divisor)
    let rounded = quotient + (remainder >= divisor - remainder ? 1 : 0)

    let unit = powerOfTen(places - dropped)
    var text = grouped(magnitude: rounded / unit)
    let fraction = fractionDigits(rounded % unit, places: places - dropped)
    if !fraction.isEmpty { text += "." + fraction }
    return (value < 0 && rounded > 0 ? minus : "") + text
  }

  /// A probability × 10⁹: 5000000 is `0.005`. Zero is below what the scale can tell, not impossible,
  /// and reads `<0.000000001`.
  public static func probability(ppb: UInt32) -> String {
    ppb == 0 ? "<0.000000001" : decimal(Int64(ppb), places: 9)
  }

  /// A share × 10⁶ in percent with one decimal at most: 123456 is `12.3 %`.
  ///
  /// What would round to nothing or to all without being so reads `<0.1 %` or `>99.9 %`.
  public static func percent(ppm: UInt32) -> String {
    let number =
      switch ppm {
      case 1..<500: "<0.1"
      case 999_500..<1_000_000: ">99.9"
      default: decimal((Int64(ppm) + 500) / 1000, places: 1)
      }
    return number + groupSeparator + "%"
  }

  /// `part / whole` × 10⁶, rounded down; 0 if `whole` is not positive, and clamped to 0…10⁶.
  public static func share(_ part: Int, of whole: Int) -> UInt32 {
    guard part > 0, whole > 0 else { return 0 }
    guard part < whole else { return 1_000_000 }
    return UInt32(Int128(part) * 1_000_000 / Int128(whole))
  }

  /// 10^`exponent` for exponents 0…19.
  static func powerOfTen(_ exponent: Int) -> UInt64 {
    var power: UInt64 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }

  /// Decimal digits of `value`; 1 for zero.
  static func digitCount(_ value: UInt64) -> Int {
    var count = 1
    var rest = value / 10
    while rest > 0 {
      count += 1
      rest /= 10
    }
    return count
  }

  private static func grouped(magnitude: UInt64) -> String {
    let digits = String(magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += groupSeparator }
      text.append(digit)
    }
    return text
  }

  /// The decimals of `fraction / 10^places` without zeros at the end; empty for zero.
  private static func fractionDigits(_ fraction: UInt64, places: Int) -> String {
    guard fraction > 0 else { return "" }
    var digits = String(fraction)
    digits = String(repeating: "0", count: places - digits.count) + digits
    while digits.last == "0" { digits.removeLast() }
    return digits
  }
}
