import Testing

@testable import Profiles
@testable import Relations

struct SeriesSimilarityTests {
  private func walk(_ seed: UInt64, _ count: Int) -> [Float] {
    var state = seed
    var level: Float = 0
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      level += Float(state >> 40) / Float(1 << 24) - 0.5
      return level
    }
  }

  private func profile(_ values: [Float], first: Int64 = 1000, channel: String = "x") -> NodeProfile
  {
    var profile = node("n")
    profile.series = [
      NodeSeries(channel: channel, firstStep: first, step: 300_000, values: values)
    ]
    return profile
  }

  @Test func `copies are found among strangers, scaled and shifted`() async throws {
    var nodes = (0..<50).map { profile(walk(UInt64($0), 288)) }
    nodes[40] = profile(walk(3, 288).map { 2 * $0 + 7 })
    for view in [SeriesSimilarity.View.levels, .steps] {
      let pairs = try await SeriesSimilarity.pairs(
        in: nodes, channel: "x", view: view, threshold: 0.99, tasks: 2)
      #expect(pairs.map { [$0.first, $0.second] } == [[3, 40]])
      #expect(pairs.allSatisfy { $0.correlation > 0.999 })
    }
  }

  @Test func `a common course is not a common noise`() async throws {
    let course = walk(99, 288).map { $0 * 20 }
    let nodes = (0..<8).map { index in
      profile(zip(course, walk(UInt64(index), 288)).map { $0 + $1 })
    }
    let levels = try await SeriesSimilarity.pairs(
      in: nodes, channel: "x", view: .levels, threshold: 0.9, tasks: 1)
    #expect(levels.count == 28)
  }

  @Test func `gaps and other starts are met by the number of the step`() async throws {
    let whole = walk(5, 300)
    var holes = Array(whole[10...])
    for index in stride(from: 0, to: 200, by: 7) { holes[index] = .nan }
    let pairs = try await SeriesSimilarity.pairs(
      in: [profile(whole), profile(holes, first: 1010)], channel: "x", view: .steps,
      threshold: 0.95, tasks: 1)
    #expect(pairs.count == 1 && (pairs.first?.correlation ?? 0) > 0.999)
  }

  @Test func `other channels and short series do not meet`() async throws {
    let values = walk(1, 288)
    let nodes = [
      profile(values), profile(values, channel: "y"), profile(Array(values.prefix(40))),
    ]
    #expect(
      try await SeriesSimilarity.pairs(
        in: nodes, channel: "x", view: .levels, threshold: 0.9, tasks: 1
      ).isEmpty)
  }

  @Test func `a clock in another year does not stretch the grid for all`() async throws {
    var nodes = (0..<200).map { profile(walk(UInt64($0), 96)) }
    nodes.append(profile(walk(1000, 96), first: 3_000_000))
    nodes.append(profile(walk(7, 96)))
    let pairs = try await SeriesSimilarity.pairs(
      in: nodes, channel: "x", view: .levels, threshold: 0.99, tasks: 2)
    #expect(pairs.map { [$0.first, $0.second] } == [[7, 201]])
  }

  @Test func `bins average, and leave gaps where nothing was measured`() {
    let series = NodeSeries(
      channel: "x", step: 100, times: [1005, 1050, 1210, 1399], values: [1, 3, .nan, 5])
    #expect(series?.firstStep == 10 && series?.values.count == 4)
    #expect(series?.values[0] == 2 && series?.values[3] == 5)
    #expect(series?.values[1].isNaN == true && series?.values[2].isNaN == true)
    #expect(NodeSeries(channel: "x", step: 100, times: [-5], values: [1])?.firstStep == -1)
    #expect(NodeSeries(channel: "x", step: 100, times: [5], values: [.nan]) == nil)
  }
}
