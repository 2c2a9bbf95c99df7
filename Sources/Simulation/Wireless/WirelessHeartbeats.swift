extension WirelessNetwork {
  /// Where a node's heartbeats take their position from.
  private enum Fix: Sendable {
    case gps, skyhook, asserted, unknown

    var name: StaticString {
      switch self {
      case .gps: "gps"
      case .skyhook: "skyhook"
      case .asserted: "asserted"
      case .unknown: "unknown"
      }
    }
  }

  /// One heartbeat an hour, or two with some nodes, at the node's own minute.
  ///
  /// A fix errs by an offset of the day (multipath, 2 m), a slow part of 3 m that forgets in some
  /// hours, and 0.6 m of noise; a Wi-Fi location by 20 to 60 m, repeating one of few answers.
  func addHeartbeats(_ node: Node, to diary: inout Diary) {
    var own = stream(.heartbeats, node.index)
    let usual = usualFix(node, &own)
    let count = own.chance(0.85) ? 24 : 48
    let slot = Double(Self.dayLength) / Double(count)
    let minute = own.uniform(0, 0.97) * slot
    let flips = usual == .gps && own.chance(0.06)
    let saysSource = own.chance(0.93)
    var random = stream(.heartbeats, node.index, Int(diary.day) + 1)
    let bias = node.position.scattered(0.002, &random)
    var slow = (east: random.normal(0, 0.003), north: random.normal(0, 0.003))
    for number in 0..<count {
      let time =
        Double(diary.start) + Double(number) * slot + minute + random.uniform(0, 0.01) * slot
      slow.east = 0.75 * slow.east + random.normal(0, 0.002)
      slow.north = 0.75 * slow.north + random.normal(0, 0.002)
      let precise = bias.moved(
        east: slow.east + random.normal(0, 0.0006), north: slow.north + random.normal(0, 0.0006))
      let fix = flips && random.chance(0.12) ? Fix.skyhook : usual
      let (place, source) = beat(node, fix, precise, number, diary.day, &random)
      guard isServing(node, at: time) else { continue }
      diary.add(.heartbeat(place, saysSource ? source.name : nil), at: time)
    }
  }

  private func usualFix(_ node: Node, _ own: inout RandomStream) -> Fix {
    let kind = own.uniform()
    switch node.role {
    case .lookAlike(.gpsGlitch), .fault(.lostFix), .attack(.softwareGPS, _): return .gps
    case .lookAlike(.snappedPosition): return kind < 0.5 ? .gps : .asserted
    default:
      return kind < 0.62 ? .gps : kind < 0.78 ? .asserted : kind < 0.93 ? .skyhook : .unknown
    }
  }

  private func beat(
    _ node: Node, _ fix: Fix, _ precise: Place, _ number: Int, _ day: Int64,
    _ random: inout RandomStream
  ) -> (Place, Fix) {
    switch node.role {
    case .attack(.softwareGPS, let strength):
      return softwareBeat(node, strength, precise, &random)
    case .lookAlike(.snappedPosition):
      return (snapped(node), fix)
    case .lookAlike(.gpsGlitch) where isGlitch(node, number, day):
      let distance = random.logNormal(median: 40, 1.5)
      return (precise.moved(min(distance, 900), turns: random.uniform()), fix)
    case .fault(.lostFix):
      if random.chance(0.55) { return (precise.scattered(0.7, &random), .unknown) }
      return (precise.scattered(0.06, &random), .gps)
    default: break
    }
    switch fix {
    case .gps, .unknown: return (precise, fix)
    case .asserted: return (node.claim.place, fix)
    case .skyhook:
      var answer = stream(.heartbeats, node.index, -1 - random.integer(0...3))
      return (node.position.scattered(0.03, &answer).rounded(digits: 6), fix)
    }
  }

  /// A surveyed installation: the claim itself, or the centre of a grid's square.
  private func snapped(_ node: Node) -> Place {
    stream(.heartbeats, node.index, 1 << 40).chanceOnly(0.5)
      ? node.claim.place : node.position.rounded(digits: 4)
  }

  /// One wrong fix, on one of the days.
  private func isGlitch(_ node: Node, _ number: Int, _ day: Int64) -> Bool {
    var random = stream(.glitch, node.index)
    let last = max(days.count - 1, 0)
    return day == days.lowerBound + Int64(random.integer(0...last))
      && number == random.integer(0...23)
  }

  /// W13: the claim, from ever-changing sources; with true fixes in between; or the claim with a
  /// jitter in its last digits.
  private func softwareBeat(
    _ node: Node, _ strength: Strength, _ precise: Place, _ random: inout RandomStream
  ) -> (Place, Fix) {
    let claim = node.claim.place
    let source: Fix =
      random.chance(strength.choose(0.4, 0.3, 0.12)) ? random.pick([.skyhook, .asserted]) : .gps
    switch strength {
    case .easy: return (claim, source)
    case .medium: return random.chance(0.25) ? (precise, .gps) : (claim, source)
    case .hard:
      let jittered = Place(
        lat: claim.lat + Double(random.integer(-9...9)) * 1e-7,
        lon: claim.lon + Double(random.integer(-9...9)) * 1e-7)
      return (jittered, source)
    }
  }
}
