/// The k smallest scores seen so far with their indices, ascending, earlier ones first among
/// equals; infinity where empty.
struct RankedList {
  let scores: UnsafeMutableBufferPointer<Double>
  let indices: UnsafeMutableBufferPointer<Int32>
  /// An index to leave out, or -1.
  let excluded: Int

  /// Offers `row[0...]`, whose indices count up from `first`.
  ///
  /// Nearly all scores lie above the k-th best, so they are looked at sixteen at a time, and only
  /// a group with a smaller one is gone through.
  func scan(_ row: UnsafeMutableBufferPointer<Double>, first: Int) {
    var threshold = scores[scores.count - 1]
    if threshold == .infinity { threshold = bound(row, first) }
    var start = 0
    while start + 16 <= row.count {
      if Self.smallest(row, start) < threshold {
        threshold = offer(row, start..<start + 16, first, below: threshold)
      }
      start += 16
    }
    if start < row.count { _ = offer(row, start..<row.count, first, below: threshold) }
  }

  /// A value just above the k-th smallest of the group minima, hence above the k-th best score,
  /// or infinity: knowing it at the start saves inserting most of the scores that later ones
  /// would push out again.
  private func bound(_ row: UnsafeMutableBufferPointer<Double>, _ first: Int) -> Double {
    let last = scores.count - 1
    guard scores[0] == .infinity, row.count >= 16 * scores.count else { return .infinity }
    for start in stride(from: 0, through: row.count - 16, by: 16) {
      if (first + start..<first + start + 16).contains(excluded) { continue }
      let score = Self.smallest(row, start)
      if score < scores[last] { insert(score, index: -1) }
    }
    let bound = scores[last].nextUp
    scores.update(repeating: .infinity)
    return bound
  }

  @inline(__always)
  private static func smallest(
    _ row: UnsafeMutableBufferPointer<Double>, _ start: Int
  ) -> Double {
    var (even, odd) = (row[start], row[start + 1])
    var offset = start + 2
    while offset < start + 16 {
      even = row[offset] < even ? row[offset] : even
      odd = row[offset + 1] < odd ? row[offset + 1] : odd
      offset += 2
    }
    return even < odd ? even : odd
  }

  /// Inserts what is below the threshold and returns the new one, the k-th best if that is lower.
  private func offer(
    _ row: UnsafeMutableBufferPointer<Double>, _ range: Range<Int>, _ first: Int,
    below bound: Double
  ) -> Double {
    var threshold = bound
    for i in range where row[i] < threshold && first + i != excluded {
      insert(row[i], index: Int32(truncatingIfNeeded: first + i))
      threshold = min(threshold, scores[scores.count - 1])
    }
    return threshold
  }

  @inline(__always)
  private func insert(_ score: Double, index: Int32) {
    var position = scores.count - 1
    while position > 0 && score < scores[position - 1] {
      scores[position] = scores[position - 1]
      indices[position] = indices[position - 1]
      position -= 1
    }
    scores[position] = score
    indices[position] = index
  }
}
