/// Bars of nodes stacked by verdict.
enum StackedBars {
  /// Divides `length` among the counts in proportion, in the order of ``ReportVerdict/allCases``.
  ///
  /// A count above zero gets at least `least`, so that one rejected node among a million shows; the
  /// parts sum to `length` unless every count is zero. `length` must have room for four times
  /// `least`.
  static func parts(of length: Int, for counts: VerdictCounts, least: Int) -> [Int] {
    let numbers = ReportVerdict.allCases.map { max(counts[$0], 0) }
    let total = numbers.reduce(0, +)
    guard total > 0 else { return numbers.map { _ in 0 } }
    let free = length - least * numbers.count { $0 > 0 }
    var before = 0
    return numbers.map { number in
      let start = share(of: free, before, total)
      before += number
      return share(of: free, before, total) - start + (number > 0 ? least : 0)
    }
  }

  private static func share(of length: Int, _ part: Int, _ whole: Int) -> Int {
    Int(Int128(length) * Int128(part) / Int128(whole))
  }

  /// The verdicts of the epoch as one bar across the page.
  static func verdictBar(_ counts: VerdictCounts) -> String {
    let width = 100_000
    let height = 2_000
    var image = SVGImage(
      width: width, height: height, style: "verdicts", fit: .stretched,
      title: "Verdicts of \(Figures.grouped(counts.total)) nodes", description: list(counts) + ".")
    image.addRectangle(x: 0, y: 0, width: width, height: height, style: "track")
    var x = 0
    for (verdict, part) in zip(ReportVerdict.allCases, parts(of: width, for: counts, least: 400))
    where part > 0 {
      image.addRectangle(x: x, y: 0, width: part, height: height, style: verdict.rawValue)
      x += part
    }
    return image.markup
  }

  /// `12 accept, 1 reject`: the verdicts that occur; `none` if none does.
  static func list(_ counts: VerdictCounts) -> String {
    let present = ReportVerdict.allCases.filter { counts[$0] > 0 }
    if present.isEmpty { return "none" }
    return present.map { "\(Figures.grouped(counts[$0])) \($0.rawValue)" }.joined(separator: ", ")
  }
}
