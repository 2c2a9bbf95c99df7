import Testing

@testable import Simulation

/// Every attack writes what its definition says, at every strength.
@Suite struct StorageAttackTests {
  typealias Log = WorkLog<StorageNetwork>

  /// All retrievals of a network.
  private func retrievals(_ log: Log) throws -> [WorkRecord] {
    try log.cast.flatMap { try log.records($0) }.filter { $0.kind == "retrieval" }
  }

  private func isSuccess(_ row: WorkRecord) -> Bool {
    row["status"] == 200 && row.flag("timeout") != true
  }

  private func successShare(_ rows: [WorkRecord]) -> Double {
    Double(rows.filter(isSuccess).count) / Double(max(rows.count, 1))
  }

  @Test(arguments: Strength.allCases) func sharedStoreFailsAndSlowsTogether(
    _ strength: Strength
  ) throws {
    let log = Log(.attack("S1", strength), size: 4, times: 3, nodes: 150)
    for group in 0..<3 {
      let providers = (0..<4).map {
        StorageProvider(log.cast[group * 4 + $0], nodes: 150, seed: 11)
      }
      let down = providers.map { $0.downtimes(day: Log.day) }
      #expect(!down[0].isEmpty)
      #expect(down.allSatisfy { $0 == down[0] })
      let hours = try (0..<4).map { place in
        try log.records(log.cast[group * 4 + place])
          .filter { $0.kind == "retrieval" && !isSuccess($0) }
      }
      let inside = hours.flatMap { $0 }.filter { row in
        down[0].contains { $0.contains(row.hour * 3_600_000) }
      }
      #expect(inside.count >= 2)
      let groups = Set(providers.map(\.inetGroup)).count
      #expect(groups == (strength == .easy ? 1 : 4))
    }
  }

  @Test(arguments: Strength.allCases, [1, 2]) func inflatedCapacityExceedsTheDrives(
    _ strength: Strength, _ size: Int
  ) throws {
    let log = Log(.attack("S2", strength), size: size, times: 4, nodes: 40)
    for group in 0..<4 {
      var listed: [Set<String>] = []
      for place in 0..<size {
        let rows = try log.records(log.cast[group * size + place])
        let claim = rows.first { $0.kind == "claim" }?["capacity_gib"] ?? 0
        var sizes: [String: Double] = [:]
        for row in rows where row.kind == "drive" {
          sizes[row.text("drive_id") ?? ""] = row["capacity_gib"]
        }
        listed.append(Set(sizes.keys))
        #expect(claim > 1.03 * sizes.values.reduce(0, +))
      }
      guard size > 1 else { continue }
      #expect(!listed[0].isDisjoint(with: listed[1]))
    }
  }

  @Test(arguments: Strength.allCases) func fabricatorsSeeWhatNobodyElseSees(
    _ strength: Strength
  ) throws {
    let log = Log(.attack("S3", strength), times: 4, nodes: 120)
    let rows = try retrievals(log)
    var counts: [String: [String: Int]] = [:]
    for row in rows {
      guard let cid = row.text("cid"), let checksum = row.text("checksum") else { continue }
      counts[cid, default: [:]][checksum, default: 0] += 1
    }
    for member in log.players {
      let made = rows.filter { $0.text("checker") == member.id }
      #expect(made.count > 40)
      #expect(successShare(made) == 1)
      let odd = made.filter { row in
        guard let checksum = row.text("checksum") else { return false }
        return counts[row.text("cid") ?? ""]?[checksum] == 1
          && (counts[row.text("cid") ?? ""]?.count ?? 0) > 1
      }
      #expect(odd.count > made.count / 20)
      let times = made.compactMap { $0["ttfb_ms"] }
      let spread = Set(times).count
      #expect((spread == 1) == (strength == .easy))
      #expect((times.max() ?? 0) < 4 * workMedian(times))
    }
  }

  @Test(arguments: Strength.allCases) func sybilsAreInOneGroupWithOneBehaviour(
    _ strength: Strength
  ) throws {
    let log = Log(.attack("S4", strength), size: 10, times: 1, nodes: 100)
    let rows = try log.players.map { try log.records($0) }
    let groups = Set(rows.flatMap { $0.compactMap { $0.text("inet_group") } })
    #expect(groups.count == (strength == .hard ? 2 : 1))
    let owners = Set(rows.flatMap { $0.compactMap { $0.text("owner") } })
    #expect((owners.count == 1) == (strength == .easy))
    let late = rows.map { workMedian($0.compactMap { $0["late_ms"] }) }
    #expect((late.max() ?? 0) < 1.6 * (late.min() ?? 0))
  }

  @Test(arguments: Strength.allCases) func outsourcedProofsAreLateInTwoWays(
    _ strength: Strength
  ) throws {
    let log = Log(.attack("S5", strength), times: 8, nodes: 30)
    var far = 0
    for member in log.players {
      let late = try log.records(member).compactMap { $0["late_ms"] }.sorted()
      let honest = late[late.count / 6]
      let second = late.filter { $0 > 1.9 * honest + 60_000 }
      let between = late.filter { $0 > 1.6 * honest && $0 < 1.9 * honest }
      if second.count >= 2, between.count < late.count / 3 { far += 1 }
    }
    #expect(far >= 7)
  }

  @Test(arguments: Strength.allCases) func colludersSucceedForPartnersOnly(
    _ strength: Strength
  ) throws {
    let log = Log(.attack("S6", strength), size: 4, times: 2, nodes: 140)
    let rows = try retrievals(log)
    let groups = Dictionary(uniqueKeysWithValues: log.players.map { ($0.id, $0.group) })
    let lied = rows.filter { groups[$0.text("checker") ?? ""] != nil }
    let partners = lied.filter { groups[$0.node] == groups[$0.text("checker") ?? ""] }
    let others = lied.filter { groups[$0.node] == nil }
    #expect(partners.count > 50)
    #expect(successShare(partners) == 1)
    let most = strength == .easy ? 0.15 : strength == .medium ? 0.5 : 0.8
    #expect(successShare(others) < most)
    let sound = rows.filter { groups[$0.text("checker") ?? ""] == nil }
    #expect(successShare(sound.filter { groups[$0.node] == nil }) > 0.9)
    #expect(successShare(sound.filter { groups[$0.node] != nil }) < 0.85)
  }
}
