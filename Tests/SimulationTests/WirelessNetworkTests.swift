import Contributions
import Foundation
import Testing

@testable import Simulation

@Suite struct WirelessNetworkTests {
  private let fixture = WirelessFixture.mixed
  private let day = WirelessFixture.firstDay

  @Test func anyOrderOfNodesGivesTheSameBytes() {
    let (members, network) = (fixture.members, fixture.network)
    let again = WirelessNetwork(cast: members, seed: 41, days: day..<(day + 1))
    let chosen = stride(from: 0, to: members.count, by: 9).map { members[$0] }
    let forward = chosen.map { WirelessFixture.bytes(of: $0, network, day) }
    let backward = chosen.reversed().map { WirelessFixture.bytes(of: $0, again, day) }
    #expect(forward == backward.reversed())
    let other = WirelessNetwork(cast: members, seed: 42, days: day..<(day + 1))
    #expect(WirelessFixture.bytes(of: chosen[0], other, day) != forward[0])
  }

  @Test func aDayDoesNotDependOnTheDaysPlannedBeforeIt() {
    let member = fixture.members[3]
    let longer = WirelessNetwork(cast: fixture.members, seed: 41, days: day..<(day + 3))
    let first = WirelessFixture.records(of: member, longer, day)
    let second = WirelessFixture.records(of: member, longer, day + 1)
    #expect(!first.isEmpty && !second.isEmpty)
    #expect(first.allSatisfy { $0.time / 86_400_000 == day })
    #expect(second.allSatisfy { $0.time / 86_400_000 == day + 1 })
  }

  @Test func everyFieldIsOneOfTheSchemaAndInsideItsRange() throws {
    for record in fixture.records {
      let index = try #require(ProfileSchema.wireless.index(ofKind: record.kind))
      let kind = ProfileSchema.wireless.kinds[index]
      for name in record.fieldNames {
        let field = kind.fields[try #require(kind.index(of: name), "\(record.kind).\(name)")]
        switch field.type {
        case .string:
          let text = try #require(record.text(name))
          #expect((1...256).contains(text.utf8.count))
        default:
          let value = try #require(record.number(name))
          #expect(field.range?.contains(value) ?? true, "\(record.kind).\(name) = \(value)")
        }
      }
    }
  }

  @Test func everyKindAndFieldOccursAndOptionalOnesAreSometimesMissing() {
    for kind in ProfileSchema.wireless.kinds {
      let records = fixture.records { $0.kind == kind.name }
      for field in kind.fields {
        #expect(records.contains { $0.fieldNames.contains(field.name) }, "\(field.name)")
      }
    }
    let optional = [
      ("claim", "gain_dbi"), ("claim", "elevation_m"), ("witness", "tmst_us"),
      ("witness", "snr_db"), ("witness", "payload_hash"), ("packet", "hold_ms"),
      ("packet", "size_bytes"), ("packet", "device_lat"), ("beacon", "tx_power_dbm"),
      ("heartbeat", "location_source"), ("transfer", "duration_s"),
    ]
    for (kind, field) in optional {
      let records = fixture.records { $0.kind == kind }
      #expect(records.contains { !$0.fieldNames.contains(field) }, "\(field)")
    }
  }

  @Test func recordsComeInTimeOrderFromTheirNodeAndClaimFirst() {
    let byNode = Dictionary(grouping: fixture.records, by: \.member.index)
    #expect(byNode.count == fixture.members.count)
    for (index, records) in byNode {
      #expect(records.first?.kind == "claim")
      #expect(records.allSatisfy { $0.node == fixture.members[index].id })
      #expect(zip(records, records.dropFirst()).allSatisfy { $0.time <= $1.time })
      #expect(records.allSatisfy { $0.time / 86_400_000 == day })
    }
  }

  @Test func honestNodesWriteTensToHundredsOfRecordsADay() {
    let counts = fixture.grouped { $0 == .honest }.map(\.count).sorted()
    #expect((50...300).contains(counts[counts.count / 2]))
    #expect(counts[counts.count / 20] >= 20)
    #expect(counts[counts.count * 19 / 20] <= 600)
  }

  @Test func everyAttackPlaysInEveryStrengthAndEveryHonestPartOccurs() {
    for attack in WirelessNetwork.attacks {
      for strength in Strength.allCases {
        #expect(!fixture.nodes(attack.code, strength).isEmpty, "\(attack.code) \(strength)")
      }
    }
    for fault in WirelessNetwork.faults {
      #expect(fixture.members.contains { $0.part == .fault(fault.name) }, "\(fault.name)")
    }
    for lookAlike in WirelessNetwork.lookAlikes {
      let part = Part.lookAlike(lookAlike.name)
      #expect(fixture.members.contains { $0.part == part }, "\(lookAlike.name)")
    }
  }

  @Test func witnessesHearBeaconsThatWereSentOnTheFrequencyTheyWereSent() {
    var sent: [String: WirelessRecord] = [:]
    for beacon in fixture.records("beacon", { _ in true }) {
      sent[beacon.text("beacon_id") ?? ""] = beacon
    }
    var heard = 0
    for witness in fixture.records("witness", { $0 == .honest }) {
      // A beacon reported too late for its day is not in this day's log.
      guard let beacon = sent[witness.text("beacon_id") ?? ""] else { continue }
      heard += 1
      #expect(beacon.node == witness.text("peer"))
      #expect(beacon.number("freq_mhz") == witness.number("freq_mhz"))
      #expect(beacon.text("datarate") == witness.text("datarate"))
      if let hold = witness.number("hold_ms") {
        #expect(abs(Double(witness.time - beacon.time) - hold) <= 1 || hold == 0)
      }
    }
    #expect(heard > 5_000)
  }

  @Test func hearersOfOnePacketAgreeOnIt() {
    let packets = fixture.records("packet") { $0 == .honest }
    let shared = Dictionary(grouping: packets) { $0.text("payload_hash") ?? "" }
      .values.filter { $0.count > 1 }
    #expect(shared.count > 1_000)
    for group in shared {
      #expect(Set(group.compactMap { $0.text("device") }).count == 1)
      #expect(Set(group.compactMap { $0.text("datarate") }).count == 1)
      #expect(Set(group.compactMap { $0.number("size_bytes") }).count <= 1)
    }
  }
}

extension WirelessFixture {
  fileprivate func records(_ isWanted: (WirelessRecord) -> Bool) -> [WirelessRecord] {
    records.filter(isWanted)
  }
}
