import Verdicts

/// Reasons and numbers as text for a terminal.
enum ReasonText {
  /// A reason on one line: what, the value, the interval, the share.
  static func line(_ reason: Reason) -> String {
    var text = reason.feature.map { "\($0) (\(reason.code))" } ?? reason.code
    let unit = reason.unit.map { " \($0)" } ?? ""
    if let observed = reason.observedMicro { text += " is \(decimal(observed))\(unit)" }
    switch (reason.lowMicro, reason.highMicro) {
    case (let low?, let high?):
      let whose = reason.feature == nil ? "allowed is" : "peers show"
      text += "; \(whose) \(decimal(low)) to \(decimal(high))\(unit)"
    case (let low?, nil): text += "; at least \(decimal(low))\(unit) is expected"
    case (nil, let high?): text += "; at most \(decimal(high))\(unit) is expected"
    case (nil, nil): break
    }
    if reason.sharePpm > 0 { text += " [\((reason.sharePpm + 5000) / 10_000) %]" }
    if !reason.peers.isEmpty {
      text += "; with \(reason.peers.map(Terminal.safe).joined(separator: ", "))"
    }
    return text
  }

  /// Millionths as a decimal without trailing zeros.
  static func decimal(_ micro: Int64) -> String {
    let magnitude = micro.magnitude
    let fraction = String(magnitude % 1_000_000)
    let padded = String(repeating: "0", count: 6 - fraction.count) + fraction
    let digits = padded.reversed().drop { $0 == "0" }.reversed()
    let sign = micro < 0 ? "-" : ""
    let whole = "\(sign)\(magnitude / 1_000_000)"
    return digits.isEmpty ? whole : "\(whole).\(String(digits))"
  }
}

/// Text of strangers on a terminal.
enum Terminal {
  /// Control characters and direction marks made visible: a node's name must not move the cursor.
  static func safe(_ text: String) -> String {
    String(
      text.unicodeScalars.map { scalar -> String in
        let category = scalar.properties.generalCategory
        let isHarmless =
          category != .control && category != .format && category != .lineSeparator
          && category != .paragraphSeparator
        return isHarmless ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
      }.joined())
  }
}
