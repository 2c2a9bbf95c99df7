import Contributions
import Profiles
import TestRecords
import Testing

@testable import Relations

/// A small network: forty nodes in two regions that check each other all day.
private struct StorageWorld {
  static let count = 40
  var random = TestRandom(11)
  var logs: [StorageLog]
  let levels: [Double]
  var owners: [String]
  var groups: [String]

  /// What a check gives before the test changes it.
  struct Check {
    let node: Int
    let checker: Int
    let second: Double
    var ttfb: Double
    var transfer: Double
    /// `nil` is the sum of both.
    var elapsed: Double?
    var bytes: Double
    var checksum: String
    var succeeds: Bool
  }

  init() {
    var random = TestRandom(5)
    logs = (0..<Self.count).map { StorageLog("node\($0)") }
    levels = (0..<Self.count).map { _ in 120 * (1 + 0.3 * random.noise()).magnitude + 30 }
    owners = (0..<Self.count).map { "owner\($0)" }
    groups = (0..<Self.count).map { "net\($0)" }
  }

  mutating func run(_ perNode: Int = 144, change: (inout Check, inout TestRandom) -> Void) {
    for node in 0..<Self.count {
      logs[node].add(
        "claim", second: 0,
        ["owner": .text(owners[node]), "region": .text("r\(node % 2)"), "capacity_gib": 4000])
      for index in 0..<perNode {
        let second = (Double(index) + random.share()) * 86_400 / Double(perNode)
        let checker = (node + 1 + Int(random.share() * 39)) % Self.count
        let cid = Int(random.share() * 60)
        let ttfb = levels[node] * (1 + 0.2 * random.noise()).magnitude + 5
        let bytes = Double(300_000 + cid * 40_000)
        var check = Check(
          node: node, checker: checker, second: second, ttfb: ttfb,
          transfer: bytes / 10_000 * (1 + 0.2 * random.share()), bytes: bytes,
          checksum: "sum\(cid)", succeeds: random.share() < 0.985)
        change(&check, &random)
        add(check, cid: cid)
      }
    }
  }

  private mutating func add(_ check: Check, cid: Int) {
    var fields: StorageLog.Fields = [
      "checker": .text("node\(check.checker)"), "cid": .text("cid\(cid)"),
      "inet_group": .text(groups[check.node]), "status": check.succeeds ? 200 : 504,
      "timeout": check.succeeds ? 0 : 1,
    ]
    if check.succeeds {
      fields["ttfb_ms"] = .number((check.ttfb * 10).rounded() / 10)
      fields["elapsed_ms"] = .number(
        ((check.elapsed ?? check.ttfb + check.transfer) * 10).rounded() / 10)
      fields["bytes"] = .number(check.bytes)
      fields["checksum"] = .text(check.checksum)
    }
    logs[check.node].add("retrieval", second: check.second, fields)
  }

  /// Established codes of the relation by node; empty ones left out.
  func codes() async throws -> [Int: Set<String>] {
    let outcome = try await StorageRelation.outcome(of: logs.map(\.profile), tasks: 1)
    return outcome.findings.mapValues { findings in
      Set(findings.filter(\.isEstablished).map(\.reason.code))
    }.filter { !$0.value.isEmpty }
  }

  static func codes(
    _ change: (inout Check, inout TestRandom) -> Void
  ) async throws -> [Int: Set<String>] {
    var world = StorageWorld()
    world.run(change: change)
    return try await world.codes()
  }
}

struct StorageRelationTests {
  @Test func `an honest network has no findings`() async throws {
    #expect(try await StorageWorld.codes { _, _ in }.isEmpty)
  }

  @Test func `a checker that invents contents is found, and not the nodes it checks`() async throws
  {
    let codes = try await StorageWorld.codes { check, random in
      if check.checker == 3, random.share() < 0.2 { check.checksum = "x\(random.next())" }
    }
    #expect(codes == [3: ["S3_UNSEEN_CONTENT"]])
  }

  @Test func `a node that serves other bytes is found, and not its checkers`() async throws {
    let codes = try await StorageWorld.codes { check, random in
      if check.node == 3, random.share() < 0.2 { check.bytes += 1000 }
    }
    #expect(codes == [3: ["S3_OTHER_CONTENT"]])
  }

  @Test func `contents that no name fixes say nothing`() async throws {
    #expect(try await StorageWorld.codes { $0.checksum = "x\($1.next())" }.isEmpty)
  }

