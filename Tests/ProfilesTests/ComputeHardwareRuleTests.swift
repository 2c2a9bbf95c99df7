import Profiles
import TestRecords
import Testing

private func host(
  _ claimed: String, count: Int = 1, driver: RecordLog.Fields, devices: Int = 1,
  sweeps: Int = 3, identities: Bool = true
) -> ComputeHost {
  ComputeHost(
    claim: ["gpu_model": .text(claimed), "gpu_count": .number(Double(count))], device: driver,
    count: devices, sweeps: sweeps, identities: identities)
}

@Test func honestHostBreaksNoRule() {
  for seed in 1...5 { #expect(ComputeHost.honest(seed: UInt64(seed)).codes.isEmpty) }
}

@Test func anotherChipsCapabilityRejectsFromTheSecondInventory() {
  let fields: RecordLog.Fields = ["gpu_name": "NVIDIA GeForce RTX 4090", "compute_cap": 6.1]
  #expect(host("RTX 4090", driver: fields).codes == ["C1_COMPUTE_CAPABILITY"])
  #expect(host("RTX 4090", driver: fields, sweeps: 1).codes == ["C1_COMPUTE_CAPABILITY_DOUBT"])
}

@Test func capabilityOfAHostWithSeveralCardsNeedsIdentitiesToReject() {
  // A public log shows one device's name with another's capability under every index.
  let fields: RecordLog.Fields = ["gpu_name": "Quadro RTX 4000", "compute_cap": 6.1]
  let blurred = host("Quadro RTX 4000", count: 3, driver: fields, devices: 3, identities: false)
  #expect(blurred.codes == ["C1_COMPUTE_CAPABILITY_DOUBT"])
  let clear = host("Quadro RTX 4000", count: 3, driver: fields, devices: 3)
  #expect(clear.codes == ["C1_COMPUTE_CAPABILITY"])
}

@Test func mixedHostHoldsBecauseOneClaimCannotNameTwoCards() {
  var mixed = host("RTX 3090", count: 2, driver: ["compute_cap": 8.6, "sm_count": 82])
  for sweep in 0..<3 {
    mixed.add(
      "inventory", minute: Double(60 * sweep) + 5.1,
      ["device_index": 1, "compute_cap": 6.1, "gpu_uuid": "GPU-77aa01"])
  }
  #expect(mixed.codes == ["C1_COMPUTE_CAPABILITY_DOUBT"])
}

@Test func swappedCardThatTheNextClaimNamesIsNoContradiction() {
  var swapped = host("RTX 3090", driver: ["gpu_name": "RTX 3060", "compute_cap": 8.9])
  #expect(!swapped.codes.isEmpty)
  swapped.add("claim", minute: 600, ["gpu_model": "RTX 4060"])
  #expect(!swapped.codes.contains("C1_COMPUTE_CAPABILITY"))
  #expect(swapped.feature("claim_changes") == 1)
}

@Test func inventoriesBeforeAnyClaimAreHeldAgainstNone() {
  var late = ComputeHost()
  for hour in 0..<3 { late.add("inventory", minute: Double(hour) * 60, ["compute_cap": 6.1]) }
  late.add("claim", minute: 600, ["gpu_model": "RTX 4090"])
  #expect(late.codes.isEmpty)
}

@Test func lesserProductsNameRejectsAndLooseNamesHold() {
  #expect(host("RTX 3080 Ti", driver: ["gpu_name": "RTX 3060"]).codes == ["C1_DRIVER_NAME"])
  for (claim, driver) in [
    ("RTX 3070", "NVIDIA GeForce RTX 3070 Laptop GPU"), ("RTX 3060", "RTX 3090"),
    ("Quadro T1000", "NVIDIA T1000"),
  ] {
    #expect(
      host(claim, driver: ["gpu_name": .text(driver)]).codes == ["C1_DRIVER_NAME_DOUBT"])
  }
  for driver in ["rtx3080ti", "NVIDIA Graphics Device", "AMD Radeon Graphics"] {
    #expect(host("RTX 3080 Ti", driver: ["gpu_name": .text(driver)]).codes.isEmpty)
  }
}

@Test func notebookPartUnderTheDesktopNameIsMeasuredAsOne() {
  let codes = host(
    "RTX 4090",
    driver: ["gpu_name": "NVIDIA GeForce RTX 4090 Laptop GPU", "vram_mb": 16_376, "sm_count": 76]
  ).codes
  #expect(codes == ["C1_DRIVER_NAME_DOUBT"])
}

@Test func fewerMultiprocessorsRejectAndMoreHold() {
  #expect(host("RTX 4090", driver: ["sm_count": 76]).codes == ["C1_SM_COUNT"])
  #expect(host("RTX 4090", driver: ["sm_count": 142]).codes == ["C1_SM_COUNT_DOUBT"])
  #expect(host("RTX 3080", driver: ["sm_count": 70]).codes.isEmpty)
  // Work-group processors, of two compute units each.
  #expect(host("RX 6800 XT", driver: ["sm_count": 36]).codes.isEmpty)
  // The table is silent about the Quadro T1000's count.
  #expect(host("Quadro T1000", driver: ["sm_count": 3]).codes.isEmpty)
}

