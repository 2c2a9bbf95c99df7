/// One path laid over another with a fixed shift of time: how much of it is the same drive.
///
/// Two drives along one road part within minutes: a tenth of a metre per second of difference is 60 m
/// after ten. A replay stays within its own jitter.
package struct PathAlignment: Sendable {
  /// Points of the copy within `tolerance` of where the original was, in the longest run of them.
  package let matched: Int
  /// Of the copy's points on the move, the share of those matched.
  package let share: Double
  /// Metres and seconds of the copy between neighbouring matched points.
  package let metres: Double
  package let seconds: Double
  /// Median distance of the matched points in metres, after the common shift.
  package let residual: Double
  /// Metres by which the matched stretch strays from one even speed: what two drives cannot share by
  /// chance.
  package let unevenness: Double
  /// Changes of pace that both share: lights, stops, jams. A steady cruise has next to none, however
  /// long it lasts.
  package let changes: Int
  /// When the original was where the copy is.
  package let timing: PathTiming
  /// Matched points of the copy, from the first to the last.
  package let range: Range<Int>
  /// The same of all matched points, of however many runs.
  package let whole: Whole

  /// All of the copy that agrees.
  package struct Whole: Sendable {
    package let matched: Int
    package let share: Double
    package let metres: Double
    package let seconds: Double
    package let residual: Double
    package let unevenness: Double
    package let changes: Int
  }

  package static let tolerance = 50.0

  /// - Parameters:
  ///   - timing: a guess; the two agree at its moments but for an offset in space.
  ///   - isWithin: whether both are one path; then only what went before is the original.
  package init?(
    copy: PathTrace, original: PathTrace, timing guess: PathTiming, isWithin: Bool = false
  ) {
    var timing = guess
    guard let here = copy.place(at: timing.copy), let there = original.place(at: timing.original)
    else { return nil }
    // From the original's place to the copy's, through the copy's last point before it.
    let point = copy.points[here.before]
    let outward = original.offset(at: there, to: point)
    let inward = copy.offset(at: here, to: point)
    var offset = (east: outward.east - inward.east, north: outward.north - inward.north)
    guard abs(offset.east) <= 5000, abs(offset.north) <= 5000 else { return nil }

    var matches: [Int] = []
    var residuals: [Double] = []
    // A rate guessed from a few moments goes astray over a day.
    let limits = guess.isScaled ? [300, 150, 80, Self.tolerance] : [120, 90, 70, Self.tolerance]
    for (round, limit) in limits.enumerated() {
      matches.removeAll(keepingCapacity: true)
      residuals.removeAll(keepingCapacity: true)
      var east: [Double] = []
      var north: [Double] = []
      var delays: [Double] = []
      var moments: [Double] = []
      for (index, point) in copy.points.enumerated() {
        let then = timing.moment(copy.time(index))
        if isWithin, then >= copy.time(index) { continue }
        guard let place = original.place(at: then) else { continue }
        let full = original.offset(at: place, to: point)
        let rest = (east: full.east - offset.east, north: full.north - offset.north)
        let distance = (rest.east * rest.east + rest.north * rest.north).squareRoot()
        guard distance <= limit else { continue }
        matches.append(index)
        residuals.append(distance)
        east.append(full.east)
        north.append(full.north)
        if let delay = Self.delay(original, place, rest) {
          delays.append(delay)
          moments.append(Double(copy.time(index) - timing.copy) / 10)
        }
      }
      guard matches.count >= 6, round < 3 else { break }
      offset = (Statistics.median(east), Statistics.median(north))
      if timing.isScaled, let line = LineFit(moments, delays) {
        timing = PathTiming(
          original: timing.original - Int64((line.intercept * 10).rounded()), copy: timing.copy,
          rate: timing.rate - line.slope, count: timing.count)
        offset = Self.recentred(copy, original, timing, matches) ?? offset
        continue
      }
      // Straight drives leave offset and delay undecided; turns settle both.
      if round < 2, delays.count >= 4 {
        let delay = Int64(min(max(Statistics.median(delays) * 10, -50), 50).rounded())
        timing = PathTiming(
          original: timing.original - delay, copy: timing.copy, rate: timing.rate,
          count: timing.count)
        if delay != 0 { offset = Self.recentred(copy, original, timing, matches) ?? offset }
      }
    }
    let run = Self.longestRun(matches)
    guard run.count >= 6 else { return nil }
    self.timing = timing
    matched = run.count
    residual = Statistics.median(Array(residuals[run]))
    range = matches[run.lowerBound]..<(matches[run.upperBound - 1] + 1)
    share = Double(run.count) / Double(max(copy.points.count, 1))
    (metres, seconds, unevenness, changes) = Self.stretch(copy, Array(matches[run]), residual)
    let all = Self.stretch(copy, matches, Statistics.median(residuals))
    whole = Whole(
      matched: matches.count, share: Double(matches.count) / Double(max(copy.points.count, 1)),
      metres: all.0, seconds: all.1, residual: Statistics.median(residuals), unevenness: all.2,
      changes: all.3)
  }

  /// The longest run of matches with at most two points missing at a time: two drives that meet here
  /// and there are not one.
  private static func longestRun(_ matches: [Int]) -> Range<Int> {
    var best = 0..<0
    var start = 0
    for place in matches.indices {
      if place > 0, matches[place] - matches[place - 1] > 3 { start = place }
      if place + 1 - start > best.count { best = start..<(place + 1) }
    }
    return best
  }

  /// Seconds by which the copy lags, by its place along the original's course.
  private static func delay(
    _ original: PathTrace, _ place: (before: Int, share: Double),
    _ rest: (east: Double, north: Double)
  ) -> Double? {
    guard place.before + 1 < original.points.count else { return nil }
    let (from, to) = (original.points[place.before], original.points[place.before + 1])
    let seconds = Double(to.time - from.time) / 10
    let step = PathTrace.offset(from, to)
    let square = step.east * step.east + step.north * step.north
    guard seconds > 0, square > 9 * seconds * seconds else { return nil }
    return -(rest.east * step.east + rest.north * step.north) / square * seconds
  }

  private static func recentred(
    _ copy: PathTrace, _ original: PathTrace, _ timing: PathTiming, _ matches: [Int]
  ) -> (east: Double, north: Double)? {
    let offsets = matches.compactMap { index in
      original.place(at: timing.moment(copy.time(index))).map {
        original.offset(at: $0, to: copy.points[index])
      }
    }
    return offsets.count < 4
      ? nil : (Statistics.median(offsets.map(\.east)), Statistics.median(offsets.map(\.north)))
  }

  /// Metres, seconds, unevenness and changes of pace of the path through a run of matches.
  private static func stretch(
    _ copy: PathTrace, _ matches: [Int], _ residual: Double
  ) -> (Double, Double, Double, Int) {
    var metres = 0.0
    var seconds = 0.0
    var along: [Double] = [0]
    var times: [Double] = [0]
    for (one, next) in zip(matches, matches.dropFirst()) {
      let elapsed = Double(copy.points[next].time - copy.points[one].time) / 10
      guard elapsed > 0, elapsed <= 1800 else { continue }
      metres += PathTrace.metres(copy.points[one], copy.points[next])
      seconds += elapsed
      along.append(metres)
      times.append(seconds)
    }
    guard let line = LineFit(times, along) else { return (metres, seconds, 0, 0) }
    let lags = zip(times, along).map { $1 - line.intercept - line.slope * $0 }
    return (
      metres, seconds, line.residualDeviation, swings(lags, atLeast: max(3 * residual, 40))
    )
  }

  /// How often a series turns back by `least`: from falling behind the even speed to catching up, or
  /// the other way. Each is an event on the road of its own; noise stays below `least`.
  private static func swings(_ lags: [Double], atLeast least: Double) -> Int {
    guard var low = lags.first else { return 0 }
    var high = low
    var count = 0
    var direction = 0
    for lag in lags {
      low = min(low, lag)
      high = max(high, lag)
      if direction >= 0, high - lag >= least {
        count += 1
        direction = -1
        low = lag
        high = lag
      } else if direction <= 0, lag - low >= least {
        count += 1
        direction = 1
        low = lag
        high = lag
      } else if direction > 0 {
        low = lag
      } else if direction < 0 {
        high = lag
      }
    }
    return count
  }

  // MARK: - Judgement

  /// No two drives agree so far and so closely: 3 km and four minutes within metres, over changes of
  /// speed far larger than that. Different drives of one route, alike in pace, agree for up to 2 km
  /// and a tenth of the log between two lights; fewer points count where they are most of the log.
  /// What counts is how often both changed their pace alike, not for how long: a cruise along one
  /// road is driven alike by anybody.
  package var isProven: Bool {
    isSteadilyAlike && changes >= Self.eventful
      || isAlikeForLong && whole.changes >= 2 * Self.eventful
  }

  /// Shared changes of pace that chance does not give: of each, either driver may have missed the
  /// light.
  private static let eventful = 6

  /// Two thirds of a day of drives, here and there cut short at a corner between two fixes: over
  /// twenty minutes on the move, lights and jams draw any two drives apart by hundreds of metres.
  private var isAlikeForLong: Bool {
    whole.matched >= 40 && whole.share >= 0.65 && whole.residual <= 30 && whole.metres >= 8000
      && whole.seconds >= 1200 && whole.unevenness >= max(6 * whole.residual, 150)
  }

  private var isSteadilyAlike: Bool {
    guard residual <= 25, metres >= 3000, seconds >= 240 else { return false }
    // A steady driver may be a little slower than another all the way.
    if timing.isScaled {
      return matched >= 40 && share >= 0.5 && unevenness >= max(8 * residual, 60)
    }
    return matched >= 30 && share >= 0.2 && unevenness >= max(4 * residual, 40)
      || matched >= 10 && share >= 0.6 && unevenness >= max(6 * residual, 60)
  }

  /// Too close to be two drives, too short or too even to be proof.
  package var isLikely: Bool {
    residual <= 25 && metres >= 2000 && seconds >= 120 && matched >= 8
      && (share >= 0.4 || matched >= 30 && share >= 0.1 && seconds >= 240)
      && unevenness >= max(3 * residual, 30) && changes * 2 >= Self.eventful
  }
}
