import Contributions
import TestRecords
import Testing

@testable import Profiles

@Test func everyFeatureIsMeasuredOnARichHostAndNoneOnAnEmptyOne() {
  let rich = ComputeHost.honest().profile
  let empty = ComputeHost().profile
  #expect(rich.features.count == Profile.compute.features.count)
  for (index, spec) in Profile.compute.features.enumerated() {
    #expect(rich.features[index].isFinite, "\(spec.name)")
    #expect(empty.features[index].isNaN, "\(spec.name)")
  }
}

@Test func featuresKeepTheirResolution() {
  let profile = ComputeHost.honest(seed: 3).profile
  for (index, spec) in Profile.compute.features.enumerated() {
    let steps = profile.features[index] / spec.resolution
    #expect((steps - steps.rounded()).magnitude < 1e-6, "\(spec.name)")
  }
}

@Test func orderOfInputDoesNotMatter() {
  var host = ComputeHost.honest(seed: 5)
  // Ties: two devices at one moment.
  for device in 0..<2 {
    host.add(
      "benchmark", minute: 700,
      [
        "bench": "matmul", "value": .number(60 + Double(device)),
        "device_index": .number(Double(device)),
      ])
  }
  let first = host.profile
  for seed in 1...4 {
    host.shuffle(seed: UInt64(seed))
    let other = host.profile
    #expect(other.features.map(\.bitPattern) == first.features.map(\.bitPattern))
    #expect(other.findings == first.findings)
  }
}

@Test func namesAndBitsAreUnique() {
  let features = Profile.compute.features.map(\.name)
  #expect(Set(features).count == features.count)
  let reasons = Profile.compute.reasons
  #expect(Set(reasons.map(\.bit)).count == reasons.count)
  #expect(Set(reasons.map(\.code)).count == reasons.count)
  #expect(reasons.allSatisfy { (0..<40).contains($0.bit) })
}

@Test func hardwareFeaturesCompareWithTheNearestVariant() {
  let host = ComputeHost(
    claim: ["gpu_model": "RTX 3080", "vram_mb": 12_288],
    device: ["vram_mb": 6144, "sm_count": 35, "compute_cap": 7.5, "power_limit_w": 160])
  // 6144 to 10240, 35 to 68 or 70, 160 to 320.
  #expect((host.feature("vram_ratio") - -0.74).magnitude < 1e-9)
  #expect((host.feature("vram_claim_ratio") - -1).magnitude < 1e-9)
  #expect((host.feature("sm_ratio") - -0.96).magnitude < 1e-9)
  #expect((host.feature("capability_gap") - 1.1).magnitude < 1e-9)
  #expect((host.feature("power_limit_ratio") - -1).magnitude < 1e-9)
}

@Test func honestHostLooksHonestInEveryFeatureWithAKnownAnswer() {
  let host = ComputeHost.honest()
  #expect(host.feature("device_count_ratio") == 1)
  #expect(host.feature("bench_repeats") == 0)
  #expect(host.feature("concurrency_exponent").magnitude < 0.1)
  #expect(host.feature("power_load_correlation") > 0.9)
  #expect(host.feature("temperature_power_correlation") > 0.9)
  #expect(host.feature("slowdown").magnitude < 0.05)
  #expect(host.feature("rtt_bimodality") < 5)
  #expect(host.feature("egress_elsewhere") == 0)
}

@Test func unitsAreHoursOfWorkThatWasNotRefused() {
  var host = ComputeHost()
  host.add("job", minute: 1, ["elapsed_ms": 3_600_000, "agreed": true])
  host.add("job", minute: 2, ["elapsed_ms": 1_800_000])
  host.add("job", minute: 3, ["elapsed_ms": 7_200_000, "agreed": false])
  host.add("benchmark", minute: 4, ["bench": "b", "value": 1, "elapsed_ms": 900_000])
  #expect(host.profile.unitsMicro == 1_500_000)
}

@Test func groupIsTheClaimedModelHoweverItIsWritten() {
  func groups(_ claim: RecordLog.Fields) -> [String] {
    var host = ComputeHost()
    host.add("claim", minute: 0, claim)
    return host.profile.groups
  }
  #expect(groups(["gpu_model": "rtx3090"]) == ["gpu:rtx 3090", "all"])
  #expect(groups(["gpu_model": "NVIDIA GeForce RTX 3090"]) == ["gpu:rtx 3090", "all"])
  #expect(groups(["gpu_model": "AMD Radeon Graphics"]) == ["gpu:amd radeon graphics", "all"])
  #expect(groups(["cpu_cores": 8]) == ["all"])
}

@Test func comparablesAreOnePerWorkload() {
  var host = ComputeHost()
  for (minute, value) in [3.0, 9, 4].enumerated() {
    host.add("benchmark", minute: Double(minute), ["bench": "a", "value": .number(value)])
  }
  host.add("benchmark", minute: 9, ["bench": "b", "value": 7])
  #expect(
    host.profile.comparables == [
      .init(key: "bench:a", median: 4, largest: 9, count: 3),
      .init(key: "bench:b", median: 7, largest: 7, count: 1),
    ])
}

@Test func fishersTestGivesTheTextbookValue() {
  // Fisher's tea tasting, 3 of 4 right each way: one-sided p = 17/70.
  var host = ComputeHost()
  for job in 0..<8 {
    host.add(
      "job", minute: Double(job),
      ["organic": .flag(job < 4), "agreed": .flag(job == 0 || (4..<7).contains(job))])
  }
  let jobs = ComputeJobs(host.records[kind: "job"])
  #expect((jobs.logChanceOfGap - -1.415281898).magnitude < 1e-7)
}

@Test func absurdNumbersStayMeasurable() {
  var host = ComputeHost()
  host.add("claim", minute: 0, ["gpu_model": "RTX 3090", "gpu_count": 1e300, "vram_mb": 1e300])
  for minute in 1...12 {
    host.add(
      "inventory", minute: Double(minute),
      ["device_index": 1e300, "vram_mb": 1e-300, "compute_cap": 1e300, "sm_count": 1e300])
    host.add(
      "benchmark", minute: Double(minute),
      ["bench": "b", "value": 1e300, "elapsed_ms": 1e300, "device_index": .number(1e200)])
    host.add("job", minute: Double(minute), ["elapsed_ms": 1e300, "expected_ms": 1e-300])
    host.add("network", minute: Double(minute), ["rtt_ms": 0])
  }
  let profile = host.profile
  #expect(profile.unitsMicro == 9_007_199_254_740_991)
  #expect(profile.features.allSatisfy { $0.isNaN || $0.isFinite })
}
