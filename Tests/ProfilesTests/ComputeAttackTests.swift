import Profiles
import TestRecords
import Testing

// MARK: - C2, C11: devices that are one

/// Two devices at steady load; `shared` is the part of the power's noise that is common.
private func twoDevices(shared: Double) -> ComputeHost {
  var random = ComputeRandom(state: 11)
  var host = ComputeHost()
  for sample in 0..<40 {
    let common = random.noise()
    for device in 0..<2 {
      let noise = shared * common + (1 - shared) * random.noise()
      host.add(
        "telemetry", minute: Double(sample) * 5,
        [
          "device_index": .number(Double(device)), "util_pct": 97,
          "power_w": .number(300 + 6 * noise), "temp_c": 66,
        ])
    }
  }
  return host
}

@Test func oneCardsNoiseOnTwoDevicesHoldsAndCommonLoadDoesNot() {
  #expect(twoDevices(shared: 0.9).codes == ["C2_TWIN_DEVICES"])
  #expect(twoDevices(shared: 0.3).codes.isEmpty)
}

/// Sixteen hourly runs that reach `rates` in turn, at a temperature.
private func ratesInTurn(_ rates: [Double], temperature: Double) -> ComputeHost {
  var random = ComputeRandom(state: 5)
  var host = ComputeHost()
  for run in 0..<16 {
    let rate = rates[run * run / 3 % rates.count]
    host.add(
      "benchmark", minute: Double(run) * 60,
      ["bench": "matmul", "value": random.rounded(rate, rate / 90, digits: 1000)])
    host.add(
      "telemetry", minute: Double(run) * 60 + 1,
      ["util_pct": 98, "temp_c": .number(temperature)])
  }
  return host
}

@Test func halfTheRateInTurnIsReportedUnlessTheCardIsHot() {
  #expect(ratesInTurn([68, 34], temperature: 65).codes == ["C11_TWO_RATES"])
  #expect(ratesInTurn([68, 34], temperature: 86).codes.isEmpty)
  #expect(ratesInTurn([68, 55], temperature: 65).codes.isEmpty)
}

@Test func logThatSamplesDevicesIsNoProofThatTheyAreMissing() {
  var host = ComputeHost()
  host.add("claim", minute: 0, ["gpu_count": 8])
  for sweep in 0..<4 {
    host.add(
      "inventory", minute: Double(sweep) * 120 + 1,
      ["device_index": .number(Double(sweep % 2 * 5)), "compute_cap": 8.6])
  }
  #expect(host.serious == ["C2_MISSING_DEVICE"])
  // Devices that only other records show are there.
  for device in 0..<8 {
    host.add("telemetry", minute: 9, ["device_index": .number(Double(device)), "util_pct": 3])
  }
  #expect(host.codes.isEmpty)
}

// MARK: - C3: slices

@Test func partOfACardThatTheClaimDeclaresIsNotRejected() {
  func host(memory: Double, driver: String) -> ComputeHost {
    ComputeHost(
      claim: ["gpu_model": "NVIDIA A100", "gpu_count": 1, "vram_mb": .number(memory)],
      device: ["gpu_name": .text(driver), "vram_mb": 9856, "sm_count": 28])
  }
  let whole = host(memory: 40_960, driver: "NVIDIA A100").codes
  #expect(whole.isSuperset(of: ["C3_SLICE", "C1_SM_COUNT"]))
  #expect(
    host(memory: 9856, driver: "NVIDIA A100").codes == ["C1_VRAM", "C1_SM_COUNT_DOUBT"])
  #expect(host(memory: 9856, driver: "NVIDIA A100 MIG 2g.10gb").codes.isEmpty)
}

// MARK: - C5: replays

@Test func repeatsOverSeveralWorkloadsAndDevicesCountTogether() {
  func host(jitter: Double) -> ComputeHost {
    var random = ComputeRandom(state: 3)
    var host = ComputeHost()
    for run in 0..<3 {
      for (place, bench) in ["fp32", "fp16", "copy"].enumerated() {
        host.add(
          "benchmark", minute: Double(run) * 300 + Double(place),
          [
            "bench": .text(bench), "value": random.rounded(61.37, jitter, digits: 1000),
            "elapsed_ms": random.rounded(30_127, 500 * jitter, digits: 1),
          ])
      }
    }
    return host
  }
  #expect(host(jitter: 0).codes == ["C5_REPEATED_RESULT"])
  #expect(host(jitter: 0.5).codes.isEmpty)
}

