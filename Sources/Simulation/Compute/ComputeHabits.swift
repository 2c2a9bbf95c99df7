/// How a node departs from a sound, honest one in what it does. The defaults depart in nothing.
struct ComputeHabits: Sendable {
  /// Answers with recorded runs in place of new ones.
  struct Replay: Sendable {
    /// Runs on record.
    var pool: Int
    /// Whether the challenge of the recorded run is repeated, and its result's hash.
    var repeatsNonce: Bool
    var repeatsHash: Bool
    /// Relative noise added to a recorded value.
    var jitter = 0.0
    /// Share of the runs that are replayed.
    var share = 1.0
  }

  /// Passes work on to a machine elsewhere.
  struct Relay: Sendable {
    /// Share of probes and of work that takes the long way.
    var share: Double
    var extraMs: Double
    /// Delay of one piece of work: bulk data goes both ways.
    var jobMs: Double
  }

  /// Rate of the cards over what they should reach: throttling, slices.
  var rate = 1.0
  /// The same for the memory.
  var memoryRate = 1.0
  /// Memory that work can really use on one card, MB; infinite: what the model has.
  var usableMB = Double.infinity
  /// Rate left when all cards run at once over a shared bus.
  var busShare = 1.0
  /// Cards that run at once in a round for all; the rest wait for their turn.
  var wave = Int.max
  /// Share of rounds in which devices that share one card are kept apart.
  var stagger = 0.0

  var replay: Replay?
  var relay: Relay?
  /// Factor on the values reported, on the share of runs given, and whether the time fits it.
  var boost = 1.0
  var boostShare = 1.0
  var boostsTime = false
  var boostsUncontrolledOnly = false
  /// Step of the clock that times benchmarks, ms; 0: none.
  var clockStepMs = 0.0

  /// Slowness and failures of organic work alone.
  var organicSlow = 1.0
  var organicFailure = 0.0
  /// Factor on the wall time of organic work during which nothing is done.
  var idleWall = 1.0
  /// Shows work in the telemetry while nothing is done.
  var feignsWork = false
  /// Factor on the wall time of all work spent waiting for disks.
  var waitWall = 1.0
  /// Share of wrong results.
  var errors = 0.005
  /// Hours of the day when work fares worse and is seldom audited.
  var maintenance: ClosedRange<Double>?
  /// Hours of the day when the verifier calls every result wrong.
  var verifierOutage: ClosedRange<Double>?

  var deadDevice: Int?
  /// Temperature at which the card slows down; infinite: never reached.
  var throttleC = Double.infinity
  /// A sensor stuck at this temperature.
  var stuckC: Double?
  /// Scale from the real card's power and clock to those shown.
  var powerScale = 1.0
  var clockScale = 1.0
  /// Noise added to telemetry that several devices or nodes show of one card.
  var disguise = 0.0
  /// Whether the nodes of the group run on one machine.
  var hasSiblings = false
  /// Whether the nodes of the group follow one load cycle.
  var sharesLoad = false
  /// Share of a sibling's runs that fall together with one's own in a round for all.
  var overlap: ClosedRange<Double> = 1...1
  /// Whether every other inventory alone names the devices, the group's nodes in turn.
  var namesInTurn = false
  /// Hours of the log's first day when the first device is in this host.
  var present: ClosedRange<Double> = 0...24
}
