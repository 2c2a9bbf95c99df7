extension StorageRules {
  static let faults: [Item] = [
    // Storj suspends under 60 % online over 30 days; a quarter of one day is worth a look.
    audits(StorageReasons.offline, above: 0.25, minimum: 3, \.offline, of: \.conclusive),
    // Storj disqualifies under 96 %; a day has too few audits for that, so two failures besides.
    audits(StorageReasons.failedAudits, above: 0.1, minimum: 2, \.failures, of: \.conclusive),
    audits(StorageReasons.unknownAudits, above: 0.3, minimum: 3, \.unknown, of: \.reported),
    unreachable,
    Item(StorageReasons.invalidProofs, minimumOccurrences: 2) { evidence in
      let share = Double(evidence.proofs.invalid) / Double(max(evidence.proofs.validity.count, 1))
      guard share > 0.1 else { return nil }
      return Item.Breach(observed: share, high: 0.1, occurrences: evidence.proofs.invalid)
    },
    // Real drives keep old errors for years: 2 % have over 100, 0.1 % over 2,000.
    Item(StorageReasons.driveErrors, minimumOccurrences: 1) { evidence in
      let new = evidence.drives.drives.reduce(0) { max($0, $1.newErrors) }
      let all = evidence.drives.drives.reduce(0) { max($0, $1.errors.isNaN ? 0 : $1.errors) }
      guard new >= 10 || all > 5000 else { return nil }
      return Item.Breach(observed: max(new, all > 5000 ? all : 0), high: 10, occurrences: 1)
    },
    Item(StorageReasons.missingDrive, minimumOccurrences: 1) { evidence in
      // A drive that moved on while the claim holds without it is nobody's loss.
      guard evidence.missingDrives == 1, evidence.drives.areAllOf(evidence.claimedDrives),
        !(evidence.capacityRatio <= 1.02 && evidence.keepsData)
      else { return nil }
      return Item.Breach(
        observed: Double(evidence.drives.count), low: evidence.claimedDrives,
        occurrences: evidence.drives.listings)
    },
    Item(StorageReasons.genericIdentity, minimumOccurrences: 1) { evidence in
      let rows = evidence.drives.genericRows
      return rows == 0 ? nil : Item.Breach(observed: Double(rows), high: 0, occurrences: rows)
    },
  ]

  private static func audits(
    _ reason: ReasonCode, above limit: Double, minimum: Int,
    _ count: KeyPath<StorageAudits, Int> & Sendable,
    of total: KeyPath<StorageAudits, Int> & Sendable
  ) -> Item {
    Item(reason, minimumOccurrences: minimum) { evidence in
      let count = evidence.audits[keyPath: count]
      let share = Double(count) / Double(max(evidence.audits[keyPath: total], 1))
      guard share > limit else { return nil }
      return Item.Breach(observed: share, high: limit, occurrences: count)
    }
  }

  /// By most checkers, so that one that cannot or will not read does not hold the node.
  private static let unreachable = Item(StorageReasons.unreachable, minimumOccurrences: 6) {
    let retrievals = $0.retrievals
    let failed = retrievals.rows.count - retrievals.successes
    guard failed * 2 > retrievals.rows.count else { return nil }
    let checkers = retrievals.byChecker
    let failing = checkers.count { $0.successes * 2 < $0.attempts }
    guard checkers.isEmpty || checkers.count >= 3 && failing * 2 > checkers.count else {
      return nil
    }
    return Item.Breach(
      observed: Double(failed) / Double(retrievals.rows.count), high: 0.5, occurrences: failed)
  }
}
