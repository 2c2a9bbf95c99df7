/// What all inventories of a host say about one claimed figure.
struct HardwareCheck: Sendable {
  /// Sweeps in which a device contradicted the claim, of the device that did so most.
  var occurrences = 0
  /// Those among them that have no honest explanation.
  var proofs = 0
  /// Whether the contradiction is the host's and not one device's among others.
  var isWholeHost = false
  var observed = Double.nan
  var low: Double?
  var high: Double?

  /// Inventories it takes to reject: one can be a query that went wrong.
  static let proofMinimum = 2

  /// Whether the claim is refuted and not only doubtful.
  var isRefuted: Bool { isWholeHost && proofs >= Self.proofMinimum }

  private struct Tally {
    var agreements = 0
    var occurrences = 0
    var proofs = 0
  }

  /// - Parameter judge: one row against one claimed model.
  init(_ inventory: ComputeInventory, _ judge: (InventoryRow, GPUModel) -> Agreement) {
    var devices: [Double: Tally] = [:]
    var isAttributable = true
    var hasProof = false
    for row in inventory.rows {
      switch Self.agreement(row, judge) {
      case .unknown: continue
      case .agrees: devices[row.device, default: Tally()].agreements += 1
      case .contradicts(let observed, let low, let high, let isProof):
        devices[row.device, default: Tally()].occurrences += 1
        if isProof { devices[row.device, default: Tally()].proofs += 1 }
        if self.observed.isNaN || isProof && !hasProof {
          (self.observed, self.low, self.high) = (observed, low, high)
        }
        hasProof = hasProof || isProof
        isAttributable = isAttributable && Self.namesItsDevice(row, in: inventory)
      }
    }
    occurrences = devices.values.map(\.occurrences).max() ?? 0
    proofs = devices.values.map(\.proofs).max() ?? 0
    // A device that agrees is what was claimed, next to others that the one claim cannot name.
    isWholeHost = isAttributable && devices.values.allSatisfy { $0.proofs > $0.agreements }
  }

  /// Against the claim in force; a card that fits the next claim was swapped before it came.
  private static func agreement(
    _ row: InventoryRow, _ judge: (InventoryRow, GPUModel) -> Agreement
  ) -> Agreement {
    guard let claimed = row.claims.first?.model else { return .unknown }
    let verdict = judge(row, claimed)
    guard case .contradicts = verdict, let next = row.claims.dropFirst().first?.model else {
      return verdict
    }
    if case .agrees = judge(row, next) { return .unknown }
    return verdict
  }

  /// Whether the figures surely belong to one device. Tools on hosts with several have been seen
  /// to print one device's name with another's capability, under every index; a row with an
  /// identity was read from the device itself.
  private static func namesItsDevice(_ row: InventoryRow, in inventory: ComputeInventory) -> Bool {
    if row.identity >= 0 { return true }
    let claimed = row.claims.first?.count ?? .nan
    return inventory.deviceCount <= 1 && !(claimed > 1)
  }
}

/// Every hardware comparison of a host.
struct HardwareChecks: Sendable {
  let capability: HardwareCheck
  let name: HardwareCheck
  let multiprocessors: HardwareCheck
  let memory: HardwareCheck
  let mixture: HardwareCheck

  init(_ inventory: ComputeInventory) {
    func check(
      _ compare: (InventoryRow, [GPUVariant]) -> Agreement
    ) -> HardwareCheck {
      HardwareCheck(inventory) { row, claimed in
        compare(row, HardwareMatch.variants(of: claimed, for: row.model))
      }
    }
    capability = check { HardwareMatch.capability($0.capability, $1) }
    multiprocessors = HardwareCheck(inventory) { row, claimed in
      Self.allowingParts(
        row, claimed,
        HardwareMatch.multiprocessors(
          row.multiprocessors, HardwareMatch.variants(of: claimed, for: row.model)))
    }
    memory = HardwareCheck(inventory) { row, claimed in
      if Self.isRefitted(row, claimed) { return .unknown }
      return Self.allowingParts(
        row, claimed,
        HardwareMatch.memory(row.memory, HardwareMatch.variants(of: claimed, for: row.model)))
    }
    name = HardwareCheck(inventory) { HardwareMatch.name($0.model, $1) }
    mixture = check(Self.mixture)
  }

  /// A part of a card is no proof where the host claims no more memory than it has, and nothing at
  /// all where the driver's name says as well that it is a part.
  private static func allowingParts(
    _ row: InventoryRow, _ claimed: GPUModel, _ agreement: Agreement
  ) -> Agreement {
    guard case .contradicts(let observed, let low, let high, _) = agreement,
      let declared = row.claims.first?.memory, declared > 0,
      declared < 0.7 * (Statistics.sorted(claimed.variants.map(\.memory)).first ?? .nan),
      HardwareMatch.memoryRange(declared).contains(row.memory)
    else { return agreement }
    return ComputeEvidence.namesPart(row.model)
      ? .unknown : .contradicts(observed: observed, low: low, high: high, isProof: false)
  }

  /// Whether a workshop has doubled the memory and the owner says so: chips of twice the size are
  /// the only ones that fit a board, and the processor is still the claimed one.
  private static func isRefitted(_ row: InventoryRow, _ claimed: GPUModel) -> Bool {
    guard row.memory > 0, let declared = row.claims.first?.memory, declared > 0,
      (row.memory / declared - 1).magnitude <= 0.1
    else { return false }
    return claimed.variants.contains { variant in
      (row.multiprocessors.isNaN || variant.multiprocessors == row.multiprocessors)
        && (variant.computeCapability - row.capability).magnitude <= 0.05
        && (row.memory / (2 * variant.memory) - 1).magnitude <= 0.06
    }
  }

  /// Figures that each fit some variant of the model, but no variant all of them.
  private static func mixture(_ row: InventoryRow, _ variants: [GPUVariant]) -> Agreement {
    let single = [
      HardwareMatch.memory(row.memory, variants),
      HardwareMatch.capability(row.capability, variants),
      HardwareMatch.multiprocessors(row.multiprocessors, variants),
    ]
    for case .contradicts in single { return .unknown }
    let known = single.reduce(0) { if case .agrees = $1 { $0 + 1 } else { $0 } }
    guard known >= 2 else { return .unknown }
    if HardwareMatch.anyVariant(of: variants, fits: row) { return .agrees }
    return .contradicts(observed: row.memory, low: nil, high: nil, isProof: false)
  }
}
