import Contributions

extension Profile {
  /// Stored and served data. Peers are nodes of the same region.
  ///
  /// A unit is one GiB: what is held, which is the claimed capacity times the share of proofs and
  /// audits that succeeded, plus what was served to checkers.
  public static let storage = Profile(
    schema: .storage,
    features: StorageFeatures.served + StorageFeatures.held,
    rules: StorageRules.served + StorageRules.drives + StorageRules.proofs + StorageRules.faults,
    reasons: StorageReasons.ofRelations, unitName: "GiB", minimumRecords: 12,
    evidence: { StorageEvidence($0) }, groups: \.groups, units: \.units, series: \.series,
    trace: { StorageTrace($0) })
}
