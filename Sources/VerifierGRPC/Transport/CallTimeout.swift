/// The time a caller gives a call: the value of the header `grpc-timeout`.
///
/// 1 to 8 digits and a unit, as the gRPC protocol over HTTP/2 has it: `H` hours, `M` minutes, `S`
/// seconds, `m`, `u` and `n` milli-, micro- and nanoseconds.
enum CallTimeout {
  /// - Returns: `nil` for anything that is no such value, such as a negative one.
  static func duration(of text: String) -> Duration? {
    var digits = Array(text.utf8)
    guard let unit = digits.popLast(), (1...8).contains(digits.count) else { return nil }
    var amount: Int64 = 0
    for digit in digits {
      guard (48...57).contains(digit) else { return nil }
      amount = amount * 10 + Int64(digit - 48)
    }
    switch UInt8(unit) {
    case UInt8(ascii: "H"): return .seconds(amount * 3600)
    case UInt8(ascii: "M"): return .seconds(amount * 60)
    case UInt8(ascii: "S"): return .seconds(amount)
    case UInt8(ascii: "m"): return .milliseconds(amount)
    case UInt8(ascii: "u"): return .microseconds(amount)
    case UInt8(ascii: "n"): return .nanoseconds(amount)
    default: return nil
    }
  }
}
