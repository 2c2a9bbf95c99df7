import Profiles
import TestRecords
import Testing

/// `runs` benchmark runs every ten minutes; `fields` says what each reports.
private func runs(_ runs: Int, _ fields: (Int) -> RecordLog.Fields) -> ComputeHost {
  var host = ComputeHost()
  for run in 0..<runs {
    var fields = fields(run)
    fields["bench"] = "matmul"
    host.add("benchmark", minute: Double(run) * 11, fields)
  }
  return host
}

@Test func identicalResultsAndTimesRejectFromTheFifthRun() {
  let fields: RecordLog.Fields = ["value": 61.37, "elapsed_ms": 30_127]
  #expect(runs(5) { _ in fields }.codes == ["C5_REPEATED_RESULT"])
  #expect(runs(4) { _ in fields }.codes.isEmpty)
}

@Test func replaysAmongRealRunsAreFound() {
  var random = ComputeRandom(state: 4)
  let host = runs(40) { run in
    run % 3 == 0
      ? ["value": 61.37, "elapsed_ms": 30_127]
      : [
        "value": random.rounded(61, 0.6, digits: 100),
        "elapsed_ms": random.rounded(30_200, 300, digits: 1),
      ]
  }
  #expect(host.codes == ["C5_REPEATED_RESULT"])
}

@Test func coarseClocksAndFewDigitsAreNoReplay() {
  #expect(runs(40) { _ in ["value": 6.1, "elapsed_ms": 30_000] }.codes.isEmpty)
  #expect(runs(60) { ["value": .number(Double(197 + $0 % 7) / 10)] }.codes.isEmpty)
  // A clock that ticks every 1/64 s, and values divided out of its times.
  let ticking = runs(60) { run in
    let elapsed = 10_000 + 15.625 * Double(run * run % 4)
    return ["value": .number(1e6 / elapsed), "elapsed_ms": .number(elapsed)]
  }
  #expect(ticking.codes.isEmpty)
  // A tenth of a per cent of jitter on a clock of 1 ms.
  for seed in 1...20 {
    var random = ComputeRandom(state: UInt64(seed))
    let steady = runs(144) { _ in
      [
        "value": random.rounded(61, 0.06, digits: 100),
        "elapsed_ms": random.rounded(10_000, 10, digits: 1),
      ]
    }
    #expect(steady.codes.isEmpty)
  }
}

@Test func quotientsOfShortTimesAreNoReplay() {
  let short = runs(40) { run in
    let elapsed = run % 9 == 0 ? 58.0 : 57
    return ["value": .number(1000 / elapsed), "elapsed_ms": .number(elapsed)]
  }
  #expect(short.codes.isEmpty)
}

@Test func resultsWhoseClockIsTooCoarseToTellHold() {
  #expect(
    runs(40) { _ in ["value": 61.37, "elapsed_ms": 30_000] }.codes == ["C5_REPEATED_VALUE"])
}

@Test func workloadThatAlwaysScoresTheSameHoldsAtMost() {
  #expect(runs(12) { _ in ["value": 24_217.25] }.codes == ["C5_REPEATED_VALUE"])
  var random = ComputeRandom(state: 2)
  let timed = runs(12) { _ in
    ["value": 24_217.25, "elapsed_ms": random.rounded(3000, 50, digits: 1)]
  }
  #expect(timed.codes.isEmpty)
}

@Test func oldChallengesHandedInAgainReject() {
  let stale = runs(6) { run in
    [
      "value": .number(60 + Double(run) / 7), "nonce": .text("n\(run % 3)"),
      "result_hash": .text("h\(run % 3)"),
    ]
  }
  #expect(stale.codes == ["C5_REUSED_NONCE"])
}

@Test func retriesAndOneChallengeToAllDevicesAreNoReuse() {
  var host = ComputeHost()
  for run in 0..<6 {
    for device in 0..<4 {
      for retry in 0..<2 {
        host.add(
          "benchmark", minute: Double(run) * 60 + Double(device) / 100 + Double(retry) * 2,
          [
            "bench": "matmul", "value": .number(60 + Double(run * 4 + device) / 7),
            "device_index": .number(Double(device)), "nonce": .text("n\(run)"),
            "result_hash": .text("h\(run)"),
          ])
      }
    }
  }
  #expect(host.codes.isEmpty)
  #expect(host.feature("nonce_reuse") == 0)
}

@Test func oneResultForSeveralChallengesHoldsWhereResultsDependOnThem() {
  func host(_ result: (Int) -> Int) -> ComputeHost {
    runs(12) { run in
      [
        "value": .number(60 + Double(run) / 7), "nonce": .text("n\(run)"),
        "result_hash": .text("h\(result(run))"),
      ]
    }
  }
  #expect(host { $0 % 9 }.codes == ["C5_REPEATED_ANSWER"])
  #expect(host { _ in 0 }.codes.isEmpty)
  #expect(host { $0 }.codes.isEmpty)
}

