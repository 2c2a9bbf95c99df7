import Profiles
import TestRecords
import Testing

/// A node that claims `claimed` drives and `capacity`, lists those of `sizes` in every one of
/// `listings`, and has `checks` audits of which `failed` fail.
private func holder(
  claimed: Int, capacity: Double, sizes: [Double], listings: Int = 1, checks: Int = 20,
  failed: Int = 0, identity: (Int) -> String = { "WD-\($0)X77" }
) -> StorageNode {
  var node = StorageNode("n")
  node.add(
    "claim", second: 0, ["capacity_gib": .number(capacity), "drives": .number(Double(claimed))])
  for listing in 0..<listings {
    for (drive, size) in sizes.enumerated() {
      node.add(
        "drive", second: 3000 + Double(listing) * 20_000 + Double(drive),
        [
          "drive_id": .text(identity(drive)), "drive_model": "M", "capacity_gib": .number(size),
          "power_on_h": .number(Double(1000 + 900 * drive + 6 * listing)),
        ])
    }
  }
  for check in 0..<checks {
    node.add(
      "audit", second: Double(check) * 4000 + 50,
      ["outcome": check < failed ? "failure" : "success", "elapsed_ms": 300])
  }
  return node
}

@Test func theLargestOfThreeDrivesDiesAndNobodyIsRejected() {
  let dead = holder(claimed: 3, capacity: 23_256, sizes: [7451, 1770], failed: 5)
  #expect(!dead.codes.contains("S2_CAPACITY"))
  #expect(dead.codes.contains("F_MISSING_DRIVE"))
  let inflated = holder(claimed: 2, capacity: 23_256, sizes: [7451, 1770])
  #expect(inflated.codes == ["S2_CAPACITY"])
}

@Test func aDriveThatMovedOnIsNoFaultWhereTheClaimHoldsWithoutIt() {
  #expect(holder(claimed: 3, capacity: 7000, sizes: [3726, 3726]).codes.isEmpty)
  let gone = holder(claimed: 3, capacity: 10_000, sizes: [3726, 3726])
  #expect(gone.codes.contains("F_MISSING_DRIVE"))
}

@Test func halfOfTheDrivesNeverThereRejectsAndALostShelfHolds() {
  let invented = holder(claimed: 8, capacity: 14_000, sizes: [3726, 3726, 3726, 3726])
  #expect(invented.codes.contains("S2_FEWER_DRIVES"))
  let lost = holder(
    claimed: 8, capacity: 14_000, sizes: [3726, 3726, 3726, 3726], listings: 3, failed: 8)
  #expect(!lost.codes.contains("S2_FEWER_DRIVES"))
  #expect(lost.codes.contains("S2_MISSING_DRIVES"))
}

@Test func oneIdentityOnDrivesOfDifferentAgesRejectsNobody() {
  let hidden = holder(
    claimed: 4, capacity: 14_000, sizes: [3726, 3726, 3726, 3726], listings: 2
  ) { _ in "RAID-LD-7" }
  #expect(!hidden.codes.contains("S2_CAPACITY"))
  #expect(!hidden.codes.contains("S2_FEWER_DRIVES"))
  let virtual = holder(claimed: 4, capacity: 14_000, sizes: [3726, 3726, 3726, 3726]) { _ in
    "QM00001"
  }
  #expect(virtual.codes.isSubset(of: ["F_GENERIC_ID"]))
}

@Test func oneStretchOfLateProofsIsAnOutageAndTwoKindsInTurnsAreNot() {
  func proofs(isLate: (Int) -> Bool) -> StorageNode {
    var node = StorageNode("n")
    var noise = TestRandom(3)
    for index in 0..<24 {
      let late = (isLate(index) ? 1_200_000.0 : 60_000) * (1 + 0.02 * noise.noise())
      node.add(
        "proof", second: Double(index) * 3000, ["late_ms": .number(late), "valid": 1])
    }
    return node
  }
  #expect(proofs { (10...13).contains($0) }.codes.isEmpty)
  #expect(proofs { $0 % 4 == 1 }.codes.contains("S5_BIMODAL_PROOFS"))
}

@Test func repeatedTimesOfOneCheckerAreTheCheckers() {
  func served(repeating checkers: Int) -> StorageNode {
    var node = StorageNode("n")
    var noise = TestRandom(9)
    for index in 0..<60 {
      let isSame = index % 6 < 3
      let checker = isSame ? index % 3 % checkers : 10 + index % 5
      let ttfb = isSame ? 137.25 : 130 + 30 * noise.share()
      node.add(
        "retrieval", second: Double(index) * 1200,
        [
          "checker": .text("c\(checker)"), "status": 200, "bytes": 1_000_000,
          "ttfb_ms": .number(ttfb),
          "elapsed_ms": .number(isSame ? 540.5 : ttfb + 300 + 90 * noise.share()),
        ])
    }
    return node
  }
  #expect(!served(repeating: 1).codes.contains("S3_REPEATED_TIMES"))
  #expect(served(repeating: 3).codes.contains("S3_REPEATED_TIMES"))
}
