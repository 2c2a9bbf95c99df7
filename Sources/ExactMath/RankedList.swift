/// The k smallest scores seen so far with their indices, ascending, earlier ones first among equals; infinity where empty.
struct RankedList {
  let scores: UnsafeMutableBufferPointer<Double>
  let indices: UnsafeMutableBufferPointer<Int32>
  /// An index to leave out, or -1.
  let excluded: Int

  /// Offers `row[0...]`, whose indices count up from `first`.
  ///
  /// Nearly all scores lie above the k-th best, so they are looked at sixteen at a time and only a group with a
  /// smaller one is gone through.
  mutating func scan(_ row: UnsafeMutableBufferPointer<Double>, first: Int) {
    var threshold = scores[scores.count - 1]
    var start = 0
    while start + 16 <= row.count {
      if Self.hasBelow(threshold, row, start) {
        threshold = offer(row, start..<start + 16, first)
      }
      start += 16
    }
    if start < row.count { _ = offer(row, start..<row.count, first) }
  }

  @inline(__always)
  private static func hasBelow(
    _ threshold: Double, _ row: UnsafeMutableBufferPointer<Double>, _ start: Int
  ) -> Bool {
    var smallest = (row[start], row[start + 1])
    var offset = start + 2
    while offset < start + 16 {
      smallest.0 = row[offset] < smallest.0 ? row[offset] : smallest.0
      smallest.1 = row[offset + 1] < smallest.1 ? row[offset + 1] : smallest.1
      offset += 2
    }
    return smallest.0 < threshold || smallest.1 < threshold
  }

  /// Inserts what is below the k-th best and returns the new k-th best.
  private func offer(
    _ row: UnsafeMutableBufferPointer<Double>, _ range: Range<Int>, _ first: Int
  ) -> Double {
    let last = scores.count - 1
    for i in range where row[i] < scores[last] && first + i != excluded {
      let score = row[i]
      var position = last
      while position > 0 && score < scores[position - 1] {
        scores[position] = scores[position - 1]
        indices[position] = indices[position - 1]
        position -= 1
      }
      scores[position] = score
      indices[position] = Int32(first + i)
    }
    return scores[last]
  }
}