@Test func oneCardShownAsFourSlowsDownAsOne() {
  func host(_ rate: (Int) -> Double) -> ComputeHost {
    var host = ComputeHost()
    for round in 0..<12 {
      let devices = round % 2 == 0 ? 1 : 4
      for device in 0..<devices {
        host.add(
          "benchmark", minute: Double(round) * 30,
          [
            "bench": "matmul", "device_index": .number(Double(device)), "elapsed_ms": 60_000,
            "value": .number(rate(devices) * (1 + Double((round * 5 + device) % 7) / 300)),
          ])
      }
    }
    return host
  }
  #expect(host { 60 / Double($0) }.codes == ["C2_SHARED_RATE"])
  #expect(host { 60 - Double($0) }.codes.isEmpty)
}

/// Three organic jobs and an audit every ten minutes.
private func jobs(_ agreed: (_ organic: Bool, _ job: Int) -> Bool) -> ComputeHost {
  var host = ComputeHost()
  for job in 0..<160 {
    let organic = job % 4 != 0
    host.add(
      "job", minute: Double(job) * 2.5,
      ["organic": .flag(organic), "agreed": .flag(agreed(organic, job)), "elapsed_ms": 90_000])
  }
  return host
}

@Test func auditsRightAndDemandWrongRejects() {
  let codes = jobs { organic, job in !organic || job % 3 == 0 }.codes
  #expect(codes.contains("C8_SELECTIVE_PROVEN"))
}

@Test func weakerGapHoldsAndEqualTreatmentPasses() {
  #expect(jobs { organic, job in !organic || job % 6 != 1 }.codes == ["C8_SELECTIVE"])
  #expect(jobs { _, job in job % 9 != 0 }.codes.isEmpty)
  #expect(jobs { _, job in job != 33 }.codes.isEmpty)
}

@Test func maintenanceInOneStretchDoesNotReject() {
  // Three hours down for demand, in which no audit came.
  var host = jobs { _, _ in true }
  for job in 0..<60 {
    host.add("job", minute: 1000 + Double(job), ["organic": true, "agreed": false])
  }
  #expect(host.codes == ["C8_SELECTIVE"])
}

@Test func mostlyWrongResultsAreAFault() {
  #expect(jobs { _, job in job % 3 == 0 }.codes == ["F_WRONG_RESULTS"])
}

@Test func paddedRunTimesHoldAndGPUWorkDoesNot() {
  func host(elapsed: Double, expected: Double?, claim: RecordLog.Fields) -> ComputeHost {
    var host = ComputeHost()
    host.add("claim", minute: 0, claim)
    for job in 0..<20 {
      var fields: RecordLog.Fields = ["elapsed_ms": .number(elapsed), "cpu_ms": 5000]
      if let expected { fields["expected_ms"] = .number(expected) }
      host.add("job", minute: Double(job) * 30 + 1, fields)
    }
    return host
  }
  let cards: RecordLog.Fields = ["gpu_model": "RTX 3090"]
  #expect(host(elapsed: 81_000, expected: 6000, claim: cards).codes == ["C9_RUN_TIME"])
  #expect(host(elapsed: 81_000, expected: nil, claim: ["cpu_cores": 8]).codes == ["C9_RUN_TIME"])
  #expect(host(elapsed: 81_000, expected: 80_000, claim: cards).codes.isEmpty)
  #expect(host(elapsed: 81_000, expected: nil, claim: cards).codes.isEmpty)
}

/// An RTX 3090 at full load, thirty samples.
private func loaded(power: Double, temperature: Double, clock: Double) -> ComputeHost {
  var host = ComputeHost()
  host.add("claim", minute: 0, ["gpu_model": "RTX 3090"])
  for sample in 0..<30 {
    host.add(
      "telemetry", minute: Double(sample) + 1,
      [
        "util_pct": 99, "power_w": .number(power + Double(sample % 3)),
        "temp_c": .number(temperature), "sm_clock_mhz": .number(clock),
      ])
  }
  return host
}

@Test func fullLoadAtIdlePowerHolds() {
  #expect(loaded(power: 24, temperature: 40, clock: 1700).codes == ["C9_POWER_AT_LOAD"])
  #expect(loaded(power: 120, temperature: 60, clock: 1700).codes.isEmpty)
}

@Test func hotAndSlowIsAFaultAndCoolAndSlowIsNone() {
  #expect(loaded(power: 120, temperature: 92, clock: 600).codes == ["F_THROTTLING"])
  #expect(loaded(power: 120, temperature: 60, clock: 600).codes.isEmpty)
  #expect(loaded(power: 330, temperature: 92, clock: 1500).codes.isEmpty)
}

@Test func proxiedTrafficHoldsAndATunnelIsOnlyReported() {
  func host(egress: String, _ delay: (Int) -> Double) -> ComputeHost {
    var host = ComputeHost()
    for sample in 0..<60 {
      host.add(
        "network", minute: Double(sample),
        [
          "rtt_ms": .number(delay(sample)), "egress": .text(egress), "advertised": "net1",
        ])
    }
    return host
  }
  let two: (Int) -> Double = { ($0 % 2 == 0 ? 18 : 140) + Double($0 % 5) }
  let one: (Int) -> Double = { 18 + Double($0 % 5) }
  #expect(host(egress: "net2", two).codes == ["C6_PROXY", "C6_EGRESS"])
  #expect(host(egress: "net2", one).codes == ["C6_EGRESS"])
  #expect(host(egress: "net2", one).serious.isEmpty)
  // Two kinds of delay in turn are two machines, whatever the egress says.
  #expect(host(egress: "net1", two).codes == ["C6_PROXY"])
}
