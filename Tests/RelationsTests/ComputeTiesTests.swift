import Testing

@testable import Profiles
@testable import Relations

struct ComputeTiesTests {
  private func span(
    _ identity: UInt64, _ first: Int64, _ last: Int64, sightings: Int = 1, name: UInt64 = 1
  ) -> ComputeTrace.DeviceSpan {
    ComputeTrace.DeviceSpan(
      identity: identity, first: first * 3_600_000, last: last * 3_600_000, records: 40,
      sightings: sightings, name: name)
  }

  private func cloned(_ spans: [[ComputeTrace.DeviceSpan]]) async throws -> Set<Int> {
    let nodes = spans.enumerated().map { computeNode("n\($0)", spans: $1) }
    let found = try await ComputeRelation.outcome(of: nodes, tasks: 1).findings
    return Set(
      found.filter { $0.value.contains { $0.reason.code == "C4_CLONED_DEVICE" } }.keys)
  }

  @Test func `one device at work in two places holds both where nothing tells them apart`()
    async throws
  {
    #expect(try await cloned([[span(5, 0, 20)], [span(5, 1, 20)]]) == [0, 1])
    // A card that was moved, and different ones.
    #expect(try await cloned([[span(5, 0, 9)], [span(5, 10, 20)]]).isEmpty)
    #expect(try await cloned([[span(5, 0, 9)], [span(6, 0, 9)]]).isEmpty)
  }

  @Test func `the end that came later or names another product is the clone`() async throws {
    #expect(try await cloned([[span(5, 0, 20)], [span(5, 9, 20)]]) == [1])
    let three = [[span(5, 0, 20)], [span(5, 0, 20, name: 2)], [span(5, 0, 20)]]
    #expect(try await cloned(three).contains(1))
  }

  @Test func `an identity that many have is a placeholder`() async throws {
    #expect(try await cloned((0..<30).map { _ in [span(5, 0, 20)] }).isEmpty)
  }

  private func ownClones(
    _ spans: [[ComputeTrace.DeviceSpan]], owners: [UInt64], isPart: Bool = false
  ) async throws -> Set<Int> {
    let nodes = spans.enumerated().map { index, spans in
      computeNode("n\(index)", spans: spans) {
        $0.owner = owners[index]
        $0.isPart = isPart
      }
    }
    let found = try await ComputeRelation.outcome(of: nodes, tasks: 1).findings
    return Set(
      found.filter {
        $0.value.contains { $0.reason.code == "C4_SAME_OWNER" && $0.isEstablished && $0.accuses }
      }.keys)
  }

  @Test func `an owner who shows one device under several nodes at once is refuted`() async throws {
    let twice = [[span(5, 0, 20, sightings: 3)], [span(5, 1, 20, sightings: 4)]]
    #expect(try await ownClones(twice, owners: [7, 7]) == [0, 1])
    // Another owner may be the victim; without a name nobody is one owner.
    #expect(try await ownClones(twice, owners: [7, 8]).isEmpty)
    #expect(try await ownClones(twice, owners: [0, 0]).isEmpty)
    // Parts of a card show the whole card's identity.
    #expect(try await ownClones(twice, owners: [7, 7], isPart: true).isEmpty)
    // A card that was moved, a node set up again, a query that went wrong.
    let moved = [[span(5, 0, 9, sightings: 3)], [span(5, 9, 20, sightings: 3)]]
    #expect(try await ownClones(moved, owners: [7, 7]).isEmpty)
    let once = [[span(5, 0, 20, sightings: 3)], [span(5, 0, 20, sightings: 2)]]
    #expect(try await ownClones(once, owners: [7, 7]).isEmpty)
  }

  private func copied(_ nodes: [NodeProfile]) async throws -> Set<Int> {
    let found = try await ComputeRelation.outcome(of: nodes, tasks: 1).findings
    return Set(
      found.filter { $0.value.contains { $0.reason.code == "C5_COPIED_RESULTS" } }.keys)
  }

  @Test func `runs that another node gave first are copies`() async throws {
    let own = (0..<20).map { UInt64($0) }
    let victim = computeNode("a", runs: own)
    #expect(
      try await copied([victim, computeNode("b", runs: own, firstRun: 7_200_000)]) == [1])
    #expect(try await copied([victim, computeNode("b", runs: own)]) == [0, 1])
    let other = computeNode("b", runs: (18..<60).map { UInt64($0) }, firstRun: 7_200_000)
    #expect(try await copied([victim, other]).isEmpty)
  }

  @Test func `results of few digits are everybody's`() async throws {
    let runs = (0..<20).map { UInt64($0) }
    #expect(try await copied((0..<9).map { computeNode("n\($0)", runs: runs) }).isEmpty)
  }
}

struct ComputeSiblingsTests {
  private func series(_ values: [Double]) -> NodeSeries {
    NodeSeries(
      channel: ComputeTrace.stateChannel + "300", firstStep: 0, step: 300_000,
      values: values.map { Float($0) })
  }

  private func siblings(_ rows: [[Double]]) async throws -> Set<Int> {
    let nodes = rows.enumerated().map { computeNode("n\($0)", series: [series($1)]) }
    let found = try await ComputeRelation.outcome(of: nodes, tasks: 1).findings
    return Set(found.filter { $0.value.contains { $0.reason.code == "C11_SIBLING" } }.keys)
  }

  @Test func `one machine's noise behind two nodes holds both`() async throws {
    var noise = ComputeNoise(state: 3)
    var rows = (0..<30).map { _ in (0..<288).map { _ in noise.next() } }
    rows[4] = rows[3].map { $0 + 0.7 * noise.next() }
    #expect(try await siblings(rows) == [3, 4])
  }

  @Test func `a site's common course is not one machine`() async throws {
    var noise = ComputeNoise(state: 3)
    let course = (0..<288).map { _ in noise.next() }
    let rows = (0..<30).map { _ in course.map { 1.2 * $0 + noise.next() } }
    #expect(try await siblings(rows).isEmpty)
  }

  @Test func `few readings take more likeness`() {
    let limits = [24, 48, 96, 288].map { ComputeSiblings.limit(overlap: $0, nodes: 1000) }
    #expect(limits == limits.sorted(by: >))
    #expect(limits[0] > 0.9 && limits[3] < 0.6)
  }

  @Test func `nodes without a trace are left alone`() async throws {
    let found = try await ComputeRelation.outcome(of: [node("a"), node("b")], tasks: 1)
    #expect(found.findings.isEmpty)
    #expect(found.features.allSatisfy { $0.count == ComputeRelation.features.count })
    #expect(found.features.allSatisfy { $0.allSatisfy(\.isNaN) })
  }

  @Test func `reasons keep to the relation's bits`() {
    let bits = ComputeRelation.reasons.map(\.bit)
    #expect(bits == Array(40...47) + [54, 55, 62])
    #expect(Set(Profile.compute.reasons.map(\.bit)).isDisjoint(with: bits))
  }
}
