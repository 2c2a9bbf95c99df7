import Contributions
import Testing

@testable import Simulation

@Suite struct ComputeNetworkTests {
  @Test func sameBytesTwiceAndFromAnyOrder() {
    let log = WorkLog<ComputeNetwork>(everyWorkPart(ComputeNetwork.self))
    let again = WorkLog<ComputeNetwork>(everyWorkPart(ComputeNetwork.self))
    let forward = log.cast.map { log.bytes($0) }
    let backward = again.cast.reversed().map { again.bytes($0) }
    #expect(forward == backward.reversed())
  }

  @Test func anotherSeedOrDayGivesOtherRecords() {
    let log = WorkLog<ComputeNetwork>([], nodes: 3)
    let other = WorkLog<ComputeNetwork>([], nodes: 3, seed: 12)
    #expect(log.bytes(log.cast[0]) != other.bytes(other.cast[0]))
    #expect(log.bytes(log.cast[0]) != log.bytes(log.cast[0], day: WorkLog<ComputeNetwork>.day + 1))
  }

  @Test func everyRecordPassesTheSchemaInTimeOrderWithinTheDay() throws {
    let log = WorkLog<ComputeNetwork>(everyWorkPart(ComputeNetwork.self), nodes: 90)
    for member in log.cast {
      let records = try log.records(member)
      #expect(records.count >= 50, "\(member.part)")
      #expect(records.count <= 500, "\(member.part)")
      #expect(records.allSatisfy { $0.node == member.id })
      #expect(records.allSatisfy { $0.time / 86_400_000 == WorkLog<ComputeNetwork>.day })
      #expect(zip(records, records.dropFirst()).allSatisfy { $0.time <= $1.time })
      let faults = records.flatMap { $0.faults(in: .compute) }
      #expect(faults.isEmpty, "\(member.part): \(Set(faults).prefix(3))")
    }
  }

  @Test func identitiesStayFromDayToDay() throws {
    let log = WorkLog<ComputeNetwork>([], nodes: 4)
    for member in log.cast {
      let days = try [0, 1].map { try log.records(member, day: WorkLog<ComputeNetwork>.day + $0) }
      let names = days.map { Set($0.compactMap { $0.text("gpu_uuid") }) }
      #expect(!names[0].isEmpty)
      #expect(names[0] == names[1])
    }
  }

  @Test func someOptionalFieldsAreMissingAtSomeNodes() throws {
    let log = WorkLog<ComputeNetwork>([], nodes: 40)
    let records = try log.cast.flatMap { try log.records($0) }
    for (kind, field) in [
      ("inventory", "sm_count"), ("benchmark", "nonce"), ("job", "cpu_ms"), ("claim", "owner"),
    ] {
      let rows = records.filter { $0.kind == kind }
      let present = rows.filter { $0.text(field) != nil || $0[field] != nil }.count
      #expect(present > rows.count / 2)
      #expect(present < rows.count)
    }
  }
}
