import Testing

@testable import Simulation

/// Faults and look-alikes: like an attack in one respect, honest in all others.
@Suite struct ComputeLookAlikeTests {
  typealias Log = WorkLog<ComputeNetwork>

  private func rows(_ part: Part, size: Int = 1, times: Int = 6) throws -> [[WorkRecord]] {
    let log = Log(part, size: size, times: times)
    return try log.cast.map { try log.records($0) }
  }

  private func values(_ rows: [WorkRecord], _ bench: ComputeBench) -> [Double] {
    rows.filter { $0.text("bench") == bench.name }.compactMap { $0["value"] }
  }

  @Test func everyHonestLookAlikeOfTheAttackTableIsThere() {
    let names = Set(ComputeNetwork.lookAlikes.map(\.name))
    for name in [
      "modded memory", "new driver", "thermal throttling", "shared bus", "14-card host",
      "declared slice", "generic ids", "quantised clock", "CGNAT", "VPN", "container limits",
      "maintenance", "I/O wait", "wrong batch size", "load cycle",
    ] { #expect(names.contains(name)) }
  }

  @Test func moddedMemoryComputesLikeItsModel() throws {
    for rows in try rows(.lookAlike("modded memory")) {
      let shown = rows.first { $0.kind == "inventory" }
      let model = ComputeGPU.named(shown?.text("gpu_name") ?? "")
      #expect((shown?["vram_mb"] ?? 0) > 1.5 * model.vramMB)
      let rate = workMedian(values(rows, .triad)) / (0.9 * model.bandwidth)
      #expect(values(rows, .triad).isEmpty || abs(rate - 1) < 0.06)
    }
  }

  @Test func declaredSliceClaimsWhatItIs() throws {
    for rows in try rows(.lookAlike("declared slice")) {
      let claim = rows.first { $0.kind == "claim" }
      let shown = rows.first { $0.kind == "inventory" }
      #expect(claim?.text("gpu_model") == shown?.text("gpu_name"))
      #expect(claim?["vram_mb"] == shown?["vram_mb"])
    }
  }

  @Test func quantisedClockRepeatsValuesUnderFreshChallenges() throws {
    for rows in try rows(.lookAlike("quantised clock")) {
      let runs = rows.filter { $0["device_index"] != nil && $0.kind == "benchmark" }
      #expect(
        runs.allSatisfy { (($0["elapsed_ms"] ?? 1) / 500).truncatingRemainder(dividingBy: 1) == 0 })
      let nonces = runs.compactMap { $0.text("nonce") }
      #expect(Set(nonces).count == nonces.count)
    }
  }

  @Test func movedCardIsNeverInTwoHostsAtOnce() throws {
    let log = Log(.lookAlike("moved card"), size: 2, times: 4)
    for group in stride(from: 0, to: log.cast.count, by: 2) {
      let hosts = try (0...1).map { try log.records(log.cast[group + $0]) }
      let hours = hosts.map { rows in
        rows.filter { $0["device_index"] == 0 && $0.text("gpu_uuid") != nil }
      }
      let common = Set(hours[0].compactMap { $0.text("gpu_uuid") })
        .intersection(hours[1].compactMap { $0.text("gpu_uuid") })
      #expect(common.count == 1)
      #expect((hours[0].map(\.hour).max() ?? 99) < (hours[1].map(\.hour).min() ?? 0))
      let later = try log.records(log.cast[group], day: Log.day + 1)
      #expect(!later.contains { common.contains($0.text("gpu_uuid") ?? "") })
    }
  }

  @Test func tunnelsAreAwayAllTheTimeAndOfOneSpeed() throws {
    for rows in try rows(.lookAlike("VPN")) {
      let probes = rows.filter { $0.kind == "network" }
      #expect(probes.allSatisfy { $0.text("egress") != $0.text("advertised") })
      let times = probes.compactMap { $0["rtt_ms"] }
      let median = workMedian(times)
      #expect(times.filter { $0 < 0.85 * median }.isEmpty)
    }
  }

  @Test func cardsOnASharedBusReachTheirRateAlone() throws {
    for rows in try rows(.lookAlike("shared bus")) {
      let name = rows.first { $0.kind == "inventory" }?.text("gpu_name") ?? ""
      #expect((values(rows, .half).max() ?? 0) > 0.8 * ComputeGPU.named(name).half)
      #expect((values(rows, .half).min() ?? 0) > 0.5 * ComputeGPU.named(name).half)
    }
  }

  @Test func oneLoadCycleLeavesTheRatesAlone() throws {
    let log = Log(.lookAlike("load cycle"), size: 4, times: 3)
    for member in log.cast {
      let rows = try log.records(member)
      let name = rows.first { $0.kind == "inventory" }?.text("gpu_name") ?? ""
      let rates = values(rows, .triad)
      #expect(rates.allSatisfy { $0 > 0.6 * 0.9 * ComputeGPU.named(name).bandwidth })
    }
    let egress = try log.records(log.cast[0]).compactMap { $0.text("egress") }.first
    #expect(try log.records(log.cast[1]).compactMap { $0.text("egress") }.first == egress)
  }

  @Test func containersUseAPartOfTheirCores() throws {
    for rows in try rows(.lookAlike("container limits")) {
      let cores = rows.first { $0.kind == "claim" }?["cpu_cores"] ?? 0
      let used = values(rows, .cpuMulti)[0] / (0.66 * values(rows, .cpuSingle)[0])
      #expect(used / cores > 0.5)
      #expect(used / cores < 0.95)
    }
  }

  @Test func faultsShowInTheRecords() throws {
    for rows in try rows(.fault("zero memory")) {
      #expect(rows.filter { $0.kind == "inventory" }.allSatisfy { $0["vram_mb"] == 0 })
    }
    for rows in try rows(.fault("dead card")) {
      let devices = rows.first { $0.kind == "claim" }?["gpu_count"] ?? 0
      let working = Set(rows.filter { $0.kind == "benchmark" }.compactMap { $0["device_index"] })
      #expect(Double(working.count) == devices - 1)
    }
    let bad = try rows(.fault("bad memory"), times: 20).flatMap { $0 }
    for organic in [true, false] {
      let agreed = bad.filter { $0.flag("organic") == organic }.compactMap { $0.flag("agreed") }
      #expect(Double(agreed.filter { !$0 }.count) > 0.06 * Double(agreed.count))
    }
    for rows in try rows(.fault("stuck sensor")) {
      #expect(Set(rows.compactMap { $0["temp_c"] }).count <= 1)
    }
  }

  @Test func anOutageOfTheVerifierIsOneForAll() throws {
    let all = try rows(.fault("verifier outage"), size: 8, times: 1)
    let wrong = all.flatMap { $0.filter { $0.flag("agreed") == false }.map(\.hour) }.sorted()
    #expect(wrong.count > 8)
    #expect(wrong[wrong.count * 9 / 10] - wrong[wrong.count / 10] < 6)
  }
}
