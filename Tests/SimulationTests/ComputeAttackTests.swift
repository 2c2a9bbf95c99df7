import Testing

@testable import Simulation

/// Every attack writes what its definition says, at every strength.
@Suite struct ComputeAttackTests {
  typealias Log = WorkLog<ComputeNetwork>

  private func values(_ rows: [WorkRecord], _ bench: ComputeBench) -> [Double] {
    rows.filter { $0.text("bench") == bench.name }.compactMap { $0["value"] }
  }

  private func claimed(_ rows: [WorkRecord]) -> ComputeGPU {
    let name = rows.first { $0.kind == "claim" }?.text("gpu_model") ?? ""
    return ComputeGPU.all.first { $0.name == name || $0.name == "NVIDIA " + name } ?? .all[0]
  }

  private func inventories(_ rows: [WorkRecord]) -> [WorkRecord] {
    rows.filter { $0.kind == "inventory" }
  }

  @Test(arguments: Strength.allCases) func fakeModelIsSlower(_ strength: Strength) throws {
    let log = Log(.attack("C1", strength), times: 8)
    for member in log.cast {
      let rows = try log.records(member)
      let model = claimed(rows)
      let ceiling = strength == .hard ? 0.99 : 0.75
      #expect(workMedian(values(rows, .half)) < ceiling * model.half)
      #expect(workMedian(values(rows, .triad)) < 0.95 * model.bandwidth * 0.9)
      let shown = inventories(rows)[0]
      #expect(shown.text("gpu_name") == model.name)
      let isForged = shown["sm_count"] == model.multiprocessors
      #expect(isForged == (strength != .easy))
    }
  }

  @Test(arguments: Strength.allCases) func oneCardForSeveralSharesItsRate(
    _ strength: Strength
  ) throws {
    let log = Log(.attack("C2", strength), times: 8)
    var together = 0
    for member in log.cast {
      let rows = try log.records(member)
      let count = rows.first { $0.kind == "claim" }?["gpu_count"] ?? 0
      let uuids = Set(inventories(rows).compactMap { $0.text("gpu_uuid") }).count
      #expect(uuids == (strength == .easy ? 1 : Int(count)))
      let rates = values(rows, claimed(rows).half > 0 ? .half : .single)
      guard let least = rates.min(), let most = rates.max() else { continue }
      if least * count < 1.2 * most || strength != .hard { together += 1 }
    }
    #expect(together >= 6)
  }

  @Test(arguments: Strength.allCases) func sliceHasItsShareOfTheRate(
    _ strength: Strength
  ) throws {
    let log = Log(.attack("C3", strength), times: 8)
    for member in log.cast {
      let rows = try log.records(member)
      let model = claimed(rows)
      #expect(workMedian(values(rows, .half)) < 0.62 * model.half)
      let shown = inventories(rows)[0]
      #expect((shown.text("gpu_name") != model.name) == (strength == .easy))
      #expect((shown["vram_mb"] == model.vramMB) == (strength == .hard))
    }
  }

  @Test(arguments: Strength.allCases) func clonedIdentityIsOnSeveralNodesAtOnce(
    _ strength: Strength
  ) throws {
    let log = Log(.attack("C4", strength), size: 2, times: 5)
    for group in stride(from: 0, to: log.cast.count, by: 2) {
      let hours = try (0...1).map { place in
        try log.records(log.cast[group + place]).compactMap { row in
          row.text("gpu_uuid").map { (uuid: $0, hour: row.hour) }
        }
      }
      let common = Set(hours[0].map(\.uuid)).intersection(hours[1].map(\.uuid))
      #expect(!common.isEmpty)
      for uuid in common {
        let spans = hours.map { side in side.filter { $0.uuid == uuid }.map(\.hour) }
        let (first, second) = (spans[0], spans[1])
        #expect((first.min() ?? 0) < (second.max() ?? 0))
        #expect((second.min() ?? 0) < (first.max() ?? 0))
      }
    }
  }

  @Test(arguments: Strength.allCases) func replayedRunsRepeat(_ strength: Strength) throws {
    let log = Log(.attack("C5", strength), times: 8)
    var repeated = 0
    for member in log.cast {
      let runs = try log.records(member).filter {
        $0["device_index"] != nil && $0.text("nonce") != nil
      }
      let nonces = Set(runs.compactMap { $0.text("nonce") }).count
      let results = Set(runs.map { [$0["device_index"], $0["value"], $0["elapsed_ms"]] }).count
      switch strength {
      case .easy: if results <= runs.count / 2 { repeated += 1 }
      case .medium: if nonces < runs.count { repeated += 1 }
      case .hard:
        #expect(nonces == runs.count)
        if results < runs.count { repeated += 1 }
      }
    }
    #expect(repeated >= 7)
  }

