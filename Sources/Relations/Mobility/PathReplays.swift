import ExactMath
import Profiles

/// Nodes that drive what another node drove, as fast and with the same stops.
struct PathReplays {
  private let nodes: [NodeProfile]
  private let traces: [MobilityTrace?]

  /// Keys over all nodes above which they are thinned: every path keeps the same ones.
  static let mostKeys = 3_000_000
  /// Pieces with one key above which it is a road, not a drive.
  static let largestBucket = 10
  /// Pairs that are looked at closely, per node.
  static let candidates = 6
  /// Tenths of a second within which two drives are one convoy or one vehicle.
  static let together: Int64 = 600
  /// Seconds within which a copy was made from the original's stream, not from what was published.
  static let live = 1800.0
  /// Seconds for which a device without a network may hold its records back.
  static let buffered = 10_800.0
  /// Seconds by which the fixes of two receivers in one car may seem apart.
  static let inOneCar = 5.0
  /// Metres: two receivers in one car are further apart than this, one receiver's fixes are not.
  static let sameFixes = 3.0

  init(_ nodes: [NodeProfile], _ traces: [MobilityTrace?]) {
    self.nodes = nodes
    self.traces = traces
  }

  private struct Located {
    let key: PathKey
    let node: Int32
  }

  private struct PairVote {
    /// Lower place first.
    let one: Int32
    let other: Int32
    /// From `one` to `other`.
    let vote: PathVote
  }

  /// Two nodes with a drive in common, `copy` later than `original`.
  private struct Match {
    let copy: Int
    let original: Int
    let alignment: PathAlignment
  }

  func add(to outcome: inout RelationOutcome) {
    var bestCopy: [Int: Match] = [:]
    var bestOriginal: [Int: Match] = [:]
    for match in matches() {
      if bestCopy[match.copy].map({ match.alignment.rank > $0.alignment.rank }) ?? true {
        bestCopy[match.copy] = match
      }
      if bestOriginal[match.original].map({ match.alignment.rank > $0.alignment.rank }) ?? true {
        bestOriginal[match.original] = match
      }
    }
    for node in nodes.indices {
      // A node that copies does not become an original by being copied in turn.
      let candidates = [bestCopy[node], bestOriginal[node]].compactMap { $0 }
      let findings = candidates.compactMap { finding($0, about: node) }
      let worst = findings.enumerated().max {
        ($0.element.reason.severity, -$0.offset) < ($1.element.reason.severity, -$1.offset)
      }
      if let worst { outcome.findings[node, default: []].append(worst.element) }
      let share = candidates.filter { $0.alignment.isProven || $0.alignment.isLikely }.map {
        $0.copy == node
          ? $0.alignment.share
          : min(
            Double($0.alignment.matched) / Double(traces[node]?.path.points.count ?? 1), 1) / 2
      }.max()
      if let share {
        outcome.features[node][0] = MobilityRelation.features[0].quantised(share)
      }
    }
  }

  // MARK: - Who copied

  private enum Role { case copy, unknown, original }

  /// The later is the copy: no one repeats what has not happened. Within minutes arrival may be out
  /// of order: jitter added to hide it makes the copy more ragged, and where the earlier is the more
  /// ragged one, or both drive at once, the order proves nothing.
  private func role(of node: Int, in match: Match) -> Role {
    guard let copy = traces[match.copy]?.path, let original = traces[match.original]?.path else {
      return .unknown
    }
    let ratio = copy.raggedness(match.alignment.range) / originalRaggedness(match, original)
    let isTogether = abs(delay(match)) <= Double(Self.together) / 10
    if isTogether {
      guard ratio > 1.3 || ratio < 0.77 else { return .unknown }
      return (ratio > 1) == (node == match.copy) ? .copy : .original
    }
    if ratio < 0.6, abs(delay(match)) <= Self.live { return .unknown }
    return node == match.copy ? .copy : .original
  }

  /// Seconds from the original's drive to the copy's; of a reversed one, from its start.
  private func delay(_ match: Match) -> Double {
    guard let copy = traces[match.copy]?.path else { return .nan }
    let first = copy.time(match.alignment.range.lowerBound)
    return Double(first - match.alignment.timing.moment(first)) / 10
  }

  private func originalRaggedness(_ match: Match, _ original: PathTrace) -> Double {
    guard let copy = traces[match.copy]?.path else { return .nan }
    let ends = [match.alignment.range.lowerBound, match.alignment.range.upperBound - 1].map {
      match.alignment.timing.moment(copy.time($0))
    }.sorted()
    let rows = original.points.indices.filter {
      original.time($0) >= ends[0] && original.time($0) <= ends[1]
    }
    guard let first = rows.first, let last = rows.last else { return .nan }
    return original.raggedness(first..<(last + 1))
  }

  private func finding(_ match: Match, about node: Int) -> RuleFinding? {
    let alignment = match.alignment
    guard alignment.isProven || alignment.isLikely else { return nil }
    let role = role(of: node, in: match)
    let isTogether = abs(delay(match)) <= Double(Self.together) / 10
    let reason: ReasonCode
    switch role {
    case .original: reason = isShadowed(match) ? .shadowedPath : .originalPath
    case .unknown: reason = isShared(match) ? .originalPath : .copiedPath
    case .copy where isShared(match): reason = .originalPath
    case .copy: reason = isCertain(match) && !isTogether ? .replayedPath : .copiedPath
    }
    let peer = node == match.copy ? match.original : match.copy
    return RuleFinding(
      reason, observed: alignment.residual, low: PathAlignment.tolerance,
      occurrences: alignment.matched, minimumOccurrences: 8, peers: [nodes[peer].node])
  }

