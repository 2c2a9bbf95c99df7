import ExactMath
import Profiles

/// One host's deviations by line, and what they say together.
///
/// Limits are in units of the peers' own spread (`ComputePeers`), with a ratio besides: a network
/// whose peers are all alike must not make a small difference an accusation.
struct ComputeSummary {
  typealias Line = ComputeTrace.Line

  private let lines: [[ComputePeers.Deviation]]

  init(_ deviations: [ComputePeers.Deviation]) {
    var lines = Array(repeating: [ComputePeers.Deviation](), count: Line.allCases.count)
    for deviation in deviations { lines[Int(deviation.line.rawValue)].append(deviation) }
    self.lines = lines
  }

  func all(_ line: Line) -> [ComputePeers.Deviation] { lines[Int(line.rawValue)] }

  /// Medians over the line's keys; NaN without any.
  func deviations(_ line: Line) -> Double { Statistics.median(all(line).map(\.deviations)) }

  func ratio(_ line: Line) -> Double { Statistics.median(all(line).map(\.ratio)) }

  func count(_ line: Line) -> Int { all(line).reduce(0) { $0 + $1.count } }

  /// Whether at least half of the line's keys are beyond both limits; limits below zero are for the
  /// low side.
  func isBeyond(_ line: Line, _ limit: Double, _ ratio: Double) -> Bool {
    let all = all(line)
    return !all.isEmpty && beyond(line, limit, ratio) * 2 >= all.count
  }

  func beyond(_ line: Line, _ limit: Double, _ ratio: Double) -> Int {
    all(line).count {
      limit < 0
        ? $0.deviations <= limit && $0.ratio <= ratio
        : $0.deviations >= limit && $0.ratio >= ratio
    }
  }
}

/// Findings about one host from its deviations.
enum ComputeUnlikePeers {
  static func findings(_ trace: ComputeTrace, _ summary: ComputeSummary) -> [RuleFinding] {
    [
      slow(trace, summary), jobTime(trace, summary), unlikeRuns(summary), farWork(trace, summary),
    ].compactMap { $0 }
  }

  /// Measurements that a median must stand on.
  private static let minimumCount = 3

  private static func finding(
    _ reason: ReasonCode, _ ratio: Double, low: Double? = nil, high: Double? = nil, _ count: Int
  ) -> RuleFinding {
    RuleFinding(
      reason, observed: Portable.exp(ratio), low: low, high: high, occurrences: count,
      minimumOccurrences: minimumCount)
  }

  /// Slower than peers in most workloads, at its best too; or slower by less, and by that much
  /// different in what the card's electricity shows as well. A hot card is a fault, and so is a
  /// poor specimen.
  ///
  /// Waiting for a turn makes wall times long and not results low, so long times alone speak
  /// against hosts with one device only, and against those whose devices make up one card.
  private static func slow(_ trace: ComputeTrace, _ summary: ComputeSummary) -> RuleFinding? {
    guard !trace.isThrottled, !isHeat(trace, summary) else { return nil }
    let ratio = summary.ratio(.throughput)
    let isSpecimen = isPoorSpecimen(summary)
    let isSlow =
      !isSpecimen && summary.isBeyond(.throughput, -4.5, -0.22)
      && summary.isBeyond(.best, -3, -0.14)
    let isLong = summary.isBeyond(.elapsed, 5, 0.35) && !summary.isBeyond(.throughput, 3, 0.1)
    if isSlow || isLong, let share = share(trace, summary, isSlow: isSlow) {
      return finding(
        ComputeRelationReasons.sharedDevice, share, low: 0.75, summary.count(.throughput))
    }
    if isSlow {
      return finding(
        ComputeRelationReasons.slowHardware, ratio, low: 0.8, summary.count(.throughput))
    }
    if isLong, !(trace.claimed.devices > 1) {
      return finding(
        ComputeRelationReasons.slowHardware, -summary.ratio(.elapsed), low: 0.7,
        summary.count(.elapsed))
    }
    guard !isSpecimen else { return nil }
    let performance = [
      summary.isBeyond(.throughput, -3, -0.13), summary.isBeyond(.elapsed, 3, 0.13),
      summary.isBeyond(.slowness, 3, 0.13),
    ].count { $0 }
    let electricity = [
      summary.isBeyond(.power, -3, -0.15) || summary.isBeyond(.power, 4, 0.25),
      summary.isBeyond(.clock, -3, -0.08) || summary.isBeyond(.clock, 4, 0.1),
      summary.isBeyond(.memoryClock, -6, -0.1) || summary.isBeyond(.memoryClock, 6, 0.1),
    ].count { $0 }
    guard performance >= 1, electricity >= 1 || performance >= 2 else { return nil }
    let line: ComputeTrace.Line = summary.all(.throughput).isEmpty ? .slowness : .throughput
    let sign: Double = line == .slowness ? -1 : 1
    return finding(
      ComputeRelationReasons.slowHardware, sign * summary.ratio(line), low: 0.9,
      summary.count(line))
  }

