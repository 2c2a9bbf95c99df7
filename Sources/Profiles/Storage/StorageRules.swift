import ExactMath

/// Rules of the profile `storage`, by subject.
enum StorageRules {
  typealias Item = Rule<StorageEvidence>

  /// What checkers measured of the node. A single checker may have made its figures up, so each
  /// rule takes three; unnamed ones are taken for one the network stands for.
  static let served: [Item] = [
    constantTime,
    // Round trips alone jitter by more than 3 % where several checkers measure.
    Item(StorageReasons.regularTime, minimumOccurrences: 12) { evidence in
      let retrievals = evidence.retrievals
      let spread = retrievals.spread
      guard retrievals.checkerCount != 1, spread < 0.02 else { return nil }
      return Item.Breach(observed: spread, low: 0.02, occurrences: retrievals.logTTFB.count)
    },
    // Five times as many as coarse digits explain, and a quarter of all.
    Item(StorageReasons.repeatedPair, minimumOccurrences: 5) { evidence in
      let pairs = evidence.retrievals.repeatedPairs
      guard evidence.retrievals.checkerCount == 0 || pairs.checkers >= 3,
        Double(pairs.count) > 5 * pairs.expected,
        pairs.count * 4 >= pairs.of
      else { return nil }
      return Item.Breach(
        observed: Double(pairs.count), high: pairs.expected, occurrences: pairs.count)
    },
    exactRate,
  ]

  /// Half of all times, with three digits: nothing but a clock coarser than the spread repeats so,
  /// and such a clock gives round figures.
  private static let constantTime = Item(StorageReasons.constantTime, minimumOccurrences: 8) {
    guard let common = $0.retrievals.commonestTime, common.count * 2 >= common.total,
      common.checkers >= 3 || $0.retrievals.checkerCount == 0,
      isFine(common.value)
    else { return nil }
    return Item.Breach(observed: common.value, occurrences: common.count)
  }

  /// Whether a value has at least three significant digits.
  private static func isFine(_ value: Double) -> Bool {
    var scaled = value
    while scaled < 10 { scaled *= 10 }
    while scaled >= 100 { scaled /= 10 }
    return (scaled - scaled.rounded()).magnitude > 1e-6
  }

  /// A shaped line keeps its rate within some per cent. Where contents are of one size, a constant
  /// rate is a constant time, which other rules see.
  private static let exactRate = Item(StorageReasons.exactRate, minimumOccurrences: 12) {
    guard $0.retrievals.checkerCount != 1 else { return nil }
    let rows = $0.retrievals.rows.filter { $0.rate > 0 && $0.elapsed - $0.ttfb >= 100 }
    let sizes = Statistics.sorted(rows.map { Portable.log($0.bytes) })
    let rates = Statistics.sorted(rows.map { Portable.log($0.rate) })
    guard Statistics.robustSpread(sizes) > 0.1 else { return nil }
    let spread = Statistics.robustSpread(rates)
    // What rounding to a millisecond leaves of 100 ms.
    guard spread < 0.005 else { return nil }
    return Item.Breach(observed: spread, low: 0.005, occurrences: rows.count)
  }

  /// Proofs that two places make.
  static let proofs: [Item] = [
    Item(StorageReasons.bimodalProofs, minimumOccurrences: 12) { evidence in
      guard let groups = evidence.proofs.groups, groups.isBimodal, groups.gap > 0.4 else {
        return nil
      }
      return Item.Breach(observed: groups.distance, occurrences: groups.count)
    }
  ]
}

// MARK: - Drives

extension StorageRules {
  static let drives: [Item] = [
    capacity, capacityDoubt, capacityRounded, fewerDrives, missingDrives,
  ]

  /// Sizes in GB taken for GiB make 1.07, in TB for TiB 1.10: those hold at most.
  private static let mixedUnits = 1.105
  private static let certain = 1.25
  /// A drive that is gone may have been larger than those left: 32 TB in GiB.
  private static let largestSold = 29_802.0
  /// Logarithm of the chance, one in four, under which drives that were never read hold.
  private static let doubt = -1.2

  /// Whether every claimed drive is listed, or what is not could not make up for it.
  private static func isBeyondDoubt(_ evidence: StorageEvidence) -> Bool {
    let missing = evidence.missingDrives
    guard !missing.isNaN, !evidence.drives.areConfused else { return false }
    let possible =
      evidence.drives.capacity + missing * max(evidence.drives.largest, largestSold)
    return evidence.capacityRatio > certain && evidence.claimedCapacity > certain * possible
      && evidence.drives.areAllOf(evidence.claimedDrives)
  }

  private static let capacity = Item(StorageReasons.capacity, minimumOccurrences: 2) {
    guard isBeyondDoubt($0) else { return nil }
    return Item.Breach(
      observed: $0.capacityRatio, high: certain, occurrences: $0.drives.rowCount)
  }

  private static let capacityDoubt = Item(StorageReasons.capacityDoubt, minimumOccurrences: 1) {
    let ratio = $0.capacityRatio
    guard ratio > mixedUnits, !isBeyondDoubt($0) || $0.drives.rowCount < 2,
      $0.claimedDrives.isNaN || $0.drives.areAllOf($0.claimedDrives, logChance: doubt)
    else { return nil }
    return Item.Breach(observed: ratio, high: mixedUnits, occurrences: $0.drives.rowCount)
  }

  private static let capacityRounded = Item(StorageReasons.capacityRounded, minimumOccurrences: 1) {
    let ratio = $0.capacityRatio
    guard ratio > 1.02, ratio <= mixedUnits else { return nil }
    return Item.Breach(observed: ratio, high: 1.02, occurrences: 1)
  }

  /// Whether at least half, and two, of the claimed drives are missing.
  private static func lacksHalf(_ evidence: StorageEvidence) -> Bool {
    let missing = evidence.missingDrives
    return missing >= 2 && missing * 2 >= evidence.claimedDrives
      && evidence.drives.areAllOf(evidence.claimedDrives) && !evidence.losesData
      && !evidence.drives.areConfused
  }

  /// Listings that each had the chance to show more, and one more where the node still proves what
  /// it would have lost with the drives.
  private static func chances(_ evidence: StorageEvidence) -> Int {
    evidence.drives.listings + (evidence.keepsData ? 1 : 0)
  }

  private static let fewerDrives = Item(StorageReasons.fewerDrives, minimumOccurrences: 2) {
    guard lacksHalf($0) else { return nil }
    return Item.Breach(
      observed: Double($0.drives.count), low: $0.claimedDrives, occurrences: chances($0))
  }

  private static let missingDrives = Item(StorageReasons.missingDrives, minimumOccurrences: 1) {
    guard $0.missingDrives >= 2, $0.drives.areAllOf($0.claimedDrives, logChance: doubt),
      !lacksHalf($0) || chances($0) < 2
    else { return nil }
    return Item.Breach(
      observed: Double($0.drives.count), low: $0.claimedDrives, occurrences: $0.drives.listings)
  }
}
