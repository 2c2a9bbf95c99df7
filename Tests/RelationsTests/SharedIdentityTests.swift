import Contributions
import Testing

@testable import Profiles
@testable import Relations

struct SharedIdentityTests {
  private let uuid = "GPU-5a3c91e0-77d2-4c1b-9f60-02be4d81a7c3"

  private func reasons(_ nodes: [NodeProfile]) async throws -> [[ReasonCode]] {
    try await relations(nodes).findings.map { $0.map(\.reason) }
  }

  @Test func `an identity at two nodes at once is shared, and each names the other`() async throws {
    let nodes = [
      node("a", identities: [identity(uuid, 0, 100)]),
      node("b", identities: [identity("GPU-7f", 0, 100)]),
      node("c", identities: [identity(uuid, 50, 150, sightings: 9)]),
    ]
    let findings = try await relations(nodes).findings
    #expect(
      findings[0] == [
        RuleFinding(
          .sharedIdentity, observed: 2, high: 1, occurrences: 5, minimumOccurrences: 3,
          peers: ["c"])
      ])
    #expect(findings[1].isEmpty)
    #expect(findings[2].map(\.peers) == [["a"]] && findings[2].map(\.occurrences) == [9])
    #expect(findings[0][0].accuses)
  }

  @Test(arguments: [
    // One after the other, and end meeting start.
    (identity("x1y", 0, 100), identity("x1y", 200, 300)),
    (identity("x1y", 0, 100), identity("x1y", 100, 300)),
    // At once, but too seldom to be sure.
    (identity("x1y", 0, 100, sightings: 2), identity("x1y", 50, 150, sightings: 50)),
  ])
  func `what is not simultaneous has moved`(
    one: NodeProfile.Identity, other: NodeProfile.Identity
  ) async throws {
    let findings = try await relations([
      node("a", identities: [one]), node("b", identities: [other]),
    ])
    .findings
    #expect(findings.map { $0.map(\.reason) } == [[.movedIdentity], [.movedIdentity]])
    #expect(findings.map { $0[0].peers } == [["b"], ["a"]])
    #expect(findings.allSatisfy { $0[0].isEstablished && !$0[0].accuses })
  }

  @Test func `three sightings at each are enough`() async throws {
    let seen = identity(uuid, sightings: 3)
    #expect(
      try await reasons([node("a", identities: [seen]), node("b", identities: [seen])])
        == [[.sharedIdentity], [.sharedIdentity]])
  }

  @Test func `only the nodes that overlap are named as sharers`() async throws {
    let nodes = [
      node("a", identities: [identity(uuid, 0, 10)]),
      node("b", identities: [identity(uuid, 5, 15)]),
      node("c", identities: [identity(uuid, 50, 60)]),
    ]
    let findings = try await relations(nodes).findings
    #expect(findings.map { $0[0].peers } == [["b"], ["a"], ["a", "b"]])
    #expect(
      findings.map { $0[0].reason } == [.sharedIdentity, .sharedIdentity, .movedIdentity])
    #expect(findings.allSatisfy { $0[0].observed == 3 })
  }

  @Test func `above twenty nodes it is a placeholder, which holds too and ties nobody`()
    async throws
  {
    func nodes(_ count: Int) -> [NodeProfile] {
      (0..<count).map { node("n\($0)", identities: [identity(uuid)]) }
    }
    let shared = try await relations(nodes(20)).findings
    #expect(shared.allSatisfy { $0.map(\.reason) == [.sharedIdentity] })
    // Named peers are capped, in node order.
    #expect(shared[0][0].peers == (1...8).map { "n\($0)" })
    let generic = try await relations(nodes(21)).findings
    #expect(generic.allSatisfy { $0.map(\.reason) == [.genericIdentity] && $0[0].peers.isEmpty })
    #expect(generic[0][0].reason.reasonClass == .fault && !generic[0][0].accuses)
    #expect(generic[0][0].reason.severity >= shared[0][0].reason.severity)
  }

  @Test(arguments: ["", "unknown", "0000-0000", "N/A", "GPU-00000000-0000-0000-0000-000000000000"])
  func `known placeholders tie nobody`(value: String) async throws {
    let nodes = ["a", "b"].map { node($0, identities: [identity(value)]) }
    #expect(try await reasons(nodes) == [[], []])
  }

  @Test func `the same value in two fields is two things`() async throws {
    let nodes = [
      node("a", identities: [identity(uuid, field: "gpu_uuid")]),
      node("b", identities: [identity(uuid, field: "drive_id")]),
    ]
    #expect(try await reasons(nodes) == [[], []])
  }

  @Test func `each shared identity is a finding of its own`() async throws {
    let both = [identity(uuid), identity("GPU-81-second")]
    let findings = try await relations(["a", "b", "c"].map { node($0, identities: both) }).findings
    #expect(findings.allSatisfy { $0.count == 2 && $0.allSatisfy { $0.peers.count == 2 } })
  }

  @Test func `the order of nodes changes nothing but the order of peers`() async throws {
    let nodes = (0..<12).map { place in
      node(
        "n\(place)",
        identities: [
          identity("id-\(place % 3)-q", Int64(place), Int64(place + 4)), identity("own\(place)z"),
        ])
    }
    func byName(_ nodes: [NodeProfile]) async throws -> [String: [RuleFinding]] {
      let findings = try await relations(nodes).findings
      return Dictionary(uniqueKeysWithValues: zip(nodes.map(\.node), findings))
    }
    let expected = try await byName(nodes)
    for turn in 1..<6 {
      let found = try await byName(
        nodes.indices.map { nodes[($0 * [1, 5, 7, 11][turn % 4] + turn) % 12] })
      for (name, findings) in expected {
        let other = found[name] ?? []
        #expect(findings.map(\.reason) == other.map(\.reason))
        #expect(findings.map { Set($0.peers) } == other.map { Set($0.peers) })
        #expect(findings.map(\.occurrences) == other.map(\.occurrences))
      }
    }
  }

  private func reporter(
    _ name: String, refutedBy severity: Severity?, _ identity: NodeProfile.Identity
  ) -> NodeProfile {
    let reason = severity.map { ReasonCode("T_LIE", bit: 9, .spoof, $0, text: "For tests.") }
    return NodeProfile(
      node: name, recordCount: 10, evidence: [], features: [],
      findings: reason.map {
        [RuleFinding($0, observed: 1, occurrences: 2, minimumOccurrences: 2)]
      } ?? [], groups: ["all"], unitsMicro: 0, identities: [identity], comparables: [])
  }

  @Test func `who shares with a refuted node only is told and not held`() async throws {
    let seen = identity(uuid)
    let victim = reporter("a", refutedBy: nil, seen)
    let liar = reporter("b", refutedBy: .high, seen)
    #expect(try await reasons([victim, liar]) == [[.borrowedIdentity], [.sharedIdentity]])
    #expect(ReasonCode.borrowedIdentity.severity == .low)
    // Suspicion clears nobody, nor does a liar among others, nor a lie of one's own.
    let suspect = reporter("b", refutedBy: .medium, seen)
    #expect(try await reasons([victim, suspect]) == [[.sharedIdentity], [.sharedIdentity]])
    let third = reporter("c", refutedBy: nil, seen)
    #expect(
      try await reasons([victim, liar, third]).allSatisfy { $0 == [.sharedIdentity] })
    let other = reporter("c", refutedBy: .high, seen)
    #expect(try await reasons([liar, other]) == [[.sharedIdentity], [.sharedIdentity]])
  }

  @Test func `profiles list the reasons that relations can give them`() async throws {
    let identity: [ReasonCode] = [
      .sharedIdentity, .movedIdentity, .genericIdentity, .borrowedIdentity,
    ]
    #expect(
      Relations.reasons(for: .compute) == ComputeRelation.reasons + identity + [
        .impossibleThroughput, .highThroughput,
      ])
    #expect(Relations.reasons(for: .mobility) == MobilityRelation.reasons + identity)
    #expect(Relations.reasons(for: .environment) == EnvironmentRelation.reasons)
    for schema in ProfileSchema.builtIn {
      let reasons =
        Relations.reasons(for: schema) + (Profile.named(schema.name)?.reasons ?? [])
        + ReasonCode.history
      #expect(Set(reasons.map(\.bit)).count == reasons.count)
      #expect(reasons.allSatisfy { (0...63).contains($0.bit) })
    }
  }
}
