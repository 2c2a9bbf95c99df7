/// How often something may happen: a bucket that holds a second's worth and refills evenly.
struct TokenBucket {
  private let perSecond: Double
  private var tokens: Double
  private var time: ContinuousClock.Instant

  init(perSecond: Int, now: ContinuousClock.Instant) {
    self.perSecond = Double(max(perSecond, 1))
    tokens = self.perSecond
    time = now
  }

  /// Takes one token.
  ///
  /// - Returns: `nil` if there was one, else the seconds until there is one.
  mutating func take(now: ContinuousClock.Instant) -> Double? {
    let passed = max((now - time) / .seconds(1), 0)
    tokens = min(tokens + passed * perSecond, perSecond)
    time = max(time, now)
    guard tokens >= 1 else { return (1 - tokens) / perSecond }
    tokens -= 1
    return nil
  }
}
