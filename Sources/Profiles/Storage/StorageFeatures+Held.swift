import ExactMath

extension StorageFeatures {
  /// What the node holds: claims, drives, audits, proofs.
  static let held: [Item] = [
    Item(
      "capacity_ratio", unit: "log2", resolution: 0.01, side: .high, attacks: ["S2"],
      text: "Claimed capacity over that of the drives listed."
    ) { Statistics.log2($0.capacityRatio) },
    Item(
      "drive_ratio", resolution: 0.01, side: .low, attacks: ["S2"],
      text: "Drives listed over drives claimed."
    ) { evidence in
      let missing = evidence.missingDrives
      return missing.isNaN ? .nan : 1 - missing / evidence.claimedDrives
    },
    Item(
      "drive_errors", unit: "log2", resolution: 0.1, side: .both, attacks: [],
      text: "Most errors of a drive, plus one."
    ) { evidence in
      let errors = evidence.drives.drives.map(\.errors).filter { !$0.isNaN }
      return errors.max().map { Statistics.log2($0 + 1) } ?? .nan
    },
    Item(
      "audit_success", resolution: 0.01, side: .both, attacks: ["S1"],
      text: "Share of conclusive audits that succeeded."
    ) {
      let audits = $0.audits
      return audits.conclusive == 0
        ? .nan : Double(audits.successes) / Double(audits.conclusive)
    },
    Item(
      "audit_time", unit: "log2 ms", resolution: 0.05, side: .both, attacks: ["S1", "S5"],
      text: "Median time that audits took."
    ) { Statistics.median($0.audits.logElapsed) / 0.6931471805599453 },
    Item(
      "audit_groups", resolution: 0.1, side: .high, attacks: ["S1", "S5"],
      text: "How far the times that audits took fall in two groups (Ashman's D)."
    ) { TwoGroups($0.audits.logElapsed)?.distance ?? .nan },
    Item(
      "proof_lateness", unit: "log2 ms", resolution: 0.05, side: .both, attacks: ["S5"],
      text: "Median lateness of proofs."
    ) { Statistics.median($0.proofs.logLate) / 0.6931471805599453 },
    Item(
      "proof_spread", unit: "log2", resolution: 0.05, side: .both, attacks: ["S5"],
      text: "Robust deviation of the logarithm of the lateness of proofs."
    ) { evidence in
      let spread = Statistics.robustSpread(Statistics.sorted(evidence.proofs.logLate))
      return spread.isNaN ? .nan : Statistics.log2(max(spread, 0x1p-12))
    },
    Item(
      "proof_groups", resolution: 0.1, side: .high, attacks: ["S5"],
      text: "How far the lateness of proofs falls in two groups (Ashman's D)."
    ) { $0.proofs.groups?.distance ?? .nan },
    Item(
      "proof_validity", resolution: 0.01, side: .both, attacks: ["S5"],
      text: "Share of proofs that verified."
    ) { evidence in
      let proofs = evidence.proofs
      return proofs.validity.isEmpty
        ? .nan : 1 - Double(proofs.invalid) / Double(proofs.validity.count)
    },
  ]
}
