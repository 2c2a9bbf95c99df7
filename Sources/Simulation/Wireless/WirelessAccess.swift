import ExactMath

extension WirelessNetwork {
  /// What an access point's surroundings are, and with them its day.
  struct Venue: Sendable {
    /// Sessions a day at the median site.
    let sessions: Double
    /// Regular subscribers, and the share of sessions that passers-by have.
    let regulars: ClosedRange<Int>
    let passing: Double
    /// Relative demand by local hour.
    let hours: [Double]

    static let all: [Venue] = [home, cafe, office, shop, station]

    static let home = Venue(
      sessions: 42, regulars: 3...12, passing: 0.12,
      hours: [
        3, 2, 1, 1, 1, 2, 4, 6, 6, 5, 5, 5, 6, 6, 5, 6, 7, 9, 11, 12, 13, 12, 9, 6,
      ])
    static let cafe = Venue(
      sessions: 75, regulars: 15...60, passing: 0.6,
      hours: [
        0.3, 0.1, 0.1, 0.1, 0.1, 1, 4, 8, 11, 11, 10, 11, 13, 12, 10, 9, 9, 9, 8, 7, 5, 4, 2, 1,
      ])
    static let office = Venue(
      sessions: 60, regulars: 20...80, passing: 0.1,
      hours: [
        0.3, 0.2, 0.2, 0.2, 0.3, 1, 3, 8, 13, 14, 13, 12, 9, 12, 13, 12, 10, 6, 3, 2, 1, 1, 0.6,
        0.4,
      ])
    static let shop = Venue(
      sessions: 65, regulars: 6...25, passing: 0.8,
      hours: [
        0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.5, 1, 3, 8, 11, 12, 13, 13, 13, 13, 14, 14, 11, 6, 2, 0.6,
        0.3, 0.2,
      ])
    static let station = Venue(
      sessions: 110, regulars: 40...120, passing: 0.75,
      hours: [
        1, 0.6, 0.4, 0.4, 1, 4, 10, 15, 13, 8, 7, 7, 8, 8, 8, 9, 12, 15, 13, 9, 6, 5, 3, 2,
      ])
  }

  /// An access point's line and surroundings, drawn anew wherever needed: they cost nothing.
  struct AccessPoint: Sendable {
    let venue: Venue
    let sessions: Double
    let regulars: Int
    /// The line's plan, Mbit/s.
    let down: Double
    let up: Double
    let latency: Double
    /// Median bytes of a session.
    let volume: Double
    /// Local time less UTC, hours.
    let zone: Double

    static let plans: [(down: Double, up: Double)] = [
      (50, 10), (100, 20), (100, 40), (200, 20), (250, 40), (300, 30), (500, 50), (500, 500),
      (1000, 50), (940, 940),
    ]
  }

  func accessPoint(_ node: Node) -> AccessPoint {
    var random = stream(.access, node.index)
    let venue = random.pick(Venue.all)
    let plan = random.pick(AccessPoint.plans)
    return AccessPoint(
      venue: venue, sessions: min(random.logNormal(median: venue.sessions, 0.35), 220),
      regulars: random.integer(venue.regulars), down: plan.down, up: plan.up,
      latency: random.logNormal(median: 17, 0.35),
      volume: random.logNormal(median: 3.5e6, 0.4),
      zone: (node.claim.place.lon / 15).rounded())
  }

  /// Heartbeats, sessions and speed tests of a Wi-Fi or 5G node.
  func addAccessRecords(_ node: Node, to diary: inout Diary) {
    let point = accessPoint(node)
    addHeartbeats(node, to: &diary)
    // Some nodes have no subscribers yet, some no speed test; parts that need them have them.
    let isHonest = node.role == .honest
    var random = stream(.access, node.index, -1)
    if random.chance(0.94) || !isHonest { addTransfers(node, point, to: &diary) }
    if random.chance(0.9) || !isHonest { addSpeedTests(node, point, to: &diary) }
  }

  /// Whether an access point has power; see `isOn(_:at:)` for radios.
  func isServing(_ node: Node, at time: Double) -> Bool {
    guard node.role == .fault(.intermittentPower) else { return true }
    return stream(.power, -1 - node.index, Int(time / 1_800_000)).chanceOnly(0.5)
  }

  /// A speed test as the node reports it: Mbit/s and ms.
  struct SpeedTest: Sendable {
    var up: Double
    var down: Double
    var latency: Double
  }

  /// Four to eight tests a day: less than the plan, least in the evening, with a spread of 8 %.
  private func addSpeedTests(_ node: Node, _ point: AccessPoint, to diary: inout Diary) {
    var random = stream(.speedtests, node.index, Int(diary.day))
    let count = random.integer(4...8)
    let share = stream(.speedtests, node.index).uniformOnly(0.7, 0.95)
    for place in 0..<count {
      let slot = Double(Self.dayLength) / Double(count)
      let time = Double(diary.start) + (Double(place) + random.uniform(0.1, 0.9)) * slot
      let hour = (time / 3_600_000 + point.zone).truncatingRemainder(dividingBy: 24)
      let evening = hour >= 18 && hour < 23 ? random.uniform(0.65, 0.95) : 1
      let test = SpeedTest(
        up: min(point.up * share * random.logNormal(median: 1, 0.08), point.up),
        down: min(point.down * share * evening * random.logNormal(median: 1, 0.08), point.down),
        latency: point.latency * random.logNormal(median: 1, 0.18) + random.exponential(1.5))
      let reported = reportedTest(test, node, point, &random)
      if isServing(node, at: time) { diary.add(.speedTest(reported), at: time) }
    }
  }

  private func reportedTest(
    _ test: SpeedTest, _ node: Node, _ point: AccessPoint, _ random: inout RandomStream
  ) -> SpeedTest {
    switch node.role {
    case .fault(.stalledSpeedTest):
      return random.chance(0.5)
        ? SpeedTest(up: 0, down: 0, latency: random.uniform(900, 5000))
        : SpeedTest(
          up: test.up * 0.004, down: test.down * random.uniform(0.001, 0.01),
          latency: test.latency * random.uniform(5, 60))
    case .lookAlike(.throttledLine):
      // The throttle holds the rate within a few per mille; latency stays the line's own.
      return SpeedTest(
        up: point.up * 0.965 * (1 + random.normal(0, 0.006)),
        down: point.down * 0.97 * (1 + random.normal(0, 0.005)), latency: test.latency)
    case .attack(.speedTest, let strength):
      var own = stream(.speedtests, node.index, -1)
      let target = (
        down: own.pick([100.0, 250, 299, 300]), up: own.pick([10.0, 30, 50, 100]),
        latency: own.uniform(4, 14)
      )
      let noise = strength.choose(0, 0.003, 0.012)
      return SpeedTest(
        up: min(target.up * (1 + random.normal(0, noise)), target.up),
        down: min(target.down * (1 + random.normal(0, noise)), target.down),
        latency: max(target.latency + random.normal(0, noise * 40), 1))
    default: return test
    }
  }
}

extension RandomStream {
  func uniformOnly(_ low: Double, _ high: Double) -> Double {
    var copy = self
    return copy.uniform(low, high)
  }
}
