import Profiles
import Testing

/// A node audited `outcomes.count` times, with these results.
private func audited(_ outcomes: [String]) -> StorageNode {
  var node = StorageNode("n")
  for (index, outcome) in outcomes.enumerated() {
    node.add(
      "audit", second: Double(index) * 2000, ["outcome": .text(outcome), "elapsed_ms": 300])
  }
  return node
}

private func outcomes(_ count: Int, of which: String, among total: Int) -> [String] {
  (0..<total).map { $0 < count ? which : "success" }
}

@Test func oneFailedAuditIsChanceAndAFifthOfThemIsDamage() {
  #expect(!audited(outcomes(1, of: "failure", among: 20)).codes.contains("F_FAILED_AUDITS"))
  #expect(!audited(outcomes(2, of: "failure", among: 40)).codes.contains("F_FAILED_AUDITS"))
  #expect(audited(outcomes(4, of: "failure", among: 20)).codes.contains("F_FAILED_AUDITS"))
}

@Test func auditsWithoutAResultAccuseTheAuditor() {
  #expect(!audited(outcomes(5, of: "unknown", among: 20)).codes.contains("V_UNKNOWN_AUDITS"))
  let unknown = audited(outcomes(8, of: "unknown", among: 20))
  #expect(unknown.codes == ["V_UNKNOWN_AUDITS"])
}

@Test func aFewProofsThatDoNotVerifyAreAFaultAndOneIsNone() {
  func prover(invalid: Int) -> StorageNode {
    var node = StorageNode("n")
    for index in 0..<24 {
      node.add(
        "proof", second: Double(index) * 3000,
        ["late_ms": .number(60_000 + Double(index % 5) * 900), "valid": index < invalid ? 0 : 1])
    }
    return node
  }
  #expect(!prover(invalid: 1).codes.contains("F_INVALID_PROOFS"))
  #expect(prover(invalid: 4).codes.contains("F_INVALID_PROOFS"))
}

@Test func oldErrorsOfADriveAreHistoryAndNewOnesAreWear() {
  func drive(errors: [Double]) -> StorageNode {
    var node = StorageNode("n")
    for (listing, count) in errors.enumerated() {
      node.add(
        "drive", second: 3000 + Double(listing) * 20_000,
        [
          "drive_id": "WD-A77X", "drive_model": "M", "capacity_gib": 3726,
          "power_on_h": .number(1000 + 6 * Double(listing)), "errors": .number(count),
        ])
    }
    return node
  }
  #expect(!drive(errors: [120, 120, 121]).codes.contains("F_DRIVE_ERRORS"))
  #expect(drive(errors: [120, 126, 140]).codes.contains("F_DRIVE_ERRORS"))
  #expect(drive(errors: [6000]).codes.contains("F_DRIVE_ERRORS"))
}