  @Test func `impossible times are laid to the end that has them everywhere`() async throws {
    let codes = try await StorageWorld.codes { check, _ in
      if check.checker == 3 || check.node == 8 { check.elapsed = check.ttfb / 2 }
    }
    #expect(codes[3]?.contains("S3_IMPOSSIBLE_TIMES") == true)
    #expect(codes[8]?.contains("S3_IMPOSSIBLE_TIMES") == true)
    #expect(codes.count == 2)
  }

  @Test func `times that do not depend on the node, or hardly vary, are invented`() async throws {
    let codes = try await StorageWorld.codes { check, random in
      if check.checker == 3 { check.ttfb = 150 + 30 * random.noise() }
      if check.checker == 4 { check.ttfb = 150 + random.noise() }
      if check.checker == 5 { check.ttfb = (check.ttfb / 50).rounded(.up) * 50 }
    }
    #expect(
      codes == [3: ["S3_INVENTED_TIMES"], 4: ["S3_INVENTED_TIMES"], 5: ["S3_INVENTED_TIMES"]])
  }

  @Test func `checkers that fail all but their partners collude, and victims do not`() async throws
  {
    let ring: Set<Int> = [3, 4, 5]
    let codes = try await StorageWorld.codes { check, random in
      guard ring.contains(check.checker) else { return }
      check.succeeds = ring.contains(check.node) || random.share() < 0.2
    }
    #expect(Set(codes.keys) == ring)
    #expect(codes.values.allSatisfy { $0.contains("S6_COLLUDING_CHECKER") }, "\(codes)")
  }

  @Test func `what few read and the others cannot is a partner's`() async throws {
    let codes = try await StorageWorld.codes { check, random in
      if check.node == 3 || check.node == 5 {
        if random.share() < 0.3 { check = check.by(7) }
        check.succeeds = check.checker == 7 || random.share() < 0.2
      }
    }
    #expect(codes[3]?.contains("S6_PARTNER") == true)
    #expect(codes[7]?.contains("S6_COLLUDING_CHECKER") == true)
    #expect(Set(codes.keys).isSubset(of: [3, 5, 7]))
  }

  @Test func `routes that are down both ways accuse nobody`() async throws {
    let codes = try await StorageWorld.codes { check, random in
      let isFar = check.node % 2 != check.checker % 2
      if isFar, [2, 4, 6].contains(check.node) || [2, 4, 6].contains(check.checker) {
        check.succeeds = random.share() < 0.1
      }
    }
    #expect(codes.isEmpty)
  }

  @Test func `a checker whose own line is down is at fault, not dishonest`() async throws {
    let codes = try await StorageWorld.codes { check, _ in
      if check.checker == 3, check.second > 30_000, check.second < 60_000 { check.succeeds = false }
    }
    #expect(codes == [3: ["F_FAILING_CHECKER"]])
  }

  @Test func `one backend behind three nodes moves their times together`() async throws {
    var random = TestRandom(2)
    var course: [Double] = [0]
    for _ in 0..<288 { course.append(0.8 * course[course.count - 1] + 0.2 * random.noise()) }
    let codes = try await StorageWorld.codes { check, _ in
      if [3, 8, 12].contains(check.node) { check.ttfb *= exp(course[Int(check.second / 300)]) }
    }
    #expect(codes.keys.sorted() == [3, 8, 12])
    #expect(codes.values.allSatisfy { $0 == ["S1_SHARED_BACKEND"] })
  }

  @Test func `one data centre's nodes that fail together are no farm`() async throws {
    var world = StorageWorld()
    for node in [3, 5, 7, 9] { world.groups[node] = "centre" }
    world.run { check, _ in
      let outage = Int(check.second / 1200)
      if [3, 5, 7, 9].contains(check.node), [10, 31, 47, 60].contains(outage) {
        check.succeeds = false
      }
    }
    let codes = try await world.codes()
    #expect(codes.values.allSatisfy { $0 == ["S1_SHARED_FAULTS"] })
  }

  private func exp(_ value: Double) -> Double {
    (1...20).reduce((sum: 1.0, term: 1.0)) { sums, n in
      let term = sums.term * value / Double(n)
      return (sums.sum + term, term)
    }.sum
  }
}

extension StorageWorld.Check {
  fileprivate func by(_ checker: Int) -> Self {
    Self(
      node: node, checker: checker, second: second, ttfb: ttfb, transfer: transfer, bytes: bytes,
      checksum: checksum, succeeds: succeeds)
  }
}
