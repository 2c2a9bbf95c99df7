import Profiles
import TestRecords
import Testing

@testable import Relations

/// Sixty nodes of one region, each read sixty times by six others in turn.
private func network(
  contents: (Int) -> Int = { $0 },
  course: (_ node: Int, _ second: Double) -> Double = { _, _ in 0 },
  succeeds: (_ node: Int, _ checker: Int, inout TestRandom) -> Bool = { $2.share() < 0.98 },
  checkers: (Int) -> [Int] = { node in (1...6).map { (node + 7 * $0) % 60 } }
) async throws -> [Int: Set<String>] {
  var random = TestRandom(21)
  let logs = (0..<60).map { node in
    var log = StorageLog("node\(node)")
    log.add("claim", second: 1, ["owner": .text("o\(node)"), "region": "r", "capacity_gib": 100])
    let who = checkers(node)
    for index in 0..<(10 * who.count) {
      let second = (Double(index) + random.share()) * 86_400 / Double(10 * who.count)
      let checker = who[index % who.count]
      let cid = contents(node) * 100 + Int(random.share() * 20)
      var fields: StorageLog.Fields = [
        "checker": .text("node\(checker)"), "inet_group": .text("net\(node)"),
        "cid": .text("cid\(cid)"),
      ]
      let noise = 1 + 0.2 * random.noise().magnitude
      if succeeds(node, checker, &random) {
        let ttfb = 90 * noise + 25 * course(node, second) + 10 * Double(checker % 7)
        fields.merge(
          [
            "status": 200, "ttfb_ms": .number(max(ttfb, 5)), "bytes": .number(1e6 + Double(cid)),
            "elapsed_ms": .number(max(ttfb, 5) + 200 * noise), "checksum": .text("s\(cid)"),
          ]) { $1 }
      } else {
        fields["status"] = 504
      }
      log.add("retrieval", second: second, fields)
    }
    return log
  }
  let outcome = try await StorageRelation.outcome(of: logs.map(\.profile), tasks: 1)
  return outcome.findings.mapValues { findings in
    Set(findings.filter { $0.isEstablished && $0.reason.severity >= .medium }.map(\.reason.code))
  }.filter { !$0.value.isEmpty }
}

struct StorageRingTests {
  @Test func `one store's contents and a common course are one backend, copies alone are not`()
    async throws
  {
    let group = [3, 20, 41, 55]
    let slots = (0..<96).map { slot in
      var random = TestRandom(UInt64(slot) + 900)
      return random.noise()
    }
    let farm = try await network(
      contents: { group.contains($0) ? 77 : $0 },
      course: { group.contains($0) ? slots[Int($1 / 900)] : 0 })
    #expect(farm.keys.sorted() == group)
    #expect(farm.values.allSatisfy { $0 == ["S1_SHARED_BACKEND"] })
    let copies = try await network(contents: { group.contains($0) ? 77 : $0 })
    #expect(copies.isEmpty)
  }

  /// A ring of four that also read each other.
  private func readers(_ ring: [Int]) -> (Int) -> [Int] {
    { node in
      (1...6).map { (node + 7 * $0) % 60 } + (ring.contains(node) ? ring.filter { $0 != node } : [])
    }
  }

  @Test func `a ring that praises itself and now and then fails others is found`() async throws {
    let ring = [2, 11, 30, 47]
    let found = try await network(
      succeeds: { node, checker, random in
        let share = random.share()
        guard ring.contains(checker) else { return share < (ring.contains(node) ? 0.7 : 0.97) }
        return ring.contains(node) || share < 0.7
      }, checkers: readers(ring))
    #expect(found.keys.sorted() == ring)
    #expect(found.values.allSatisfy { $0.contains("S6_COLLUDING_CHECKER") })
  }

  @Test func `neighbours who read each other well are no ring`() async throws {
    let ring = [2, 11, 30, 47]
    let found = try await network(
      succeeds: { node, _, random in random.share() < (ring.contains(node) ? 0.9 : 0.97) },
      checkers: readers(ring))
    #expect(found.isEmpty)
  }
}