  @Test(arguments: Strength.allCases) func outsourcedWorkIsFarOrElsewhere(
    _ strength: Strength
  ) throws {
    let log = Log(.attack("C6", strength), times: 8)
    for member in log.cast {
      let probes = try log.records(member).filter { $0.kind == "network" }
      let away = probes.filter { $0.text("egress") != $0.text("advertised") }.count
      switch strength {
      case .easy: #expect(away == probes.count)
      case .medium: #expect(away < probes.count)
      case .hard: #expect(away == 0)
      }
    }
    let times = try log.cast.flatMap { try log.records($0) }.compactMap { $0["rtt_ms"] }
    #expect((times.max() ?? 0) - (times.min() ?? 0) > 80)
  }

  @Test(arguments: Strength.allCases) func inflatedHostHasFewerCores(
    _ strength: Strength
  ) throws {
    let log = Log(.attack("C7", strength), times: 8)
    for member in log.cast {
      let rows = try log.records(member)
      let cores = rows.first { $0.kind == "claim" }?["cpu_cores"] ?? 0
      let single = workMedian(values(rows, .cpuSingle))
      let measured = workMedian(values(rows, .cpuMulti)) / (0.66 * single)
      #expect(cores / measured > (strength == .easy ? 3.5 : strength == .medium ? 1.8 : 1.35))
    }
  }

  private func ratio(_ rows: [WorkRecord], organic: Bool) -> Double {
    workMedian(
      rows.filter { $0.flag("organic") == organic }.compactMap { row in
        row["expected_ms"].flatMap { expected in row["elapsed_ms"].map { $0 / expected } }
      })
  }

  @Test(arguments: Strength.allCases) func selectiveHonestyShowsInRealWork(
    _ strength: Strength
  ) throws {
    let log = Log(.attack("C8", strength), times: 12)
    let rows = try log.cast.flatMap { try log.records($0) }
    #expect(ratio(rows, organic: true) / ratio(rows, organic: false) > 1.15)
    func wrong(_ organic: Bool) -> Double {
      let agreed = rows.filter { $0.flag("organic") == organic }.compactMap { $0.flag("agreed") }
      return Double(agreed.filter { !$0 }.count) / Double(agreed.count)
    }
    #expect(wrong(false) < 0.02)
    #expect(wrong(true) > 0.08)
  }

  @Test(arguments: Strength.allCases) func inflatedTimeIsIdleTime(_ strength: Strength) throws {
    let log = Log(.attack("C9", strength), times: 10)
    let rows = try log.cast.flatMap { try log.records($0) }
    #expect(ratio(rows, organic: true) > (strength == .easy ? 4 : strength == .medium ? 2.2 : 1.5))
    #expect(ratio(rows, organic: false) < 1.3)
    let feigned = try log.cast.contains { member in
      let rows = try log.records(member)
      let limit = inventories(rows)[0]["power_limit_w"] ?? 0
      return rows.contains { ($0["util_pct"] ?? 0) > 80 && ($0["power_w"] ?? 1e9) < 0.3 * limit }
    }
    #expect(feigned == (strength == .hard))
  }

  @Test(arguments: Strength.allCases) func impossibleThroughputIsAboveTheCeiling(
    _ strength: Strength
  ) throws {
    let log = Log(.attack("C10", strength), times: 10)
    for member in log.cast {
      let rows = try log.records(member)
      #expect(
        workMedian(
          values(rows, .triad).isEmpty
            ? [2 * claimed(rows).bandwidth] : values(rows, .triad))
          > 1.12 * 0.9 * claimed(rows).bandwidth)
    }
  }

  @Test(arguments: Strength.allCases) func siblingsShareSensorsAndRate(
    _ strength: Strength
  ) throws {
    let log = Log(.attack("C11", strength), size: 3, times: 4)
    for group in stride(from: 0, to: log.cast.count, by: 3) {
      let rows = try (0..<3).map { try log.records(log.cast[group + $0]) }
      let series = rows.map(hourlyPower)
      #expect(workCorrelation(series[0], series[1]) > 0.7)
      for side in rows {
        let rates = values(side, .triad)
        guard let least = rates.min(), let most = rates.max() else { continue }
        #expect(least < 0.66 * most || strength == .hard)
      }
      #expect(Set(rows.flatMap { $0.compactMap { $0.text("gpu_uuid") } }).count % 3 == 0)
    }
  }

  private func hourlyPower(_ rows: [WorkRecord]) -> [Double] {
    (0..<24).map { hour in
      let powers = rows.filter { $0["device_index"] == 0 && Int($0.hour) == hour }
        .compactMap { $0["power_w"] }
      return powers.reduce(0, +) / Double(max(powers.count, 1))
    }
  }
}
