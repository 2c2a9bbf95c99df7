/// A logarithmic scale without logarithms: Renard's series R40, forty steps to a decade.
///
/// The steps are even to about 1 % and their ends are numbers that people read easily, so a chart's
/// axis needs no rounding and its bins can be quoted exactly. Source: ISO 3:1973, preferred numbers.
enum PreferredSeries {
  /// The steps from 1 to just below 10, × 100.
  static let steps: [UInt64] = [
    100, 106, 112, 118, 125, 132, 140, 150, 160, 170, 180, 190, 200, 212, 224, 236, 250, 265, 280,
    300, 315, 335, 355, 375, 400, 425, 450, 475, 500, 530, 560, 600, 630, 670, 710, 750, 800, 850,
    900, 950,
  ]

  /// Width of one decade in the unit of ``position(of:)``.
  static let decade = 4000

  /// Hundredths of a step from 1 up to `value`: 0 for 1, 4000 for 10, 8000 for 100; 0 below 1.
  ///
  /// Between two steps it runs straight.
  static func position(of value: UInt64) -> Int {
    guard value > 1 else { return 0 }
    let decades = Figures.digitCount(value) - 1
    let unit = Int128(Figures.powerOfTen(decades))
    let scaled = Int128(value) * 100
    let index = steps.lastIndex { Int128($0) * unit <= scaled } ?? 0
    let low = Int128(steps[index]) * unit
    let high = (index + 1 < steps.count ? Int128(steps[index + 1]) : 1000) * unit
    return decade * decades + 100 * index + Int((scaled - low) * 100 / (high - low))
  }

  /// Ascending numbers that cut the range of a signed quantity into bins: logarithmic away from zero,
  /// even between −`unit` and `unit`, where a logarithm would have no end.
  ///
  /// - Parameters:
  ///   - unit: a power of ten from 100 on, where the even bins end.
  ///   - stride: take every so manieth step: 1, 2, 4, 8 or 40, giving 40, 20, 10, 5 or 1 to a decade.
  ///   - bound: the list ends with the first number beyond it, or with its own largest.
  /// - Returns: the numbers above zero; their mirror image serves below.
  static func edges(unit: Int64, stride: Int, beyond bound: UInt64) -> [Int64] {
    var edges: [Int64] = []
    let evenBins = Int64(max(20 / stride, 1))
    for index in 1..<evenBins where edges.last.map({ $0.magnitude <= bound }) ?? true {
      edges.append(unit / evenBins * index)
    }
    var decade = Int128(unit)
    while edges.last.map({ $0.magnitude <= bound && $0 < .max }) ?? true {
      for index in Swift.stride(from: 0, to: steps.count, by: stride) {
        let edge = decade * Int128(steps[index]) / 100
        edges.append(Int64(clamping: edge))
        if edge > Int128(bound) || edge > Int128(Int64.max) { break }
      }
      decade *= 10
    }
    return edges
  }
}
