import Profiles
import TestRecords
import Testing

/// `count` retrievals every twenty minutes by five checkers in turn.
private func retrievals(
  _ count: Int = 60, _ fields: (Int, inout TestRandom) -> StorageNode.Fields
) -> StorageNode {
  var node = StorageNode("n")
  var noise = TestRandom(7)
  for index in 0..<count {
    var row: StorageNode.Fields = [
      "checker": .text("c\(index % 5)"), "cid": .text("cid\(index % 20)"), "status": 200,
      "bytes": .number(Double(1_000_000 + 70_000 * (index % 20))),
    ]
    row.merge(fields(index, &noise)) { $1 }
    node.add("retrieval", second: Double(index) * 1200, row)
  }
  return node
}

private func honest(_ noise: inout TestRandom) -> StorageNode.Fields {
  let ttfb = (130 + 35 * noise.noise()).rounded()
  return [
    "ttfb_ms": .number(max(ttfb, 20)),
    "elapsed_ms": .number((max(ttfb, 20) + 300 + 40 * noise.noise()).rounded()),
  ]
}

@Test func honestRetrievalsBreakNoRule() {
  #expect(retrievals { honest(&$1) }.codes.isEmpty)
}

@Test func oneTimeForAllCheckersRejectsUnlessTheClockIsCoarse() {
  let constant = retrievals { index, noise in
    index % 3 == 0 ? honest(&noise) : ["ttfb_ms": 137, "elapsed_ms": 410]
  }
  #expect(constant.codes.contains("S3_CONSTANT_TTFB"))
  let coarse = retrievals { index, noise in
    ["ttfb_ms": index % 5 == 0 ? 200 : 100, "elapsed_ms": .number(500 + Double(index % 7) * 100)]
  }
  #expect(!coarse.codes.contains("S3_CONSTANT_TTFB"))
}

@Test func timesOfOneCheckerAloneAccuseNobody() {
  let one = retrievals { _, _ in ["checker": "c", "ttfb_ms": 137, "elapsed_ms": 410] }
  #expect(one.codes.isEmpty)
}

@Test func timesWithoutJitterHold() {
  let regular = retrievals { _, noise in
    [
      "ttfb_ms": .number(130 + 0.9 * noise.noise()),
      "elapsed_ms": .number(500 + 50 * noise.noise()),
    ]
  }
  #expect(regular.codes == ["S3_REGULAR_TTFB"])
}

@Test func replayedTimesHold() {
  var noise = TestRandom(3)
  let pool = (0..<12).map { _ in honest(&noise) }
  let replay = retrievals { index, _ in
    var row = pool[index % 12]
    row["ttfb_ms"] = .number(Double(100 + 7 * (index % 12)) + 0.25)
    return row
  }
  #expect(replay.codes.contains("S3_REPEATED_TIMES"))
}

@Test func ratesTooExactHoldAndShapedLinesDoNot() {
  func shaped(_ share: Double) -> StorageNode {
    retrievals { index, noise in
      let ttfb = max(130 + 35 * noise.noise(), 20)
      let bytes = Double(1_000_000 + 70_000 * (index % 20))
      let transfer = bytes / 2000 * (1 + share * noise.noise())
      return ["ttfb_ms": .number(ttfb), "elapsed_ms": .number(ttfb + transfer)]
    }
  }
  #expect(shaped(0.0005).codes == ["S3_EXACT_RATE"])
  #expect(shaped(0.03).codes.isEmpty)
}

/// A claim and `sweeps` listings of `count` drives of 3,726 GiB.
private func holding(
  _ count: Int, claimed: Double, drives: Int?, sweeps: Int = 2
) -> StorageNode {
  var node = StorageNode("n")
  var claim: StorageNode.Fields = ["capacity_gib": .number(claimed)]
  if let drives { claim["drives"] = .number(Double(drives)) }
  node.add("claim", second: 0, claim)
  for sweep in 0..<sweeps {
    for drive in 0..<count {
      node.add(
        "drive", second: Double(sweep) * 43_200 + Double(drive),
        [
          "drive_id": .text("WX1\(drive)7Q"), "drive_model": "ST4000", "capacity_gib": 3726,
          "power_on_h": .number(8000 + Double(sweep) * 12),
        ])
    }
  }
  return node
}

