import Contributions
import Foundation
import Profiles
import Testing

@testable import Relations

struct PeerThroughputTests {
  private let key = "matmul/fp16"

  private func peers(_ medians: [Double], group: String = "RTX 4090") -> [NodeProfile] {
    medians.enumerated().map {
      node("p\($0)", groups: [group, "all"], comparables: [result(key, $1)])
    }
  }

  private func findings(largest: [Double]) async throws -> [RuleFinding] {
    let reference = PeerThroughput(
      medians: Dictionary(
        uniqueKeysWithValues: largest.indices.map { ("RTX 4090\u{1F}k\($0)", 100) }))
    let own = largest.enumerated().map { result("k\($0)", 100, largest: $1) }
    return try await relations([node("a", comparables: own)], reference: reference).findings[0]
  }

  @Test func `a reference takes five nodes, and is their median`() async throws {
    #expect(PeerThroughput(of: peers([101, 102, 103, 104])).medians.isEmpty)
    #expect(
      PeerThroughput(of: peers([105, 101, 104, 102, 103])).medians.values.map { $0 } == [103])
    #expect(
      PeerThroughput(of: peers([105, 101, 104, 102, 103, 106])).medians.values.map { $0 } == [103.5]
    )
  }

  @Test func `groups and keys are kept apart, and no claim is no group`() async throws {
    let nodes =
      peers([1, 1, 1, 1, 1]) + peers([9, 9, 9, 9, 9], group: "H100")
      + (0..<8).map { node("x\($0)", groups: ["all"], comparables: [result(key, 50)]) }
    let throughput = PeerThroughput(of: nodes)
    #expect(throughput.medians == ["RTX 4090\u{1F}\(key)": 1, "H100\u{1F}\(key)": 9])
    let rows = try await relations(nodes).features.map { $0.prefix(2) }
    #expect(rows[0] == [0, 0] && rows[7] == [0, 0])
    #expect(rows[12].count == 2 && rows[12].allSatisfy { $0.isNaN })
  }

  @Test func `workloads that the group does not determine are no reference`() async throws {
    // Main memory, disks, processors: hosts with one card have what they have.
    let memories = [16.0, 16, 32, 32, 32, 64, 64, 128, 256, 512]
    let nodes = memories.enumerated().map { index, memory in
      node(
        "p\(index)",
        comparables: [result("ram", memory), result("disk", memory), result(key, 100)])
    }
    let found = try await relations(nodes)
    #expect(found.throughput.medians.keys.sorted() == ["RTX 4090\u{1F}\(key)"])
    #expect(found.findings.allSatisfy { $0.isEmpty })
    // The card's own workload still shows one that is impossible.
    let attacker = node(
      "x", comparables: [result(key, 300), result(key + "2", 300), result("ram", 64)])
    let others = nodes.map { node in
      let again = node.comparables + [result(key + "2", 100)]
      return hostWith(node.node, again)
    }
    let caught = try await relations(others + [attacker])
    #expect(caught.findings.last?.map(\.reason.code) == ["C10_IMPOSSIBLE_THROUGHPUT"])
    #expect(caught.findings.dropLast().allSatisfy { $0.isEmpty })
  }

  private func hostWith(
    _ name: String, _ comparables: [NodeProfile.ComparableResult]
  ) -> NodeProfile {
    node(name, comparables: comparables)
  }

  @Test func `a node's ratio to its peers is told in powers of two`() async throws {
    let nodes =
      peers([100, 100, 100, 100, 100]) + [
        node("fast", comparables: [result(key, 200, largest: 400), result("alone", 7)]),
        node("slow", comparables: [result(key, 25)]),
      ]
    let found = try await relations(nodes)
    #expect(found.features[5].prefix(2) == [1, 2])
    #expect(found.features[6].prefix(2) == [-2, -2])
    #expect(found.features[0].prefix(2) == [0, 0])
  }

  @Test(
    arguments: [
      (145, []), (145.1, ["C10_HIGH_THROUGHPUT"]), (200, ["C10_HIGH_THROUGHPUT"]),
      (200.1, ["C10_IMPOSSIBLE_THROUGHPUT", "C10_HIGH_THROUGHPUT"]), (50, []),
    ] as [(Double, [String])])
  func `one result is judged at the borders`(largest: Double, expected: [String]) async throws {
    let found = try await findings(largest: [largest])
    #expect(found.map(\.reason.code) == expected)
    // One impossible result is not enough to accuse, and no excuse from being high.
    #expect(found.filter(\.isEstablished).map(\.reason.code) == expected.suffix(1))
    #expect(found.allSatisfy { $0.observed == largest / 100 && !$0.accuses })
  }

  @Test func `two impossible results accuse`() async throws {
    let found = try await findings(largest: [250, 201, 160, 90])
    #expect(
      found == [
        RuleFinding(
          .impossibleThroughput, observed: 2.5, high: 2, occurrences: 2, minimumOccurrences: 2)
      ])
    #expect(found[0].accuses)
    #expect(try await findings(largest: [250, 160, 150]).map(\.occurrences) == [1, 3])
  }

  @Test func `a model's reference stands in for the night's own`() async throws {
    let nodes = peers([300, 300, 300, 300, 300])
    #expect(try await relations(nodes).findings.allSatisfy { $0.isEmpty })
    let reference = PeerThroughput(medians: ["RTX 4090\u{1F}\(key)": 100])
    let found = try await relations(nodes, reference: reference)
    #expect(found.throughput == reference)
    #expect(found.features.allSatisfy { $0.prefix(2) == [1.58, 1.58] })
    #expect(found.findings.allSatisfy { !$0.isEmpty })
    let unknown = try await relations(
      nodes, reference: PeerThroughput(medians: ["RTX 4090\u{1F}\(key)": 0]))
    #expect(unknown.features.allSatisfy { $0.prefix(2).allSatisfy { $0.isNaN } })
  }

  @Test func `the order of nodes does not matter`() async throws {
    let nodes = peers((0..<40).map { Double(100 + $0 * $0 % 17) })
    let forward = try await relations(nodes)
    let backward = try await relations(nodes.reversed())
    #expect(forward.throughput == backward.throughput)
    #expect(
      forward.features.map { $0.prefix(2) } == backward.features.reversed().map { $0.prefix(2) })
    #expect(forward.findings == backward.findings.reversed())
  }

  @Test func `profiles without comparable results get no columns`() async throws {
    for schema in ProfileSchema.builtIn where schema.name != "compute" {
      let names = Relations.features(for: schema).map(\.name)
      #expect(Set(names).isDisjoint(with: PeerThroughput.features.map(\.name)))
    }
    let declared = ProfileSchema("declared", "", kinds: [])
    let found = try await Relations(of: peers([1, 2]), in: declared, reference: nil, tasks: 1)
    #expect(Relations.features(for: declared).isEmpty && found.features == [[], []])
    #expect(
      Relations.features(for: .compute).prefix(2).map(\.name) == PeerThroughput.features.map(\.name)
    )
  }
}
