import Profiles
import TestRecords
import Testing

@testable import Relations

struct StorageTieTests {
  private func codes(_ logs: [StorageLog]) async throws -> [Int: Set<String>] {
    let outcome = try await StorageRelation.outcome(of: logs.map(\.profile), tasks: 1)
    return outcome.findings.mapValues { findings in
      Set(findings.filter(\.isEstablished).map(\.reason.code))
    }.filter { !$0.value.isEmpty }
  }

  /// Twenty nodes with four drives each, read twice; `identity` and `hours` by node and drive.
  private func holders(
    capacity: (Int) -> Double = { _ in 3726 },
    hours: (Int, Int) -> Double = { 900.0 * Double($0) + Double($1) },
    identity: (Int, Int) -> String
  ) -> [StorageLog] {
    (0..<20).map { node in
      var log = StorageLog("node\(node)")
      for drive in 0..<4 {
        for sweep in 0..<2 {
          log.add(
            "drive", second: Double(sweep) * 40_000 + Double(60 * node + drive),
            [
              "drive_id": .text(identity(node, drive)), "drive_model": "ST4000",
              "capacity_gib": .number(capacity(node)),
              "power_on_h": .number(hours(node, drive) + Double(sweep) * 11),
            ])
        }
      }
      return log
    }
  }

  @Test func `drives listed by two nodes hold both`() async throws {
    let found = try await codes(holders { node, drive in "W\(node == 7 ? 3 : node)Q\(drive)" })
    #expect(found == [3: ["S2_SHARED_DRIVES"], 7: ["S2_SHARED_DRIVES"]])
  }

  @Test func `a list put together from others' drives is found, and not those`() async throws {
    let found = try await codes(
      holders { node, drive in node == 7 ? "W\(10 + drive)Q0" : "W\(node)Q\(drive)" })
    #expect(found == [7: ["S2_SHARED_DRIVES"]])
  }

  @Test func `one drive that moved, and placeholders, accuse nobody`() async throws {
    let found = try await codes(
      holders { node, drive in
        if drive == 0, node == 3 || node == 7 { return "W3Q0" }
        return drive == 1 && node > 12 ? "SERIAL-OF-A-MAKER" : "W\(node)Q\(drive)"
      })
    #expect(found.isEmpty)
  }

  @Test func `drives larger than their model hold`() async throws {
    let found = try await codes(
      holders(capacity: { $0 == 7 ? 7452 : 3726 }) { node, drive in "W\(node)Q\(drive)" })
    // One node's four among eighty are a twentieth: the model's size is still agreed.
    #expect(found == [7: ["S2_MODEL_CAPACITY"]])
  }

  /// Two hundred nodes of one region; `twin` says whose behaviour a node has, within two per cent.
  private func crowd(group: (Int) -> String, twin: (Int) -> Int) -> [StorageLog] {
    (0..<200).map { node in
      var own = TestRandom(UInt64(node) + 1000)
      var like = TestRandom(UInt64(twin(node)) + 1)
      func value(_ typical: Double) -> Double {
        typical * (1 + 0.4 * max(like.noise(), -2)) * (1 + 0.01 * own.noise())
      }
      var log = StorageLog("node\(node)")
      let (level, rate, late) = (value(150), value(20_000), value(60_000))
      let (checks, proofs) = (Int(value(60)) + 12, Int(value(40)) + 12)
      log.add(
        "claim", second: own.share() * 86_400,
        [
          "owner": .text("owner\(node)"), "region": "r", "capacity_gib": .number(value(8000)),
          "drives": .number(value(6).rounded()),
        ])
      for _ in 0..<checks {
        let ttfb = level * (1 + 0.2 * own.noise()).magnitude + 5
        log.add(
          "retrieval", second: own.share() * 86_400,
          [
            "inet_group": .text(group(node)), "status": 200, "bytes": 1_000_000,
            "ttfb_ms": .number(ttfb), "elapsed_ms": .number(ttfb + 1_000_000 / rate),
          ])
      }
      for _ in 0..<proofs {
        log.add(
          "proof", second: own.share() * 86_400,
          ["sectors": 100, "late_ms": .number(late * (1 + 0.2 * own.noise()).magnitude)])
      }
      return log
    }
  }

  @Test func `one machine behind a group is found, and a hosting provider is not`() async throws {
    let sybils = try await codes(
      crowd(group: { $0 < 6 ? "net" : "net\($0)" }, twin: { $0 < 6 ? 0 : $0 }))
    #expect(
      sybils.filter { $0.value.contains("S4_ONE_BEHAVIOUR") }.keys.sorted() == [0, 1, 2, 3, 4, 5])
    let hosting = try await codes(crowd(group: { $0 < 12 ? "net" : "net\($0)" }, twin: { $0 }))
    #expect(!hosting.values.contains { $0.contains("S4_ONE_BEHAVIOUR") })
  }
}
