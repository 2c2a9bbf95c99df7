import Testing

@testable import Profiles

/// Names and keys as the reference table's datasheet gives them.
@Test(arguments: [
  ("NVIDIA GeForce RTX 3080 Ti", "rtx 3080 ti"),
  ("rtx3080ti", "rtx 3080 ti"),
  ("NVIDIA GeForce RTX 3070 Laptop GPU", "rtx 3070 laptop"),
  ("NVIDIA GeForce RTX 2070 Super with Max-Q Design", "rtx 2070 super max q"),
  ("Tesla T4", "t4"),
  ("NVIDIA A100-SXM4-40GB", "a100"),
  ("NVIDIA A100 80GB PCIe", "a100"),
  ("NVIDIA H100 80GB HBM3", "h100"),
  ("NVIDIA H100 PCIe", "h100"),
  ("NVIDIA H100 NVL", "h100"),
  ("Tesla V100S-PCIE-32GB", "v100s"),
  ("NVIDIA RTX A4000", "a4000"),
  ("A4000", "a4000"),
  ("Quadro RTX 6000", "quadro rtx 6000"),
  ("NVIDIA RTX 6000 Ada Generation", "rtx 6000 ada"),
  ("NVIDIA RTX A6000", "a6000"),
  ("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", "rtx pro 6000 max q"),
  ("Quadro P2000", "p2000"),
  ("P2000", "p2000"),
  ("Quadro T1000", "quadro t1000"),
  ("NVIDIA T1000", "t1000"),
  ("NVIDIA TITAN X (Pascal)", "titan x pascal"),
  ("GeForce GTX TITAN X", "gtx titan x"),
  ("AMD Radeon RX 6700 XT", "rx 6700 xt"),
  ("NVIDIA B300 SXM6 AC", "b300"),
  ("NVIDIA A100-SXM4-40GB MIG 1g.5gb", "a100 mig 1g.5gb"),
])
func namesOfTheDatasheetHaveItsKeys(name: String, key: String) {
  #expect(GPUReference.key(for: name) == key)
}

@Test(arguments: [
  ("AMD Radeon Graphics", nil), ("", nil), (" - ", nil), ("24 GB", nil), ("16GB", nil),
  ("NVIDIA(R) GeForce(TM) RTX™ 3090®", "rtx 3090"),
  ("GEFORCE\tGTX\u{A0}1060 6GB", "gtx 1060"), ("gtx1060", "gtx 1060"), ("gt1030", "gt 1030"),
  ("RTX 4090 24 GiB", "rtx 4090"), ("rtx4090d", "rtx 4090 d"), ("rx7900xtx", "rx 7900 xtx"),
  ("rtxa6000", "a6000"), ("RTX2060MaxQ", "rtx 2060maxq"), ("RTX 2060 MaxQ", "rtx 2060 max q"),
  ("NVIDIA GeForce RTX 3080 Mobile", "rtx 3080 laptop"), ("Quadro M6000 24GB", "m6000"),
  ("AMD Instinct MI250X / MI250", "mi250x / mi250"), ("quadro", "quadro"),
])
func namesAreNormalisedStepByStep(name: String, key: String?) {
  #expect(GPUReference.key(for: name) == key)
}

@Test func tableIsEmbeddedWholeAndItsModelsHaveItsKeys() throws {
  let lines = String(decoding: PackageResources.gpus_csv, as: UTF8.self)
    .split(separator: "\n").dropFirst()
  let reference = GPUReference.embedded
  // Numbers of rows and keys as the datasheet states them.
  #expect(lines.count == 257)
  #expect(reference.keys.count == 182)
  #expect(reference.keys.reduce(0) { $0 + reference.variants(ofKey: $1).count } == 257)
  for line in lines {
    let cells = line.split(separator: ",", omittingEmptySubsequences: false)
    #expect(GPUReference.key(for: String(cells[2])) == String(cells[0]))
  }
}

@Test func variantsCarryTheRowsValuesAndNaNWhereTheTableIsSilent() throws {
  let model = GPUReference.embedded.model(named: "NVIDIA GeForce RTX 3080")
  #expect(model.variants.map(\.memory) == [10_240, 12_288])
  #expect(model.variants.map(\.multiprocessors) == [68, 70])
  let card = try #require(GPUReference.embedded.variants(ofKey: "rx 6800").first)
  #expect(card.vendor == "AMD" && card.boardPower == 250 && card.computeCapability.isNaN)
  #expect(GPUReference.embedded.model(named: "RTX 9999 Ultra").variants.isEmpty)
}

@Test func rememberedModelsEqualFreshOnes() async {
  let names = (0..<6000).map { "RTX \($0 % 5000)" }
  let first = names.map { GPUReference.embedded.model(named: $0) }
  await withTaskGroup(of: Bool.self) { group in
    for _ in 0..<4 {
      group.addTask { names.map { GPUReference.embedded.model(named: $0) } == first }
    }
    for await same in group { #expect(same) }
  }
}

@Test(arguments: [
  "", "N/A", "GPU-00000000-0000-0000-0000-000000000000", "unknown", "None", "ffffffff",
  "[Not Supported]", "GPU-12345678-9abc", "0", "To be filled by O.E.M.",
])
func placeholdersIdentifyNothing(identity: String) {
  #expect(GenericIdentity.matches(identity))
}

@Test(arguments: ["GPU-1b3f5a7c-22d4-4e0b-9c11-7a8b9c0d1e2f", "0321419071234", "gpu-7f3a"])
func realIdentitiesAreKept(identity: String) {
  #expect(!GenericIdentity.matches(identity))
}
