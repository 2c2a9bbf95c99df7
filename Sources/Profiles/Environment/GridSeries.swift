import ExactMath

/// A series on an even grid and what is left of it without its slow course.
package enum GridSeries {
  /// Grid steps in ms that series are put on: the finest that is no finer than the readings.
  package static let steps: [Int64] = [5, 10, 15, 20, 30, 60, 120, 180].map { $0 * 60_000 }

  /// The grid step for readings `interval` ms apart.
  package static func step(for interval: Double) -> Int64 {
    // Readings come a little late: 10 minutes and a second are 10 minutes.
    steps.first { Double($0) >= interval * 0.9 } ?? steps[steps.count - 1]
  }

  /// Half the width of the window whose mean is taken away: 45 minutes, at least one step.
  package static func halfWindow(step: Int64) -> Int {
    max(Int(2_700_000 / step), 1)
  }

  /// Each value less the mean of those up to `halfWindow` steps before and after it; NaN where
  /// either side has none. What the day, and much of the weather, does slowly cancels; the sensor's
  /// noise and short events stay.
  package static func fast(_ values: [Double], halfWindow: Int) -> [Double] {
    var sums = [0.0]
    var counts = [0]
    sums.reserveCapacity(values.count + 1)
    counts.reserveCapacity(values.count + 1)
    for (index, value) in values.enumerated() {
      sums.append(sums[index] + (value.isNaN ? 0 : value))
      counts.append(counts[index] + (value.isNaN ? 0 : 1))
    }
    return values.indices.map { index in
      guard !values[index].isNaN else { return .nan }
      let low = max(index - halfWindow, 0)
      let high = min(index + halfWindow + 1, values.count)
      let before = counts[index] - counts[low]
      let after = counts[high] - counts[index + 1]
      guard before > 0, after > 0 else { return .nan }
      // Each side weighs the same, so that a slope cancels where one side has gaps.
      let left = (sums[index] - sums[low]) / Double(before)
      let right = (sums[high] - sums[index + 1]) / Double(after)
      return values[index] - (left + right) / 2
    }
  }

  /// Scaled to unit root mean square with the tails cut at four of them, so that one event is not
  /// the whole series; NaN becomes 0. `nil` without spread or with fewer than `least` values.
  package static func standardised(_ values: [Double], least: Int) -> [Double]? {
    var count = 0.0
    var squares = 0.0
    for value in values where !value.isNaN {
      count += 1
      squares += value * value
    }
    guard count >= Double(least), squares > 0 else { return nil }
    let scale = (count / squares).squareRoot()
    return values.map { $0.isNaN ? 0 : min(max($0 * scale, -4), 4) }
  }

  /// Least squares on a line, the day's wave and its half: standard deviation of what they leave;
  /// `nil` under ten values or without spread.
  ///
  /// - Parameters:
  ///   - hours: of each value, any origin.
  ///   - values: NaN is left out.
  package static func waveResidual(hours: [Double], values: [Double]) -> Double? {
    let rows = values.indices.filter { !values[$0].isNaN }
    guard rows.count >= 10, let origin = rows.first.map({ hours[$0] }),
      let last = rows.last.map({ hours[$0] }), last > origin
    else { return nil }
    let center = values[rows[0]]
    var normal = [Double](repeating: 0, count: 42)
    var terms = [Double](repeating: 1, count: 7)
    var total = 0.0
    for row in rows {
      let angle = (hours[row] - origin) * 0.2617993877991494
      terms[1] = (hours[row] - origin) / (last - origin)
      terms[2] = Portable.cos(angle)
      terms[3] = Portable.sin(angle)
      terms[4] = terms[2] * terms[2] - terms[3] * terms[3]
      terms[5] = 2 * terms[2] * terms[3]
      terms[6] = values[row] - center
      for i in 0..<6 {
        for j in i..<7 { normal[i * 7 + j] += terms[i] * terms[j] }
      }
      total += terms[6] * terms[6]
    }
    return residual(&normal, total: total, count: rows.count)
  }

  /// Elimination without exchange: the matrix is positive semidefinite; columns that the earlier
  /// ones already explain are left out.
  ///
  /// - Parameter normal: six rows of seven, the last column with the values.
  private static func residual(_ normal: inout [Double], total: Double, count: Int) -> Double? {
    let diagonal = (0..<6).map { normal[$0 * 8] }
    var squares = total
    var used = 0
    for pivot in 0..<6 where normal[pivot * 8] > 1e-9 * max(diagonal[pivot], 1e-12) {
      used += 1
      let head = normal[pivot * 8]
      squares -= normal[pivot * 7 + 6] * normal[pivot * 7 + 6] / head
      for row in min(pivot + 1, 6)..<6 {
        let factor = normal[pivot * 7 + row] / head
        for column in row..<7 { normal[row * 7 + column] -= factor * normal[pivot * 7 + column] }
      }
    }
    return count > used ? (max(squares, 0) / Double(count - used)).squareRoot() : nil
  }
}
