import Profiles
import Testing

/// Twelve runs each of three workloads, which take `time` ms as a clock of `tick` ms shows it; a
/// run is one of `recorded`, where there are any, and else new.
private func timedHost(
  tick: Double, recorded: Int, deviation: Double = 0.01, isConstant: Bool = false
) -> ComputeHost {
  var random = ComputeRandom(state: 21)
  var host = ComputeHost()
  for (place, time) in [8_000.0, 12_500, 20_000].enumerated() {
    func run() -> (value: Double, elapsed: Double) {
      let real = time * (1 + (isConstant ? 0 : deviation) * random.noise())
      let elapsed = max((real / tick).rounded(), 1) * tick
      let known = tick >= 50 ? elapsed : real - 100 - 40 * random.noise()
      return ((1e8 / known).rounded() / 1000, elapsed)
    }
    let pool = (0..<recorded).map { _ in run() }
    for index in 0..<12 {
      let result = recorded > 0 && index % 6 != 5 ? pool[index * 5 % recorded] : run()
      host.add(
        "benchmark", minute: Double(index) * 110 + Double(place),
        [
          "bench": "work\(place)", "value": .number(result.value),
          "elapsed_ms": .number(result.elapsed), "nonce": "challenge-\(place)-\(index)",
        ])
    }
  }
  return host
}

@Test func recordedRunsInTurnRejectAndFreshOnesDoNot() {
  #expect(timedHost(tick: 1, recorded: 4).codes == ["C5_REPEATED_RESULT"])
  #expect(timedHost(tick: 1, recorded: 0).codes.isEmpty)
}

@Test(arguments: [500.0, 1000, 2000])
func coarseClockRepeatsTimesAndWhatIsWorkedOutFromThem(tick: Double) {
  #expect(timedHost(tick: tick, recorded: 0, deviation: 0.04).codes.isEmpty)
}

/// Two devices; `share` is what each reaches when both run, in a few of the rounds.
private func twoDevices(share: Double, workloads: Int) -> ComputeHost {
  var random = ComputeRandom(state: 8)
  var host = ComputeHost()
  for round in 0..<5 {
    let isTogether = round % 2 == 0
    for work in 0..<workloads {
      for device in 0..<2 {
        let rate = 60 * (isTogether ? share : 1) * (1 + 0.01 * random.noise())
        let start = Double(round * 200 + work * 20) + (isTogether ? 0 : Double(device) * 10)
        host.add(
          "benchmark", minute: start + 60 / rate,
          [
            "bench": "work\(work)", "device_index": .number(Double(device)),
            "value": .number(rate), "elapsed_ms": .number(3_600_000 / rate),
          ])
      }
    }
  }
  return host
}

@Test func oneCardShownTwiceSlowsItselfInAllWorkloadsTogether() {
  #expect(twoDevices(share: 0.5, workloads: 3).serious == ["C2_SHARED_RATE"])
  // Too few rounds of one workload; a shared bus.
  #expect(twoDevices(share: 0.5, workloads: 1).serious.isEmpty)
  #expect(twoDevices(share: 0.75, workloads: 3).serious.isEmpty)
}

/// Ten round trips, those at `late` later by `delay` ms.
private func roundTrips(late: Set<Int>, by delay: [Double]) -> ComputeHost {
  var random = ComputeRandom(state: 14)
  var host = ComputeHost()
  for index in 0..<10 {
    let extra = late.contains(index) ? delay[index / 3 % delay.count] : 0
    host.add(
      "network", minute: Double(index) * 140,
      ["rtt_ms": .number(21 + extra + 0.5 * random.noise()), "egress": "n", "advertised": "n"])
  }
  return host
}

@Test func someRoundTripsByAFarMachineHoldAndQueuesDoNot() {
  #expect(roundTrips(late: [1, 4, 7], by: [88, 92, 90]).serious == ["C6_PROXY"])
  // Queues differ in length; a changed route is one change; a near one is within the house.
  #expect(roundTrips(late: [1, 4, 7], by: [25, 160, 60]).serious.isEmpty)
  #expect(roundTrips(late: [7, 8, 9], by: [88, 92, 90]).serious.isEmpty)
  #expect(roundTrips(late: [1, 4, 7], by: [14, 15, 13]).serious.isEmpty)
}

@Test func doubledMemoryThatTheOwnerClaimsPasses() {
  func host(claimed: Double, shown: Double, units: Double = 68) -> Set<String> {
    ComputeHost(
      claim: ["gpu_model": "NVIDIA GeForce RTX 2080 Ti", "vram_mb": .number(claimed)],
      device: [
        "vram_mb": .number(shown), "compute_cap": 7.5, "sm_count": .number(units),
      ]
    ).serious
  }
  #expect(host(claimed: 22_528, shown: 22_528).isEmpty)
  // Not said, no doubling, or another chip.
  #expect(host(claimed: 11_264, shown: 22_528) == ["C1_VRAM"])
  #expect(host(claimed: 16_384, shown: 16_384) == ["C1_VRAM"])
  #expect(host(claimed: 22_528, shown: 22_528, units: 46).isSuperset(of: ["C1_VRAM"]))
}