@Test func challengesOfFewDigitsMeetByChance() {
  var host = ComputeHost()
  for run in 0..<80 {
    host.add(
      "benchmark", minute: Double(run) * 15,
      [
        "bench": "matmul", "value": .number(60 + Double(run * 7 % 80) / 31),
        "nonce": .text("n\(run % 78)"), "result_hash": .text("r\(run % 78)"),
      ])
  }
  #expect(host.codes.isEmpty)
}

// MARK: - C6: outsourced work

/// `count` measurements in turn from here and from elsewhere.
private func network(
  count: Int, _ at: (Int) -> (delay: Double, egress: String)
) -> ComputeHost {
  var host = ComputeHost()
  for sample in 0..<count {
    let one = at(sample)
    host.add(
      "network", minute: Double(sample) * 30,
      ["rtt_ms": .number(one.delay), "egress": .text(one.egress), "advertised": "net1"])
  }
  return host
}

@Test func slowMeasurementsThatLeaveElsewhereHold() {
  let proxied = network(count: 10) { sample in
    let isAway = sample % 3 == 1
    return ((isAway ? 75 : 40) + Double(sample % 4), isAway ? "net2" : "net1")
  }
  #expect(proxied.serious == ["C6_PROXY"])
}

@Test func changedRoutesTunnelsAndBusyLinesPass() {
  let changed = network(count: 48) { (($0 < 20 ? 20 : 60) + Double($0 % 5), "net1") }
  let tunnel = network(count: 48) { (55 + Double($0 * $0 % 11), "net2") }
  let busy = network(count: 48) { (20 * (1 + Double($0 * 7 % 10) / 2), "net1") }
  let near = network(count: 48) { (Double(1 + $0 % 2), "net1") }
  for host in [changed, tunnel, busy, near] { #expect(host.serious.isEmpty) }
}

// MARK: - C7: processors

@Test func processorsHaveNoMoreCoresThanTheirName() {
  func codes(_ name: String, _ cores: Double) -> Set<String> {
    var host = ComputeHost()
    host.add("claim", minute: 0, ["cpu_model": .text(name), "cpu_cores": .number(cores)])
    return host.codes
  }
  #expect(codes("AMD EPYC 7763 64-Core Processor", 256).isEmpty)
  #expect(codes("AMD EPYC 7763 64-Core Processor", 512) == ["C7_CPU_CORES"])
  #expect(codes("Intel(R) Core(TM) i7-12700K", 20).isEmpty)
  #expect(codes("Intel(R) Core(TM) i7-12700K", 128) == ["C7_CPU_CORES"])
  #expect(codes("AMD Ryzen Threadripper PRO 7995WX", 192).isEmpty)
  #expect(codes("x86_64", 1024).isEmpty)
}

// MARK: - C8: selective honesty

/// An audit after every third job, all of one kind; `factor` is what organic jobs take longer.
private func jobTimes(hasExpected: Bool, factor: (Int) -> Double) -> ComputeHost {
  var random = ComputeRandom(state: 8)
  var host = ComputeHost()
  for job in 0..<60 {
    let isAudit = job % 3 == 0
    var fields: RecordLog.Fields = [
      "organic": .flag(!isAudit), "task": "render",
      "elapsed_ms": random.rounded(600_000 * (isAudit ? 1 : factor(job)), 20_000, digits: 1),
    ]
    if hasExpected { fields["expected_ms"] = 600_000 }
    host.add("job", minute: Double(job) * 20, fields)
  }
  return host
}

@Test(arguments: [true, false])
func auditsThatTakeAnotherTimeThanDemandHold(hasExpected: Bool) {
  #expect(jobTimes(hasExpected: hasExpected) { _ in 1.4 }.codes == ["C8_AUDIT_TIMES"])
  #expect(jobTimes(hasExpected: hasExpected) { _ in 0.6 }.codes == ["C8_AUDIT_TIMES"])
  #expect(jobTimes(hasExpected: hasExpected) { _ in 1.03 }.codes.isEmpty)
  // Maintenance: one stretch in which demand is slow.
  #expect(
    jobTimes(hasExpected: hasExpected) { (20..<28).contains($0) ? 3 : 1 }.codes.isEmpty)
}

// MARK: - C4: generic identities

@Test(arguments: [
  "GPU-11111111-2222-3333-4444-555555555555", "Default string", "GPU-12345678-1234-1234-1234-1234",
  "0000000000000001",
])
func filledInIdentitiesTellNobodyApart(identity: String) {
  #expect(GenericIdentity.matches(identity))
}

@Test func realIdentitiesAreNotGeneric() {
  var random = ComputeRandom(state: 1)
  for _ in 0..<2000 {
    let digits = String(random.next(), radix: 16) + String(random.next(), radix: 16)
    #expect(!GenericIdentity.matches("GPU-" + digits))
  }
}
