import Profiles
import TestRecords
import Testing

@testable import Relations

/// Nodes whose proofs are late by a lump around a minute; those of `twoKinds` by turns around one
/// and around two minutes.
private func separate(twoKinds: Set<Int>, of count: Int) async throws -> Set<Int> {
  var random = TestRandom(17)
  let nodes = (0..<count).map { node in
    var log = StorageLog("node\(node)")
    for proof in 0..<48 {
      let late = twoKinds.contains(node) && proof % 2 == 1 ? 120_000.0 : 60_000
      log.add(
        "proof", second: Double(proof) * 1700,
        ["late_ms": .number(late * (1 + 0.03 * random.noise())), "valid": 1])
    }
    return log.profile
  }
  let outcome = try await StorageRelation.outcome(of: nodes, tasks: 1)
  return Set(
    outcome.findings.filter { _, findings in
      findings.contains { $0.isEstablished && $0.reason.code == "S5_SEPARATE_PROOFS" }
    }.keys)
}

@Test func `proofs of two kinds set a node apart where others' are of one`() async throws {
  #expect(try await separate(twoKinds: [3], of: 40) == [3])
  #expect(try await separate(twoKinds: [], of: 40).isEmpty)
}

@Test func `a network whose proofs have two kinds anyway accuses nobody`() async throws {
  #expect(try await separate(twoKinds: Set(0..<10), of: 40).isEmpty)
}
