import ExactMath
import Testing

@testable import Profiles
@testable import Relations

struct HistoryReviewTests {
  private static let perDay = 288

  /// A day of noisy temperatures, other ones for every seed.
  private func series(day: Int64, seed: UInt64, jitter: Float = 0) -> NodeSeries {
    var state = seed
    func random() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 24) - 0.5
    }
    var level: Float = 10
    let values = (0..<Self.perDay).map { step -> Float in
      level += random()
      return level + 5 * Float(Portable.sin(Double(step) / 45))
    }
    state = seed &+ 99
    return NodeSeries(
      channel: "temp_c", firstStep: day * Int64(Self.perDay), step: 300_000,
      values: values.map { $0 + jitter * random() })
  }

  private func profile(
    _ name: String, series: [NodeSeries] = [], tokens: [UInt64] = [], position: Position? = nil
  ) -> NodeProfile {
    var profile = node(name)
    profile.series = series
    profile.tokens = tokens
    profile.position = position
    return profile
  }

  private func memory(
    epoch: Int64, _ nodes: [NodeProfile], features: [[Double]]? = nil, verdicts: [UInt8]? = nil,
    before: EpochMemory? = nil
  ) -> EpochMemory {
    EpochMemory(
      epoch: epoch, nodes: nodes, featureNames: Self.features.map(\.name),
      features: features ?? nodes.map { _ in Self.features.map { _ in 0 } },
      verdicts: verdicts ?? nodes.map { _ in 1 }, channels: ["temp_c"], before: before)
  }

  private static let features = (0..<16).map {
    FeatureSpec("f\($0)", resolution: 0.01, side: .both, attacks: [], text: "")
  }

  private func review(
    _ nodes: [NodeProfile], epoch: Int64 = 10, rows: [[Double]]? = nil, _ memories: [EpochMemory]
  ) -> HistoryReview {
    var review = HistoryReview(
      nodes, epoch: epoch, channels: ["temp_c"], features: Self.features,
      rows: rows ?? nodes.map { _ in Self.features.map { _ in 0 } })
    for memory in memories { review.take(memory) }
    review.finish()
    return review
  }

  @Test func `a day that repeats an earlier one rejects, jittered or not`() {
    let then = memory(epoch: 7, [profile("a", series: [series(day: 7, seed: 1)])])
    for jitter: Float in [0, 0.1, 0.3] {
      let found = review([profile("a", series: [series(day: 10, seed: 1, jitter: jitter)])], [then])
      #expect(found.findings[0]?.map(\.reason) == [.replayedDay])
      #expect(found.findings[0]?.allSatisfy(\.accuses) == true)
    }
  }

  @Test func `another day of the same weather does not`() {
    // The slow course of both days is the same sine.
    let then = memory(epoch: 9, [profile("a", series: [series(day: 9, seed: 1)])])
    let found = review([profile("a", series: [series(day: 10, seed: 2)])], [then])
    #expect(found.findings.isEmpty)
  }

  @Test func `a sensor that stands still repeats nothing`() {
    let still = { (day: Int64) in
      NodeSeries(
        channel: "temp_c", firstStep: day * 288, step: 300_000,
        values: (0..<288).map { $0 == 100 ? 21 : 20 })
    }
    let found = review(
      [profile("a", series: [still(10)])], [memory(epoch: 9, [profile("a", series: [still(9)])])])
    #expect(found.findings.isEmpty)
  }

  @Test func `a sensor that freezes at the same hours every night repeats no day`() {
    let frozen = { (day: Int64, seed: UInt64) in
      let whole = series(day: day, seed: seed)
      let values = whole.values.enumerated().map { (0..<100).contains($0) ? -40 : $1 }
      return NodeSeries(
        channel: "temp_c", firstStep: whole.firstStep, step: whole.step, values: values)
    }
    let then = memory(epoch: 9, [profile("a", series: [frozen(9, 1)])])
    #expect(review([profile("a", series: [frozen(10, 2)])], [then]).findings.isEmpty)
  }

  @Test func `a replay that starts at another time of day is aligned by the time of day`() {
    let whole = series(day: 9, seed: 5)
    let late = NodeSeries(
      channel: "temp_c", firstStep: 10 * 288 + 60, step: 300_000, values: Array(whole.values[60...])
    )
    let found = review(
      [profile("a", series: [late])], [memory(epoch: 9, [profile("a", series: [whole])])])
    #expect(found.findings[0]?.map(\.reason) == [.replayedDay])
  }

  @Test func `tokens of earlier days hold, and name whose they were`() {
    let then = memory(
      epoch: 9, [profile("a", tokens: [1, 2, 3]), profile("b", tokens: [4, 5, 6, 7, 8])])
    let found = review(
      [profile("a", tokens: [3, 20]), profile("c", tokens: [4, 5, 6, 7, 8])], [then])
    #expect(found.findings[0]?.allSatisfy { !$0.isEstablished } == true)
    #expect(found.findings[1]?.map(\.reason) == [.replayedToken])
    #expect(found.findings[1]?.first?.peers == ["b"] && found.findings[1]?.first?.accuses == true)
  }

  @Test func `first sightings and rejections are told and count for nothing`() {
    let then = memory(epoch: 9, [profile("a"), profile("b")], verdicts: [0, 1])
    let found = review([profile("a"), profile("b"), profile("c")], [then])
    #expect(found.findings.isEmpty)
    #expect(found.notes[0]?.map(\.reason) == [.rejectedBefore])
    #expect(found.notes[1] == nil)
    #expect(found.notes[2]?.map(\.reason) == [.newNode])
  }

  @Test func `without a memory nothing is said`() {
    let found = review([profile("a", tokens: [1])], [])
    #expect(found.findings.isEmpty && found.notes.isEmpty)
  }

  @Test func `moves add up over epochs, and nodes that pause are carried on`() {
    var last: EpochMemory?
    for epoch in 1...3 as ClosedRange<Int64> {
      let nodes = epoch == 2 ? [] : [profile("a", position: Position(48 + Double(epoch), 9))]
      last = memory(epoch: epoch, nodes, before: last)
    }
    #expect(last?.nodes.first?.moves == 1 && last?.nodes.first?.firstSeen == 1)
    guard var last else { return }
    for epoch in 4...5 as ClosedRange<Int64> {
      last = memory(
        epoch: epoch, [profile("a", position: Position(48 + Double(epoch), 9))], before: last)
    }
    let found = review([profile("a", position: Position(53.001, 9))], [last])
    #expect(found.findings[0]?.map(\.reason) == [.movedOften])
  }

  @Test func `a node unlike itself is told`() {
    let nodes = (0..<60).map { profile("n\($0)") }
    let then = memory(epoch: 9, nodes)
    var rows = nodes.indices.map { node in
      Self.features.indices.map { Double((node * 7 + $0 * 3) % 5) * 0.01 - 0.02 }
    }
    rows[5] = Self.features.map { _ in 3 }
    let found = review(nodes, rows: rows, [then])
    #expect(found.notes.keys.sorted() == [5])
    #expect(found.notes[5]?.map(\.reason) == [.changedItself])
  }
}
