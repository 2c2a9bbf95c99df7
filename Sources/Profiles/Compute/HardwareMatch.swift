/// How one reported figure compares with the claim.
enum Agreement {
  /// Nothing to compare.
  case unknown
  case agrees
  /// - Parameter isProof: whether no honest explanation is known.
  case contradicts(observed: Double, low: Double?, high: Double?, isProof: Bool)
}

/// Comparisons of a driver's figures with reference rows: a figure agrees when it agrees with any
/// row, and nothing is tested against a row that is silent.
enum HardwareMatch {
  /// Memory that a card of `nominal` MiB may show. Drivers report up to 10 % below nominal (error
  /// correction, a framework's context), and logs that cut to whole GiB lose one more; more than
  /// 2 % above is another or a modified card.
  static func memoryRange(_ nominal: Double) -> ClosedRange<Double> {
    max(nominal * 0.9 - 1024, 0)...(nominal * 1.02)
  }

  /// Less than every variant is a part of a card; more can be modified memory.
  static func memory(_ value: Double, _ variants: [GPUVariant]) -> Agreement {
    // Zero is a failed query, which the fault rules report.
    guard value > 0 else { return .unknown }
    return compare(
      value, variants, { memoryRange($0.memory) }, isKnown: { !$0.memory.isNaN },
      isProof: { $0 < $1 })
  }

  static func capability(_ value: Double, _ variants: [GPUVariant]) -> Agreement {
    // Half a tenth is for capabilities that were kept in single precision.
    guard value > 0 else { return .unknown }
    return compare(
      value, variants, { ($0.computeCapability - 0.05)...($0.computeCapability + 0.05) },
      isKnown: { !$0.computeCapability.isNaN }, isProof: { _, _ in true })
  }

  /// Fewer than every variant is a part of a card or a smaller card; more can be a variant that
  /// the table lacks.
  static func multiprocessors(_ value: Double, _ variants: [GPUVariant]) -> Agreement {
    guard value > 0 else { return .unknown }
    // Some AMD stacks count work-group processors, which are two compute units each.
    if variants.contains(where: { $0.vendor == "AMD" && $0.multiprocessors == 2 * value }) {
      return .agrees
    }
    return compare(
      value, variants, { $0.multiprocessors...$0.multiprocessors },
      isKnown: { !$0.multiprocessors.isNaN }, isProof: { $0 < $1 })
  }

  /// - Parameter isProof: of the value and the lower end of the lowest range.
  private static func compare(
    _ value: Double, _ variants: [GPUVariant], _ range: (GPUVariant) -> ClosedRange<Double>,
    isKnown: (GPUVariant) -> Bool, isProof: (Double, Double) -> Bool
  ) -> Agreement {
    guard !value.isNaN, !variants.isEmpty else { return .unknown }
    var low = Double.infinity
    var high = -Double.infinity
    for variant in variants {
      guard isKnown(variant) else { return .unknown }
      let range = range(variant)
      if range.contains(value) { return .agrees }
      low = min(low, range.lowerBound)
      high = max(high, range.upperBound)
    }
    return .contradicts(observed: value, low: low, high: high, isProof: isProof(value, low))
  }

  /// Whether one single row has all of the reported figures.
  static func anyVariant(of variants: [GPUVariant], fits row: InventoryRow) -> Bool {
    variants.contains { variant in
      [
        memory(row.memory, [variant]), capability(row.capability, [variant]),
        multiprocessors(row.multiprocessors, [variant]),
      ].allSatisfy { if case .contradicts = $0 { false } else { true } }
    }
  }
}

// MARK: - Names

extension HardwareMatch {
  /// How the driver's name compares with the claimed one; only names of the table are compared.
  ///
  /// Proof is a product that is plainly less than what is claimed. A card that is worth more, or
  /// the notebook part of the same name, is an owner's slip as likely as a lie.
  static func name(_ driver: GPUModel?, _ claimed: GPUModel) -> Agreement {
    guard let driver, !driver.variants.isEmpty, !claimed.variants.isEmpty else { return .unknown }
    if driver.key == claimed.key { return .agrees }
    let ratio = best(driver.variants, \.peak) / least(claimed.variants, \.peak)
    let memory = best(driver.variants, \.memory) / least(claimed.variants, \.memory)
    let isLess = ratio < 0.95 || memory < 0.9
    return .contradicts(
      observed: ratio, low: 0.95, high: nil,
      isProof: isLess && !isSameProduct(driver, claimed))
  }

  /// Whether the names differ in form only: `rtx 3070` and `rtx 3070 laptop`.
  static func isSameProduct(_ one: GPUModel, _ other: GPUModel) -> Bool {
    guard let first = one.key, let second = other.key else { return false }
    return words(first) == words(second)
  }

  private static func words(_ key: String) -> [Substring] {
    key.split(separator: " ").filter { !["laptop", "max", "q", "quadro"].contains($0) }
  }

  private static func best(
    _ variants: [GPUVariant], _ value: KeyPath<GPUVariant, Double>
  ) -> Double {
    Statistics.sorted(variants.map { $0[keyPath: value] }).last ?? .nan
  }

  private static func least(
    _ variants: [GPUVariant], _ value: KeyPath<GPUVariant, Double>
  ) -> Double {
    Statistics.sorted(variants.map { $0[keyPath: value] }).first ?? .nan
  }

  /// Reference rows for what a device claims to be: those of the claimed name, and those of the
  /// driver's where it is another form of the same product, which the name's own rule reports.
  static func variants(of claimed: GPUModel, for driver: GPUModel?) -> [GPUVariant] {
    guard let driver, driver.key != claimed.key, isSameProduct(driver, claimed) else {
      return claimed.variants
    }
    return claimed.variants + driver.variants
  }
}
