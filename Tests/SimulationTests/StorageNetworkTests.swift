import Contributions
import Testing

@testable import Simulation

@Suite struct StorageNetworkTests {
  typealias Log = WorkLog<StorageNetwork>

  @Test func sameBytesTwiceAndFromAnyOrder() {
    let log = Log(everyWorkPart(StorageNetwork.self), nodes: 150)
    let again = Log(everyWorkPart(StorageNetwork.self), nodes: 150)
    let forward = log.cast.map { log.bytes($0) }
    let backward = again.cast.reversed().map { again.bytes($0) }
    #expect(forward == backward.reversed())
  }

  @Test func everyRecordPassesTheSchemaInTimeOrderWithinTheDay() throws {
    let log = Log(everyWorkPart(StorageNetwork.self), nodes: 200)
    for member in log.cast {
      let records = try log.records(member)
      #expect(records.count >= 25, "\(member.part)")
      #expect(records.count <= 400, "\(member.part)")
      #expect(records.allSatisfy { $0.node == member.id })
      #expect(records.allSatisfy { $0.time / 86_400_000 == Log.day })
      #expect(zip(records, records.dropFirst()).allSatisfy { $0.time <= $1.time })
      let faults = records.flatMap { $0.faults(in: .storage) }
      #expect(faults.isEmpty, "\(member.part): \(Set(faults).prefix(3))")
    }
  }

  @Test func checkersAreOtherNodesOfTheNetwork() throws {
    let log = Log([], nodes: 60)
    let ids = Set(log.cast.map(\.id))
    for member in log.cast {
      let checkers = try log.records(member).compactMap { $0.text("checker") }
      #expect(checkers.allSatisfy { ids.contains($0) && $0 != member.id })
    }
  }

  @Test func contentsHaveOneSizeAndOneChecksumWhoeverServesAndAsks() throws {
    let log = Log([], nodes: 80)
    var known: [String: (bytes: Double, checksum: String)] = [:]
    var nodes: [String: Set<String>] = [:]
    var seen = 0
    var odd = 0
    for row in try log.cast.flatMap({ try log.records($0) }) {
      guard let cid = row.text("cid"), let checksum = row.text("checksum"),
        let bytes = row["bytes"]
      else { continue }
      nodes[cid, default: []].insert(row.node)
      if let before = known[cid] {
        seen += 1
        #expect((before.bytes == bytes) == (before.checksum == checksum))
        if before.checksum != checksum { odd += 1 }
      }
      known[cid] = (bytes, checksum)
    }
    // Broken connections are rare; each is counted twice, as what differs and as what came after.
    #expect(odd * 100 < seen)
    #expect(nodes.values.contains { $0.count > 1 })
  }

  @Test func timeToFirstByteGrowsWithDistanceAndHasAHeavyTail() throws {
    let log = Log([], nodes: 150)
    var near: [Double] = []
    var far: [Double] = []
    let sites = Dictionary(
      uniqueKeysWithValues: log.cast.map { ($0.id, StorageProvider.site(of: $0, seed: 11)) })
    for row in try log.cast.flatMap({ try log.records($0) }) {
      guard let checker = row.text("checker"), let ttfb = row["ttfb_ms"],
        let from = sites[checker], let to = sites[row.node]
      else { continue }
      let trip = from.roundTrip(to: to)
      #expect(ttfb > 3 * trip)
      if trip < 50 { near.append(ttfb) } else if trip > 150 { far.append(ttfb) }
    }
    #expect(workMedian(far) > workMedian(near) + 300)
    let tail = near.sorted()[near.count * 99 / 100]
    #expect(tail > 5 * workMedian(near))
  }

  /// A public scrape: half of the drives above 15,552 hours, 9 % with errors.
  @Test func drivesAreAsOldAndAsSoundAsRealOnes() throws {
    let log = Log([], nodes: 250)
    var drives: [String: (hours: Double, errors: Double)] = [:]
    for row in try log.cast.flatMap({ try log.records($0) }) where row.kind == "drive" {
      guard let id = row.text("drive_id"), let hours = row["power_on_h"],
        let errors = row["errors"]
      else { continue }
      drives[id] = (hours, errors)
    }
    let hours = drives.values.map(\.hours)
    #expect(abs(workMedian(hours) - 15_552) < 3_000)
    let broken = Double(drives.values.filter { $0.errors > 0 }.count) / Double(drives.count)
    #expect(abs(broken - 0.089) < 0.03)
  }

  @Test func claimsFitTheDrives() throws {
    let log = Log([], nodes: 100)
    for member in log.cast {
      let rows = try log.records(member)
      let claim = rows.first { $0.kind == "claim" }
      var sizes: [String: Double] = [:]
      for row in rows where row.kind == "drive" {
        sizes[row.text("drive_id") ?? ""] = row["capacity_gib"]
      }
      #expect(Double(sizes.count) == claim?["drives"])
      let total = sizes.values.reduce(0, +)
      #expect((claim?["capacity_gib"] ?? 0) < total)
    }
  }
}
