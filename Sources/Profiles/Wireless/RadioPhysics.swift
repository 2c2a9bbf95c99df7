import ExactMath

/// What radio waves can do.
package enum RadioPhysics {
  /// Free-space path loss in dB: 20 log₁₀ d + 20 log₁₀ f + 32.45, d in km, f in MHz (ITU-R P.525).
  ///
  /// No link loses less. Distances under 1 m count as 1 m, where the formula stops being meant.
  package static func freeSpaceLoss(metres: Double, megahertz: Double) -> Double {
    let kilometres = max(metres, 1) / 1000
    return 20 * Statistics.log10(kilometres) + 20 * Statistics.log10(megahertz) + 32.45
  }

  /// The highest effective radiated power that any unlicensed band or licence in use allows
  /// (36 dBm, FCC 15.247), for transmitters that do not state theirs.
  package static let highestEIRP = 36.0

  /// The highest effective isotropic power allowed in a band, dBm: 25 mW e.r.p. in Europe's 863 to
  /// 870 MHz, 500 mW in 869.4 to 869.65 MHz (ETSI EN 300 220-2), elsewhere `highestEIRP`.
  static func legalEIRP(megahertz: Double) -> Double {
    guard megahertz >= 863, megahertz <= 870 else { return highestEIRP }
    return megahertz >= 869.4 && megahertz <= 869.65 ? 29.15 : 16.15
  }

  /// Antenna gain assumed where none is claimed: a good omnidirectional one, so that the doubt is
  /// the node's.
  package static let assumedGain = 9.0

  /// Metres within which a signal came that lost `loss` dB at most: free space upside down.
  static func freeSpaceReach(loss: Double, megahertz: Double) -> Double {
    let exponent = (loss - 32.45 - 20 * Statistics.log10(megahertz)) / 20
    return 1000 * Portable.exp(min(exponent, 9) * 2.302585092994046)
  }

  /// The residual deviation of a line through `links` links that one set in 4,000 falls under where
  /// links scatter by `deviation` dB: the lower 0.025 % of chi-squared (Wilson & Hilferty 1931).
  package static func smallestScatter(links: Int, deviation: Double) -> Double {
    let freedom = Double(max(links - 2, 1))
    let root = max(1 - 2 / (9 * freedom) - 3.48 * (2 / (9 * freedom)).squareRoot(), 0)
    return deviation * (root * root * root).squareRoot()
  }

  /// Milliseconds that a beacon of 51 bytes takes at a spreading factor in 125 kHz (Semtech SX1276
  /// datasheet, 4.1.1.7, rounded up): the longest that gateways exchange; 0 for none.
  static func timeOnAir(_ spreadingFactor: Int) -> Double {
    switch spreadingFactor {
    case 7: 120
    case 8: 220
    case 9: 400
    case 10: 750
    case 11: 1600
    case 12: 2900
    default: 0
    }
  }

  /// SNR at which a LoRa spreading factor can just be demodulated (Semtech SX1276 datasheet, table
  /// 13); `nil` for other modulations.
  static func demodulationFloor(spreadingFactor: Int) -> Double? {
    (5...12).contains(spreadingFactor) ? -2.5 * Double(spreadingFactor - 4) : nil
  }

  /// The spreading factor in a data rate such as `SF9BW125`.
  static func spreadingFactor(_ dataRate: String) -> Int? {
    guard dataRate.hasPrefix("SF") else { return nil }
    return Int(dataRate.dropFirst(2).prefix { $0.isASCII && $0.isNumber })
  }
}
