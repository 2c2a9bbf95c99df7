import Contributions
import TestRecords
import Testing

@testable import Profiles

private func payloads(_ fields: RecordLog.Fields) -> [UInt64] {
  var node = Gateway.node([])
  let signal: RecordLog.Fields = ["rssi_dbm": -100, "snr_db": 3]
  node.add("witness", second: 100, signal.merging(fields) { $1 })
  return (node.profile.trace as? WirelessTrace)?.sightings.map(\.payload) ?? []
}

@Test func aBeaconIsKnownByItsNameAndSenderWithAHashOrWithout() {
  let bare = payloads(["peer": "p", "beacon_id": "b"])
  let hashed = payloads(["peer": "p", "beacon_id": "b", "payload_hash": "h"])
  #expect(bare.count == 1)
  #expect(bare == hashed)
  // Senders that count their beacons give the same names.
  #expect(payloads(["peer": "q", "beacon_id": "b"]) != bare)
  #expect(payloads(["peer": "p", "beacon_id": "c"]) != bare)
  #expect(bare.allSatisfy { $0 & 1 == 1 })
}

@Test func withoutANameTheHashSaysWhatWasHeard() {
  let one = payloads(["payload_hash": "h"])
  #expect(one.count == 1)
  #expect(payloads(["peer": "p", "payload_hash": "h"]) == one)
  #expect(payloads(["peer": "p"]).isEmpty)
}
