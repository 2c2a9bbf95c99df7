import Testing

@testable import Simulation

/// Faults and look-alikes: like an attack in one respect, honest in all others.
@Suite struct StorageLookAlikeTests {
  typealias Log = WorkLog<StorageNetwork>

  @Test func everyHonestLookAlikeOfTheAttackTableIsThere() {
    let names = Set(StorageNetwork.lookAlikes.map(\.name))
    for name in [
      "data centre", "generic ids", "hosting provider", "slow sealer", "regional routing",
      "drive read twice",
    ] { #expect(names.contains(name)) }
  }

  @Test func customersOfOneHostShareANetworkAndNothingElse() throws {
    let log = Log(.lookAlike("hosting provider"), size: 8, times: 1, nodes: 60)
    let rows = try log.players.map { try log.records($0) }
    #expect(Set(rows.flatMap { $0.compactMap { $0.text("inet_group") } }).count == 1)
    #expect(Set(rows.compactMap { $0.compactMap { $0.text("owner") }.first }).count > 3)
    let late = rows.map { workMedian($0.compactMap { $0["late_ms"] }) }
    #expect((late.max() ?? 0) > 1.6 * (late.min() ?? 0))
  }

  @Test func aDriveReadTwiceIsInOneNodeAtATime() throws {
    let log = Log(.lookAlike("drive read twice"), size: 2, times: 4, nodes: 30)
    for group in stride(from: 0, to: 8, by: 2) {
      let sides = try (0...1).map { place in
        try log.records(log.cast[group + place]).filter { $0.kind == "drive" }
      }
      let common = Set(sides[0].compactMap { $0.text("drive_id") })
        .intersection(sides[1].compactMap { $0.text("drive_id") })
      #expect(common.count == 1)
      let hours = sides.map { $0.filter { common.contains($0.text("drive_id") ?? "") }.map(\.hour) }
      #expect((hours[0].max() ?? 99) < (hours[1].min() ?? 0))
    }
  }

  @Test func aSlowSealerIsLateInOneWay() throws {
    let log = Log(.lookAlike("slow sealer"), times: 6, nodes: 20)
    for member in log.players {
      let late = try log.records(member).compactMap { $0["late_ms"] }.sorted()
      #expect(late[late.count / 4] > 300_000)
    }
  }

  @Test func brokenRoutesFailOneRegionForAllOfAnother() throws {
    let log = Log(.lookAlike("regional routing"), size: 5, times: 2, nodes: 250)
    let ids = Dictionary(uniqueKeysWithValues: log.players.map { ($0.id, $0) })
    let sites = log.cast.map { StorageProvider.site(of: $0, seed: 11).region }
    var cut = (bad: 0, all: 0)
    var other = (bad: 0, all: 0)
    for member in log.cast {
      for row in try log.records(member) {
        guard let checker = ids[row.text("checker") ?? ""],
          case .misrouted(let region, _) = StorageProvider.checking(
            checker, seed: 11, day: Log.day)
        else { continue }
        let isBad = row["status"] != 200
        if sites[member.index] == region {
          cut = (cut.bad + (isBad ? 1 : 0), cut.all + 1)
        } else {
          other = (other.bad + (isBad ? 1 : 0), other.all + 1)
        }
      }
    }
    #expect(cut.all > 10)
    #expect(Double(cut.bad) > 0.5 * Double(cut.all))
    #expect(Double(other.bad) < 0.15 * Double(other.all))
  }

  @Test func anOfflineNodeIsDownForEveryoneAndItsAudits() throws {
    let log = Log(.fault("offline"), times: 4, nodes: 60)
    for member in log.players {
      let provider = StorageProvider(member, nodes: 60, seed: 11)
      let down = provider.downtimes(day: Log.day)
      #expect(down.count == 1)
      for row in try log.records(member) where down[0].contains(row.hour * 3_600_000) {
        if row.kind == "retrieval" { #expect(row["status"] != 200) }
        if row.kind == "audit" { #expect(row.text("outcome") == "offline") }
      }
    }
  }

  @Test func aCheckerCutOffFailsEveryoneForSomeHours() throws {
    let log = Log(.fault("checker outage"), times: 3, nodes: 90)
    let rows = try log.cast.flatMap { try log.records($0) }
    for member in log.players {
      guard
        case .offline(let hours) = StorageProvider.checking(member, seed: 11, day: Log.day)
      else {
        Issue.record("no outage")
        continue
      }
      let own = rows.filter { $0.text("checker") == member.id }
      let inside = own.filter { hours.contains($0.hour) }
      #expect(inside.allSatisfy { $0["status"] != 200 })
      let outside = own.filter { !hours.contains($0.hour) && $0["status"] == 200 }
      #expect(outside.count > own.count / 3)
    }
  }

  @Test func badMemoryIsSeenByEveryChecker() throws {
    let log = Log(.fault("bad memory"), times: 3, nodes: 60)
    var witnesses = 0
    for member in log.players {
      let provider = StorageProvider(member, nodes: 60, seed: 11)
      let truth = Dictionary(
        provider.shelf.map {
          (StorageContent.identifier($0), "1220" + WorkHash.hex(WorkHash.mix($0, 0x5C5), 64))
        }, uniquingKeysWith: { first, _ in first })
      let wrong = try log.records(member).filter { row in
        row.text("checksum").map { $0 != truth[row.text("cid") ?? ""] } ?? false
      }
      witnesses += Set(wrong.compactMap { $0.text("checker") }).count
    }
    #expect(witnesses >= 6)
  }
}