  /// Whether the slowness is one that a sound owner's card can have: of three workloads or more one
  /// is as quick as on peers, which a lesser chip, a part of one or a shared one is in none, and the
  /// others are no slower than the worst cards of their name (1.5 times: Sinha et al., SC'22).
  private static func isPoorSpecimen(_ summary: ComputeSummary) -> Bool {
    let all = summary.all(.throughput)
    return all.count >= 3 && all.contains { $0.ratio >= -0.05 && $0.count >= minimumCount }
      && summary.ratio(.throughput) > -0.45
  }

  /// Whether a hot chip's lower clock accounts for the slowness.
  private static func isHeat(_ trace: ComputeTrace, _ summary: ComputeSummary) -> Bool {
    let clock = summary.ratio(.clock)
    guard trace.isHot, clock <= -0.04 else { return false }
    let speed =
      summary.all(.throughput).isEmpty
      ? -summary.ratio(.slowness) : summary.ratio(.throughput)
    return speed >= 1.5 * clock - 0.08
  }

  /// ln of one device's rate, where that and the number of devices make about one whole card.
  private static func share(
    _ trace: ComputeTrace, _ summary: ComputeSummary, isSlow: Bool
  ) -> Double? {
    guard trace.claimed.devices >= 2 else { return nil }
    let rate = isSlow ? summary.ratio(.throughput) : -summary.ratio(.elapsed)
    let whole = rate + Portable.log(trace.claimed.devices)
    return (-0.35...0.35).contains(whole) ? rate : nil
  }

  /// Jobs take longer than peers' for the same expected time while the work in them is no more; or
  /// the devices stand idle in them; or there is more job time than the devices had.
  private static func jobTime(_ trace: ComputeTrace, _ summary: ComputeSummary) -> RuleFinding? {
    guard !trace.isThrottled, !isHeat(trace, summary), !isWaiting(trace, summary) else {
      return nil
    }
    let slow = summary.isBeyond(.slowness, 4.5, 0.22)
    let joint =
      summary.isBeyond(.slowness, 3.5, 0.15) && summary.isBeyond(.processor, -2, -0.12)
    let idle =
      summary.isBeyond(.busy, -5, -0.4)
      && (summary.isBeyond(.slowness, 2, 0.1) || summary.isBeyond(.processor, -3, -0.15))
    let little =
      summary.isBeyond(.processor, -5, -0.5) && !summary.isBeyond(.slowness, -2, -0.1)
    let booked = summary.isBeyond(.bookedTime, 5, 0.2)
    guard slow || joint || idle || little || booked else { return nil }
    let ratio = summary.ratio(.slowness)
    return finding(
      ComputeRelationReasons.jobTime, ratio.isNaN ? 0 : ratio, high: 1.25,
      max(summary.count(.slowness), summary.count(.processor)))
  }

  /// Whether jobs are long because they wait for disks, audits as much as demand: the devices are
  /// at work in them for part of the time, over and over, and not idle for a stretch.
  private static func isWaiting(_ trace: ComputeTrace, _ summary: ComputeSummary) -> Bool {
    summary.isBeyond(.partial, 1.5, 0.3) && !(trace.auditGap.magnitude >= 0.2)
  }

  /// Benchmarks that take longer than their own results say, on a host whose traffic leaves
  /// elsewhere: the work was sent there. A tunnel delays nothing that is worked out here.
  private static func farWork(_ trace: ComputeTrace, _ summary: ComputeSummary) -> RuleFinding? {
    guard trace.elsewhere >= 0.25, summary.isBeyond(.work, 6, 0.08),
      !summary.isBeyond(.throughput, 3, 0.1)
    else { return nil }
    return finding(
      ComputeRelationReasons.farWork, summary.ratio(.work), high: 1.08, summary.count(.work))
  }

  /// Above what peers with the same claim reach in most workloads: a fixed workload is within 1.06
  /// to 1.10 of the model's median, and an uncontrolled one has the spread to show for it. One
  /// workload of several is a batch size. Too quick or too steady are results not worked out.
  private static func unlikeRuns(_ summary: ComputeSummary) -> RuleFinding? {
    let keys = summary.all(.throughput).count
    let high = summary.beyond(.throughput, 4.5, 0.095)
    // Less of it, and jobs that much quicker besides.
    let isJoint = summary.isBeyond(.throughput, 3.5, 0.12) && summary.isBeyond(.slowness, -3, -0.12)
    let isHigh =
      keys >= 2
      ? high >= 2 && high * 2 >= keys
      : summary.isBeyond(.throughput, 4.5, 0.2)
    if isHigh || isJoint {
      return finding(
        ComputeRelationReasons.unlikeRuns, summary.ratio(.throughput), high: 1.1,
        summary.count(.throughput))
    }
    if summary.isBeyond(.slowness, -5, -0.3) {
      return finding(
        ComputeRelationReasons.unlikeRuns, -summary.ratio(.slowness), high: 1.3,
        summary.count(.slowness))
    }
    if summary.isBeyond(.elapsed, -6, -0.5) && !summary.isBeyond(.throughput, 3, 0.25) {
      return finding(
        ComputeRelationReasons.unlikeRuns, -summary.ratio(.elapsed), high: 1.6,
        summary.count(.elapsed))
    }
    if summary.isBeyond(.steadiness, -5, -1.2) {
      return finding(
        ComputeRelationReasons.unlikeRuns, -summary.ratio(.steadiness), high: 3.3,
        summary.count(.steadiness))
    }
    return nil
  }
}
