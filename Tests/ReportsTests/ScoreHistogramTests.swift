import Testing

@testable import Reports

@Suite struct ScoreHistogramTests {
  private func histogram(_ scores: [Int64]) -> ScoreHistogram {
    ScoreHistogram(scores.map { ScorePoint(rawMicro: $0, verdict: .accept) })
  }

  @Test func everyScoreIsCountedOnceInTheBinThatHoldsIt() {
    var random = SeededGenerator(state: 2)
    for round in 0..<200 {
      let narrowing = round % 50
      let scores = (0..<Int.random(in: 1...200, using: &random)).map { _ in
        ScorePoint(
          rawMicro: random.anySize() >> narrowing,
          verdict: ReportVerdict.allCases.randomElement(using: &random) ?? .accept)
      }
      let bins = ScoreHistogram(scores).bins
      for (index, bin) in bins.enumerated() {
        let isLast = index == bins.count - 1
        var expected = VerdictCounts()
        for score in scores where score.rawMicro >= bin.low {
          if score.rawMicro < bin.high || isLast && score.rawMicro == bin.high {
            expected[score.verdict] += 1
          }
        }
        #expect(bin.counts == expected)
      }
      #expect(bins.reduce(0) { $0 + $1.counts.total } == scores.count)
    }
  }

  @Test func binsAdjoinAndFitTheChart() {
    var random = SeededGenerator(state: 3)
    for round in 0..<200 {
      let bins = histogram((0..<40).map { _ in random.anySize() >> (round % 60) }).bins
      #expect((1...ScoreHistogram.binLimit).contains(bins.count))
      #expect(bins.allSatisfy { $0.low < $0.high })
      #expect(zip(bins, bins.dropFirst()).allSatisfy { $0.high == $1.low })
      #expect(bins.first.map { $0.counts.total > 0 } == true)
      #expect(bins.last.map { $0.counts.total > 0 } == true)
    }
  }

  @Test func orderOfScoresDoesNotMatter() {
    var random = SeededGenerator(state: 4)
    let scores = (0..<1000).map { _ in random.anySize() >> 20 }
    #expect(histogram(scores) == histogram(scores.shuffled(using: &random)))
  }

  @Test func extremesHaveABin() {
    let bins = histogram([.min, -1, 0, 1, .max]).bins
    #expect(bins.first?.low == .min)
    #expect(bins.last?.high == .max)
    #expect(bins.reduce(0) { $0 + $1.counts.total } == 5)
    #expect(histogram([.min]).bins.count == 1)
    #expect(histogram([.max]).bins.count == 1)
    #expect(histogram([0]).bins.count == 1)
    #expect(histogram([]).bins.isEmpty)
  }

  @Test func binsAreEvenUpToTheDecadeOfTheMedian() {
    let result = histogram([500_000, 3_000_000, 4_000_000, 80_000_000_000])
    #expect(result.unit == 1_000_000)
    let below = result.bins.filter { $0.high <= result.unit }
    #expect(Set(below.map { $0.high - $0.low }).count == 1)
    let decades = result.bins.map(\.low).filter { [1, 10, 100, 1000].contains($0 / 1_000_000) }
    #expect(Set(decades).isSuperset(of: [1_000_000, 10_000_000, 100_000_000, 1_000_000_000]))
  }

  @Test func aMillionScoresAreBinned() {
    var random = SeededGenerator(state: 5)
    let scores = (0..<1_000_000).map { _ in
      ScorePoint(rawMicro: Int64(random.next() >> 40), verdict: .accept)
    }
    #expect(ScoreHistogram(scores).bins.reduce(0) { $0 + $1.counts.total } == 1_000_000)
  }

  @Test func logarithmicPositionRisesEvenlyByDecade() {
    var power: UInt64 = 1
    for exponent in 0...19 {
      #expect(PreferredSeries.position(of: power) == PreferredSeries.decade * exponent)
      if exponent < 19 { power *= 10 }
    }
    #expect(PreferredSeries.position(of: 0) == 0)
    let positions = (1...20_000 as ClosedRange<UInt64>).map { PreferredSeries.position(of: $0) }
    #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(PreferredSeries.position(of: .max) < PreferredSeries.decade * 20)
  }
}
