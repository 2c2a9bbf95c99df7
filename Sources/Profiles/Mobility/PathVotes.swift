/// A sign that two paths share a drive: pieces with equal keys.
package struct PathVote: Sendable {
  package let isReversed: Bool
  /// Moments of the original's piece and of the copy's, tenths of a second since 1970.
  package let original: Int64
  package let copy: Int64

  package init?(original: PathKey, copy: PathKey) {
    isReversed =
      original.kind != copy.kind
      && [original.kind, copy.kind].allSatisfy { $0 == .timed || $0 == .timedBack }
    guard isReversed || original.kind == copy.kind else { return nil }
    self.original = original.moment
    self.copy = copy.moment
  }

  /// From the original's moment to the copy's; their sum when reversed: alike for one drive.
  var shift: Int64 { isReversed ? copy + original : copy - original }
}

/// A guess at how one path runs in another's time: `original` + `rate` · (t − `copy`), −1 when
/// driven backwards.
package struct PathTiming: Sendable {
  package let original: Int64
  package let copy: Int64
  package let rate: Double
  /// Votes that agree.
  package let count: Int

  /// The other way round.
  package var inverse: PathTiming {
    PathTiming(original: copy, copy: original, rate: 1 / rate, count: count)
  }

  package var isScaled: Bool { abs(abs(rate) - 1) > 0.002 }

  package func moment(_ time: Int64) -> Int64 {
    original + Int64((rate * Double(time - copy)).rounded())
  }

  /// Tenths of a second by which votes for one drive may differ: jitter moves cell borders.
  static let spread: Int64 = 30
  /// The same where speeds and moments of sampling differ too.
  private static let scaledSpread: Int64 = 100
  /// Votes between which a scale is looked for.
  private static let anchors = 24

  /// The timings that most votes agree on, best first, at most `limit` with an even pace and one
  /// with another: played faster or slower.
  package static func agreements(_ votes: [PathVote], atLeast minimum: Int, limit: Int)
    -> [PathTiming]
  {
    let sorted = votes.sorted {
      ($0.isReversed ? 1 : 0, $0.shift, $0.copy) < ($1.isReversed ? 1 : 0, $1.shift, $1.copy)
    }
    var found: [PathTiming] = []
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end].isReversed == sorted[start].isReversed,
        sorted[end].shift - sorted[end - 1].shift <= spread,
        sorted[end].shift - sorted[start].shift <= 4 * spread
      {
        end += 1
      }
      if end - start >= minimum {
        let vote = sorted[(start + end) / 2]
        found.append(
          PathTiming(
            original: vote.original, copy: vote.copy, rate: vote.isReversed ? -1 : 1,
            count: end - start))
      }
      start = end
    }
    let best = found.enumerated().sorted {
      ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
    }.prefix(limit).map(\.element)
    let scaled = scaled(votes.filter { !$0.isReversed }, above: best.first?.count ?? 0)
    return best + (scaled.map { [$0] } ?? [])
  }

  /// The line through two votes, 5 minutes apart or more, that most others lie on.
  private static func scaled(_ votes: [PathVote], above count: Int) -> PathTiming? {
    guard votes.count >= max(6, count + 3) else { return nil }
    let sorted = votes.sorted { ($0.copy, $0.original) < ($1.copy, $1.original) }
    let stride = max(sorted.count / anchors, 1)
    let anchors = sorted.indices.filter { $0 % stride == 0 }.map { sorted[$0] }
    var best: PathTiming?
    for (place, one) in anchors.enumerated() {
      for other in anchors.dropFirst(place + 1) where other.copy - one.copy >= 3000 {
        let rate = Double(other.original - one.original) / Double(other.copy - one.copy)
        guard rate >= 0.8, rate <= 1.25, abs(rate - 1) > 0.003 else { continue }
        let line = PathTiming(original: one.original, copy: one.copy, rate: rate, count: 0)
        let agreeing = sorted.count { abs(line.moment($0.copy) - $0.original) <= scaledSpread }
        guard agreeing >= max(6, count + 3), agreeing > best?.count ?? 0 else { continue }
        best = PathTiming(original: one.original, copy: one.copy, rate: rate, count: agreeing)
      }
    }
    return best
  }
}

/// What a path repeats of itself.
struct OwnRepeats: Sendable {
  /// The best alignment with an earlier drive.
  private(set) var drive: PathAlignment?
  /// Positions on the move that came again, to the last digit, more than five minutes later.
  private(set) var exact = 0
  /// Positions on the move.
  private(set) var moving = 0

  /// Tenths of a second below which a repetition is one stay or one jam.
  static let smallestShift: Int64 = 3000
  /// Pieces with one key above which it is a habit, not a drive.
  static let largestBucket = 12

  init(_ trace: PathTrace) {
    guard trace.points.count >= 12 else { return }
    let keys = trace.keys(thinning: 0).enumerated().sorted {
      ($0.element.hash, $0.element.moment, $0.offset) < (
        $1.element.hash, $1.element.moment, $1.offset
      )
    }.map(\.element)
    moving = keys.count { $0.kind == .exact }
    var votes: [PathVote] = []
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count, keys[end].hash == keys[start].hash { end += 1 }
      if end - start > 1 { add(keys[start..<end], to: &votes) }
      start = end
    }
    for timing in PathTiming.agreements(votes, atLeast: 2, limit: 4) {
      guard
        let found = PathAlignment(copy: trace, original: trace, timing: timing, isWithin: true)
      else { continue }
      if drive.map({ found.rank > $0.rank }) ?? true { drive = found }
    }
  }

  private mutating func add(_ bucket: ArraySlice<PathKey>, to votes: inout [PathVote]) {
    if let first = bucket.first, let last = bucket.last, first.kind == .exact,
      last.moment - first.moment >= Self.smallestShift
    {
      exact += bucket.count { $0.moment - first.moment >= Self.smallestShift }
    }
    guard bucket.count <= Self.largestBucket else { return }
    for (place, one) in bucket.enumerated() {
      for other in bucket.dropFirst(place + 1)
      where other.moment - one.moment >= Self.smallestShift {
        if let vote = PathVote(original: one, copy: other) { votes.append(vote) }
      }
    }
  }
}

extension PathAlignment {
  /// Proof before likeness before length.
  package var rank: Double { (isProven ? 2e9 : isLikely ? 1e9 : 0) + metres }
}