/// Readings that the reference datasheet lists as genuine.
@Test(arguments: [
  ("Tesla T4", 14_920.0), ("NVIDIA L4", 22_477), ("RTX 4090", 23_040), ("RTX A2000", 5120),
  ("RTX 3090", 24_576), ("RTX 2080 Ti", 11_019), ("A100", 40_326), ("NVIDIA B300", 275_040),
])
func genuineMemoryReadingsPass(model: String, memory: Double) {
  #expect(host(model, driver: ["vram_mb": .number(memory)]).codes.isEmpty)
}

@Test func smallSliceOfACardRejects() {
  #expect(host("A100", driver: ["vram_mb": 4864]).codes == ["C3_SLICE"])
  #expect(host("RTX 4090", driver: ["vram_mb": 12_288]).codes == ["C3_SLICE"])
  #expect(host("RTX 4090", driver: ["vram_mb": 12_288], sweeps: 1).codes == ["C1_VRAM"])
}

@Test func declaredSliceAndUnknownModelAreHeldAgainstNothing() {
  #expect(host("A100-SXM4-40GB MIG 1g.5gb", driver: ["vram_mb": 4864]).codes.isEmpty)
  #expect(host("Homebrew 9000", driver: ["vram_mb": 512, "compute_cap": 3]).codes.isEmpty)
}

@Test func modifiedMemoryHolds() {
  #expect(host("RTX 2080 Ti", driver: ["vram_mb": 22_528]).codes == ["C1_VRAM"])
  #expect(host("A100", driver: ["vram_mb": 49_152]).codes == ["C1_VRAM"])
}

@Test func figuresOfDifferentVariantsHold() {
  #expect(
    host("RTX 3080", driver: ["vram_mb": 12_288, "sm_count": 68]).codes == ["C1_VARIANT_MIX"])
  #expect(host("RTX 3080", driver: ["vram_mb": 12_288, "sm_count": 70]).codes.isEmpty)
}

@Test func memoryUnderTheHostsOwnClaimHoldsUnlessAllCardsTogetherReachIt() {
  var short = ComputeHost(
    claim: ["gpu_count": 1, "vram_mb": 24_576], device: ["vram_mb": 12_288])
  #expect(short.codes == ["C7_VRAM_CLAIM"])
  short = ComputeHost(
    claim: ["gpu_count": 2, "vram_mb": 24_576], device: ["vram_mb": 12_288], count: 2)
  #expect(short.codes.isEmpty)
}

@Test func fewerDevicesThanClaimedRejectOnlyWhenMostNeverShow() {
  let card: RecordLog.Fields = ["compute_cap": 8.6]
  #expect(host("RTX 3090", count: 8, driver: card, devices: 1).codes == ["C2_FEWER_DEVICES"])
  #expect(host("RTX 3090", count: 8, driver: card, devices: 7).codes == ["C2_MISSING_DEVICE"])
  #expect(host("RTX 3090", count: 2, driver: card, devices: 1).codes == ["C2_MISSING_DEVICE"])
  #expect(host("RTX 3090", count: 8, driver: card, devices: 1, sweeps: 1).codes.isEmpty)
  #expect(host("RTX 3090", count: 1, driver: card, devices: 4).codes.isEmpty)
  #expect(host("RTX 3090", count: 4, driver: card, devices: 4).codes.isEmpty)
}

@Test func oneCardUnderSeveralIndicesRejectsAndRenumberingDoesNot() {
  var cloned = ComputeHost()
  var renumbered = ComputeHost()
  for sweep in 0..<3 {
    for index in 0..<2 {
      let minute = Double(sweep * 60) + Double(index) / 100
      let device = RecordCell.number(Double(index))
      cloned.add(
        "inventory", minute: minute, ["device_index": device, "gpu_uuid": "GPU-8f21bb"])
      renumbered.add(
        "inventory", minute: minute,
        ["device_index": device, "gpu_uuid": "GPU-8f21b\((index + sweep) % 2)"])
    }
  }
  #expect(cloned.codes == ["C2_SAME_UUID"])
  #expect(renumbered.codes.isEmpty)
}

@Test func placeholderIdentitiesAndZeroMemoryAreFaults() {
  var host = ComputeHost()
  for index in 0..<2 {
    host.add(
      "inventory", minute: Double(index) / 100,
      [
        "device_index": .number(Double(index)), "vram_mb": 0,
        "gpu_uuid": "GPU-00000000-0000-0000-0000-000000000000",
      ])
  }
  #expect(host.codes == ["F_GENERIC_ID", "F_ZERO_VRAM"])
  let classes = Set(host.profile.findings.map(\.reason.reasonClass))
  #expect(classes == [.fault])
}
