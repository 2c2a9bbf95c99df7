import ExactMath

extension PayloadTwins {
  /// What two nodes' receptions of the same payloads have in common.
  struct Pair: Sendable {
    var count = 0
    var alike = 0
    private var strength = Moments()
    private var noise = Moments()
    private var own = Moments()
    private var ownNoise = Moments()
    /// Of ratios that are far from the top of their range.
    private var lowNoise = Moments()
    private var ownLowNoise = Moments()
    /// Differences of the counters, less the first one's.
    private var firstStep: Int64?
    private var steps = 0
    private var equalSteps = 0
    private var equalNoise = 0

    mutating func add(_ one: Reception, _ other: Reception, isAlike: Bool) {
      count += 1
      if isAlike { alike += 1 }
      if one.rssi != .min, other.rssi != .min {
        strength.add(Double(Int(one.rssi) - Int(other.rssi)) / 10)
        own.add(Double(one.rssi) / 10)
      }
      if one.snr != .min, other.snr != .min { addNoise(Int(one.snr), Int(other.snr)) }
      if one.counter != .max, other.counter != .max {
        addStep(Int64(one.counter) - Int64(other.counter))
      }
    }

    private mutating func addNoise(_ one: Int, _ other: Int) {
      noise.add(Double(one - other) / 10)
      ownNoise.add(Double(one) / 10)
      if one == other { equalNoise += 1 }
      guard max(one, other) < 50 else { return }
      lowNoise.add(Double(one - other) / 10)
      ownLowNoise.add(Double(one) / 10)
    }

    private mutating func addStep(_ step: Int64) {
      steps += 1
      if let firstStep {
        let change = abs(step - firstStep) % 4_294_967_296
        if min(change, 4_294_967_296 - change) <= 2 { equalSteps += 1 }
      } else {
        firstStep = step
        equalSteps += 1
      }
    }

    private var isAlikeMostly: Bool {
      alike * 5 >= count * 4 && strength.count >= 6
    }

    private var keepsStep: Bool { steps >= 6 && equalSteps * 5 >= steps * 4 }

    /// Whether it is one reception: differences smaller than two receivers', over payloads that
    /// differ among themselves or agree in a ratio that is not at its limit.
    var isOne: Bool {
      let equal =
        noise.count >= 6 && ownNoise.deviation >= 0.5 && equalNoise * 10 >= noise.count * 6
      // Of a few, two receivers of one or two devices may differ little.
      guard count >= (equal ? 6 : 12), isAlikeMostly else { return false }
      // Strengths below the noise are the noise's, and say nothing: then the ratio has to.
      let varies = own.deviation >= 2 * max(strength.deviation, 0.3) || equal || isRatioTelling
      // A ratio that stands at the top of its range for both agrees by itself.
      let isTelling = ownNoise.deviation >= 2 * max(noise.deviation, 0.25)
      let agrees = noise.count >= 6 && noise.deviation <= 1.3 && (isTelling || equal)
      if strength.deviation <= 2.3, agrees, varies { return true }
      return keepsStep && strength.deviation <= 3.5 && noise.deviation <= 1.6 && varies
    }

    /// Ratios under 5 dB that range widely and agree closer than two receivers' do.
    private var isRatioTelling: Bool {
      lowNoise.count >= 10 && lowNoise.deviation <= 1.3
        && ownLowNoise.deviation >= 3 * max(lowNoise.deviation, 0.5)
    }

    /// Whether two agree in strength where either reports no ratio: by itself no proof.
    var isKin: Bool {
      count >= 12 && isAlikeMostly && noise.count < 6 && strength.deviation <= 2.3
        && (own.deviation >= 1.5 * max(strength.deviation, 0.3) || keepsStep)
    }
  }

  struct Moments: Sendable {
    private(set) var count = 0
    private var sum = 0.0
    private var squares = 0.0

    mutating func add(_ value: Double) {
      count += 1
      sum += value
      squares += value * value
    }

    var deviation: Double {
      guard count >= 2 else { return .nan }
      let mean = sum / Double(count)
      return max((squares - sum * mean) / Double(count - 1), 0).squareRoot()
    }
  }
}