@Test(
  arguments: [
    (14_000.0, []), (14_904, []), (15_900, ["S2_CAPACITY_ROUNDED"]),
    (18_000, ["S2_CAPACITY_DOUBT"]), (20_000, ["S2_CAPACITY"]), (60_000, ["S2_CAPACITY"]),
  ] as [(Double, Set<String>)])
func claimsBeyondAllDrivesAreFound(claimed: Double, codes: Set<String>) {
  #expect(holding(4, claimed: claimed, drives: 4).codes == codes)
}

@Test func oneListingHoldsAndUnknownCountsHold() {
  #expect(holding(1, claimed: 9000, drives: 1, sweeps: 1).codes == ["S2_CAPACITY_DOUBT"])
  #expect(holding(4, claimed: 60_000, drives: nil).codes == ["S2_CAPACITY_DOUBT"])
}

@Test func missingDrivesAreAFaultOrALie() {
  #expect(holding(4, claimed: 18_000, drives: 5).codes.contains("F_MISSING_DRIVE"))
  #expect(holding(4, claimed: 14_000, drives: 6).codes == ["S2_MISSING_DRIVES"])
  #expect(holding(4, claimed: 14_000, drives: 12).codes == ["S2_FEWER_DRIVES"])
  #expect(holding(4, claimed: 14_000, drives: 12, sweeps: 1).codes == ["S2_MISSING_DRIVES"])
  // One record of one drive is no listing.
  #expect(holding(1, claimed: 14_000, drives: 4, sweeps: 1).codes.isEmpty)
}

@Test func aDriveReadTwiceCountsOnce() {
  var node = holding(4, claimed: 14_000, drives: 4, sweeps: 1)
  node.add(
    "drive", second: 2, ["drive_id": "WX107Q", "drive_model": "ST4000", "capacity_gib": 3726])
  #expect(node.codes.isEmpty)
  #expect(node.feature("drive_ratio") == 1)
}

/// Proofs every half hour, late as `late` says.
private func proving(_ late: (Int, inout TestRandom) -> Double) -> StorageNode {
  var node = StorageNode("n")
  var noise = TestRandom(5)
  for index in 0..<48 {
    node.add(
      "proof", second: Double(index) * 1800,
      ["sectors": 100, "valid": 1, "late_ms": .number(late(index, &noise).rounded())])
  }
  return node
}

@Test func proofsOfTwoKindsHoldAndSlowSealersDoNot() {
  let outsourced = proving {
    $0 % 3 == 0 ? 600_000 + 60_000 * $1.noise() : 40_000 + 4000 * $1.noise()
  }
  #expect(outsourced.codes == ["S5_BIMODAL_PROOFS"])
  #expect(proving { 600_000 + 150_000 * $1.noise() }.codes.isEmpty)
  // A machine that slows down once is broken, not two.
  #expect(proving { ($0 < 24 ? 40_000 : 600_000) * (1 + 0.1 * $1.noise()) }.codes.isEmpty)
}

@Test func faultsHold() {
  var node = StorageNode("n")
  for index in 0..<20 {
    let outcome = index % 2 == 0 ? "offline" : index % 5 == 0 ? "failure" : "success"
    node.add("audit", second: Double(index) * 900, ["outcome": .text(outcome)])
  }
  #expect(node.codes == ["F_OFFLINE"])
  let dead = retrievals { _, _ in ["status": 504, "timeout": 1] }
  #expect(dead.codes == ["F_UNREACHABLE"])
  // One checker that fails all the time is not the node's fault.
  let denied = retrievals { index, noise in
    index % 5 == 0 ? ["status": 504, "timeout": 1] : honest(&noise)
  }
  #expect(denied.codes.isEmpty)
}

@Test func unitsAreWhatIsProvenAndServed() {
  var node = retrievals(10) { _, _ in ["bytes": 1_073_741_824, "ttfb_ms": 90] }
  node.add("claim", second: 0, ["capacity_gib": 1000])
  node.add("proof", second: 60, ["valid": 1])
  node.add("proof", second: 120, ["valid": 0])
  #expect(node.profile.unitsMicro == 510_000_000)
}

@Test func driveRecordsAloneSayLittleAndBitsAreUnique() {
  var node = StorageNode("n")
  node.add("drive", second: 0, ["drive_id": "B2ACD8C71277", "capacity_gib": 894.1])
  #expect(node.codes.isEmpty && node.profile.unitsMicro == 0)
  let bits = Profile.storage.reasons.map(\.bit)
  #expect(Set(bits).count == bits.count && bits.allSatisfy { (0..<40).contains($0) })
}
