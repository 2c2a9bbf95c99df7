extension WirelessNetwork {
  public static let attacks: [AttackSpec] = [
    AttackSpec("W1", group: 4...10, "radios on one roof claim places hundreds of metres apart"),
    AttackSpec("W2", group: 5...12, "keys without reach report only each other's beacons"),
    AttackSpec("W3", group: 8...40, "one forwarder's receptions are reported under many keys"),
    AttackSpec("W4", "a middleman rewrites signal strength and SNR into a box that pays"),
    AttackSpec("W5", "every reception carries the same signal strength and SNR"),
    AttackSpec("W6", "receptions are computed from a path-loss formula"),
    AttackSpec("W7", "receptions of a radio elsewhere arrive over the Internet"),
    AttackSpec("W8", "the radio stands elsewhere than claimed"),
    AttackSpec("W9", "transmit power is far from what gain and power claims say"),
    AttackSpec("W10", group: 1...2, "one key is used by two gateways in two places"),
    AttackSpec("W11", group: 1...2, "sessions or packets of earlier hours are sent in again"),
    AttackSpec("W12", "own subscribers move bulk data through the node"),
    AttackSpec("W13", "software sets the position that heartbeats report"),
    AttackSpec("W14", "the speed test reports what its owner likes"),
  ]

  public static let faults: [HonestSpec] = [
    HonestSpec(Fault.deadReceiver.rawValue, "sends beacons and hears next to nothing"),
    HonestSpec(Fault.lostAntenna.rawValue, "a broken cable costs 20 to 30 dB both ways"),
    HonestSpec(Fault.clockOff.rawValue, "the concentrator's crystal is 60 to 300 ppm off"),
    HonestSpec(Fault.slowBackhaul.rawValue, "most receptions arrive seconds to minutes late"),
    HonestSpec(Fault.restartingConcentrator.rawValue, "the concentrator restarts all day"),
    HonestSpec(Fault.intermittentPower.rawValue, "off for half of the time, in pieces"),
    HonestSpec(Fault.lostFix.rawValue, "GPS without sky view: unknown or wandering positions"),
    HonestSpec(Fault.stalledSpeedTest.rawValue, "speed tests fail with nothing or almost nothing"),
  ]

  public static let lookAlikes: [HonestSpec] = [
    HonestSpec(
      LookAlike.twoUnits.rawValue, group: 2...2, "two units of one owner on one roof (W1)"),
    HonestSpec(
      LookAlike.isolatedTown.rawValue, group: 6...14, "a town that hears only itself (W2)"),
    HonestSpec(LookAlike.denseBlock.rawValue, group: 8...16, "neighbours in one city block (W3)"),
    HonestSpec(LookAlike.coarseSteps.rawValue, "a receiver with coarse steps and limits (W4)"),
    HonestSpec(LookAlike.distantSF12.rawValue, "hears only SF12 at the edge of reception (W5)"),
    HonestSpec(
      LookAlike.lineOfSight.rawValue, "fixed links in line of sight, steady and strong (W6)"),
    HonestSpec(LookAlike.slowLink.rawValue, "satellite or mobile backhaul, often late (W7)"),
    HonestSpec(LookAlike.gpsGlitch.rawValue, "one wrong fix far away (W8)"),
    HonestSpec(LookAlike.farTower.rawValue, "a tower that hears a hundred kilometres (W8)"),
    HonestSpec(LookAlike.goodSite.rawValue, "a rooftop clear of everything (W9)"),
    HonestSpec(LookAlike.restart.rawValue, "restarted by its owner: the counter starts anew (W10)"),
    HonestSpec(LookAlike.retransmission.rawValue, "the same payload again within seconds (W11)"),
    HonestSpec(LookAlike.kiosk.rawValue, "few subscribers with much traffic in shop hours (W12)"),
    HonestSpec(LookAlike.snappedPosition.rawValue, "fixed installation, snapped position (W13)"),
    HonestSpec(LookAlike.throttledLine.rawValue, "a line throttled to its plan's speed (W14)"),
  ]

  enum Attack: String, Sendable {
    case farm = "W1"
    case clique = "W2"
    case stuffing = "W3"
    case rewriting = "W4"
    case constant = "W5"
    case formula = "W6"
    case relay = "W7"
    case misplaced = "W8"
    case boosted = "W9"
    case cloned = "W10"
    case replay = "W11"
    case farming = "W12"
    case softwareGPS = "W13"
    case speedTest = "W14"

    /// Played by access points; replays by either kind.
    var needsAccess: Bool { [.farming, .softwareGPS, .speedTest].contains(self) }
  }

  enum Fault: String, Sendable {
    case deadReceiver = "dead-receiver"
    case lostAntenna = "lost-antenna"
    case clockOff = "clock-off"
    case slowBackhaul = "slow-backhaul"
    case restartingConcentrator = "restarting-concentrator"
    case intermittentPower = "intermittent-power"
    case lostFix = "lost-fix"
    case stalledSpeedTest = "stalled-speed-test"

    var needsAccess: Bool { [.lostFix, .stalledSpeedTest].contains(self) }
  }

  enum LookAlike: String, Sendable {
    case twoUnits = "two-units"
    case isolatedTown = "isolated-town"
    case denseBlock = "dense-block"
    case coarseSteps = "coarse-steps"
    case distantSF12 = "distant-sf12"
    case lineOfSight = "line-of-sight"
    case slowLink = "slow-link"
    case gpsGlitch = "gps-glitch"
    case farTower = "far-tower"
    case goodSite = "good-site"
    case restart
    case retransmission
    case kiosk
    case snappedPosition = "snapped-position"
    case throttledLine = "throttled-line"

    var needsAccess: Bool { [.gpsGlitch, .kiosk, .snappedPosition, .throttledLine].contains(self) }
  }

  /// A part of the cast in this network's own terms; names of other networks' parts are honest.
  enum Role: Sendable, Equatable {
    case honest
    case fault(Fault)
    case lookAlike(LookAlike)
    case attack(Attack, Strength)

    init(_ part: Part) {
      switch part {
      case .honest: self = .honest
      case .fault(let name): self = Fault(rawValue: name).map(Role.fault) ?? .honest
      case .lookAlike(let name): self = LookAlike(rawValue: name).map(Role.lookAlike) ?? .honest
      case .attack(let code, let strength):
        self = Attack(rawValue: code).map { .attack($0, strength) } ?? .honest
      }
    }

    /// Whether the part can only be played by a Wi-Fi or 5G node; `nil` when by any.
    var needsAccess: Bool? {
      switch self {
      case .honest, .attack(.replay, _), .fault(.slowBackhaul), .fault(.intermittentPower): nil
      case .lookAlike(.retransmission): nil
      case .fault(let fault): fault.needsAccess
      case .lookAlike(let lookAlike): lookAlike.needsAccess
      case .attack(let attack, _): attack.needsAccess
      }
    }
  }
}

extension Strength {
  /// The value for this strength.
  func choose<Value>(_ easy: Value, _ medium: Value, _ hard: Value) -> Value {
    switch self {
    case .easy: easy
    case .medium: medium
    case .hard: hard
    }
  }
}
