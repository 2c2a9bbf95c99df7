import ExactMath

/// The clocks behind a node's counter: phases that stay where they are, but for a crystal's drift.
struct CounterClocks {
  static let period = 4_294_967_296.0
  /// µs by which a phase may be off: delays on the way are known to about a second.
  private static let tolerance = 1_500_000.0
  private static let drift = 1e-4

  private struct Clock {
    var phase: Double
    var received: Double
    var count = 1
  }
  private var clocks: [Clock] = []
  /// Which clock each reception belongs to, in time order.
  private var owners: [Int] = []

  init(_ receptions: Receptions) {
    for one in Self.phases(receptions) {
      let owner = clocks.firstIndex { clock in
        let allowed = Self.tolerance + abs(one.received - clock.received) * 1000 * Self.drift
        return abs(Self.difference(one.phase, clock.phase)) <= allowed
      }
      if let owner {
        clocks[owner].phase = one.phase
        clocks[owner].received = one.received
        clocks[owner].count += 1
        owners.append(owner)
      } else if clocks.count < 32 {
        clocks.append(Clock(phase: one.phase, received: one.received))
        owners.append(clocks.count - 1)
      }
    }
  }

  /// The two commonest clocks where both were seen five times and together make three quarters of
  /// all: seconds between their phases, and how often one followed the other.
  var alternating: (gap: Double, turns: Int)? {
    let order = clocks.indices.sorted { (clocks[$1].count, $0) < (clocks[$0].count, $1) }
    guard order.count >= 2 else { return nil }
    let (one, other) = (order[0], order[1])
    guard clocks[other].count >= 5,
      (clocks[one].count + clocks[other].count) * 4 >= owners.count * 3
    else { return nil }
    let sequence = owners.filter { $0 == one || $0 == other }
    let turns = zip(sequence, sequence.dropFirst()).count { $0 != $1 }
    return (abs(Self.difference(clocks[one].phase, clocks[other].phase)) / 1_000_000, turns)
  }

  /// Time of reception, ms, and the counter's phase then, µs, in time order.
  static func phases(_ receptions: Receptions) -> [(received: Double, phase: Double)] {
    var found: [(received: Double, phase: Double)] = []
    for row in 0..<receptions.count where !receptions.counter[row].isNaN {
      let received = receptions.received(row)
      let phase = (received * 1000 - receptions.counter[row]).truncatingRemainder(
        dividingBy: period)
      found.append((received, phase < 0 ? phase + period : phase))
    }
    return found.sorted { $0 < $1 }
  }

  /// `one` − `other` the short way round, µs.
  static func difference(_ one: Double, _ other: Double) -> Double {
    let difference = (one - other).truncatingRemainder(dividingBy: period)
    if difference > period / 2 { return difference - period }
    return difference < -period / 2 ? difference + period : difference
  }
}

extension WirelessEvidence {
  var receptionPhases: [(received: Double, phase: Double)] { CounterClocks.phases(receptions) }

  /// Counter less time of day, µs the short way round, of each reception that has a counter.
  var counterOffsets: [Double] {
    (0..<receptions.count).compactMap { row in
      let counter = receptions.counter[row]
      guard !counter.isNaN else { return nil }
      let received = receptions.received(row)
      let sinceMidnight = received - (received / 86_400_000).rounded(.down) * 86_400_000
      return CounterClocks.difference(sinceMidnight * 1000, counter)
    }
  }
}