  /// Whether the later of two is beyond doubt the copy. Uploads are held back for hours, and
  /// receivers differ in noise: within `buffered`, only fixes that are the same prove it.
  private func isCertain(_ match: Match) -> Bool {
    match.alignment.isProven
      && (abs(delay(match)) > Self.buffered || match.alignment.residual < Self.sameFixes)
  }

  /// Whether two receivers of their own were in one car: at the same moments, apart by their noise.
  private func isShared(_ match: Match) -> Bool {
    abs(delay(match)) <= Self.inOneCar && match.alignment.residual >= Self.sameFixes
  }

  /// Whether the copy follows all of the original's drive within minutes, not at once: its operator's
  /// second node, or a leak of its stream. People must tell.
  private func isShadowed(_ match: Match) -> Bool {
    guard let original = traces[match.original]?.path else { return false }
    let share = Double(match.alignment.matched) / Double(max(original.points.count, 1))
    let seconds = abs(delay(match))
    return match.alignment.isProven && seconds > Double(Self.together) / 10 && seconds <= Self.live
      && share >= 0.7 && match.alignment.share >= 0.7
  }

  // MARK: - Search

  private func matches() -> [Match] {
    let thinning = self.thinning
    let votes = self.votes(thinning)
    // A drive leaves tens of equal pieces, two drives along one road a few.
    let fewest = max(4 - thinning, 2)
    var ranked: [(one: Int, other: Int, timing: PathTiming)] = []
    var start = 0
    while start < votes.count {
      var end = start + 1
      while end < votes.count, votes[end].one == votes[start].one,
        votes[end].other == votes[start].other
      {
        end += 1
      }
      if end - start >= fewest {
        for timing in PathTiming.agreements(
          votes[start..<end].map(\.vote), atLeast: fewest, limit: 2)
        {
          ranked.append((Int(votes[start].one), Int(votes[start].other), timing))
        }
      }
      start = end
    }
    ranked.sort {
      ($1.timing.count, $0.one, $0.other) < ($0.timing.count, $1.one, $1.other)
    }
    var looks = [Int](repeating: 0, count: nodes.count)
    return ranked.compactMap { candidate in
      let (one, other) = (candidate.one, candidate.other)
      guard looks[one] < Self.candidates || looks[other] < Self.candidates else { return nil }
      looks[one] += 1
      looks[other] += 1
      return match(one, other, candidate.timing)
    }
  }

  /// - Parameter timing: of `other` in the time of `one`.
  private func match(_ one: Int, _ other: Int, _ timing: PathTiming) -> Match? {
    guard let first = traces[one]?.path, let second = traces[other]?.path else { return nil }
    // The later of the two moments is the copy's.
    let isSecondLater = timing.copy >= timing.original
    let alignment = PathAlignment(
      copy: isSecondLater ? second : first, original: isSecondLater ? first : second,
      timing: isSecondLater ? timing : timing.inverse)
    return alignment.map {
      Match(
        copy: isSecondLater ? other : one, original: isSecondLater ? one : other, alignment: $0)
    }
  }

  /// Votes of all pairs, by pair.
  private func votes(_ thinning: Int) -> [PairVote] {
    let keys = located(thinning)
    var votes: [PairVote] = []
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count, keys[end].key.hash == keys[start].key.hash { end += 1 }
      if end - start > 1, end - start <= Self.largestBucket {
        for place in start..<end {
          for later in (place + 1)..<max(end, place + 1) where keys[later].node != keys[place].node
          {
            guard let vote = PathVote(original: keys[place].key, copy: keys[later].key) else {
              continue
            }
            votes.append(PairVote(one: keys[place].node, other: keys[later].node, vote: vote))
          }
        }
      }
      start = end
    }
    return votes.sorted {
      ($0.one, $0.other, $0.vote.original, $0.vote.copy)
        < ($1.one, $1.other, $1.vote.original, $1.vote.copy)
    }
  }

  /// Halvings of the keys that keep them under `mostKeys`: a point has two or three.
  private var thinning: Int {
    let points = traces.reduce(0) { $0 + ($1?.path.points.count ?? 0) }
    var thinning = 0
    while (points * 5 / 2) >> thinning > Self.mostKeys { thinning += 1 }
    return thinning
  }

  /// Keys of all nodes, by hash, node and moment.
  private func located(_ thinning: Int) -> [Located] {
    var found: [Located] = []
    for (index, trace) in traces.enumerated() {
      guard let path = trace?.path, path.points.count >= 8 else { continue }
      for key in path.keys(thinning: thinning) {
        found.append(Located(key: key, node: Int32(index)))
      }
    }
    return found.sorted {
      ($0.key.hash, $0.node, $0.key.moment) < ($1.key.hash, $1.node, $1.key.moment)
    }
  }
}
