import Foundation
import Testing

@testable import Simulation

/// Two records a node and day that say who wrote them.
private struct TinyNetwork: SimulatedNetwork {
  static let profile = "tiny"
  static let attacks = [
    AttackSpec("T1", group: 2...3, "does something"), AttackSpec("T2", "does something else"),
  ]
  static let faults = [HonestSpec("broken", "does not work")]
  static let lookAlikes = [HonestSpec("odd", group: 2...2, "looks strange")]
  let seed: UInt64

  init(cast: [CastMember], seed: UInt64, days: Range<Int64>) {
    self.seed = seed
  }

  func write(_ member: CastMember, day: Int64, to writer: inout RecordWriter) {
    var random = RandomStream(seed: seed, UInt64(member.index), UInt64(day))
    for _ in 0..<2 {
      writer.record("packet", at: day * 86_400_000) { $0.number("x", random.normal(), digits: 3) }
    }
  }
}

struct SimulationTests {
  private func simulation(
    nodes: Int = 300, epochs: Int = 2, seed: UInt64 = 1, attacks: [String] = ["T1", "T2"],
    contamination: Double = 0.08
  ) throws -> Simulation {
    try Simulation(
      TinyNetwork.self, nodes: nodes, epochs: epochs, seed: seed, attacks: attacks,
      contamination: contamination)
  }

  private func written(_ simulation: Simulation, tasks: Int) async throws -> [String: Data] {
    let folder = NSTemporaryDirectory() + "simulation-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(
      try await simulation.write(to: folder, tasks: tasks)
        == 2 * simulation.nodes * simulation.days.count)
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      files[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
    }
    return files
  }

  @Test func `the same settings write the same bytes, whatever the threads`() async throws {
    let one = try await written(try simulation(), tasks: 1)
    #expect(try await written(try simulation(), tasks: 3) == one)
    #expect(one.keys.sorted() == ["epoch-020454.ndjson", "epoch-020455.ndjson", "labels.csv"])
    #expect(try await written(try simulation(seed: 2), tasks: 2)["labels.csv"] != one["labels.csv"])
  }

  @Test func `labels name every node once, as many spoofed as asked for`() throws {
    let rows = String(decoding: try simulation().labelsCSV, as: UTF8.self)
      .split(separator: "\n").dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
    #expect(rows.count == 300 && Set(rows.map { $0[0] }).count == 300)
    #expect(rows.count { $0[1] == "1" } == 24)
    #expect(rows.count { $0[2] == "fault" } == 12)
    #expect(
      rows.allSatisfy { ($0[1] == "1") == ["easy", "medium", "hard"].contains(String($0[3])) })
  }

  @Test func `a clean network has no spoofed nodes, and its broken ones`() throws {
    let parts = try simulation(attacks: []).cast.members.map(\.part)
    #expect(parts.allSatisfy { if case .attack = $0 { false } else { true } })
    #expect(parts.contains(.fault("broken")) && parts.contains(.lookAlike("odd")))
  }

  @Test func `settings that make no network are refused`() {
    #expect(throws: SimulationError.badNodes(0)) { try simulation(nodes: 0) }
    #expect(throws: SimulationError.badEpochs(0)) { try simulation(epochs: 0) }
    #expect(throws: SimulationError.badContamination(0.6)) { try simulation(contamination: 0.6) }
    #expect(throws: SimulationError.unknownAttack("T9", known: ["T1", "T2"])) {
      try simulation(attacks: ["T9"])
    }
  }

  @Test func `a folder that exists is left alone, and a failure leaves nothing`() async throws {
    let folder = NSTemporaryDirectory() + "simulation-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let simulation = try simulation()
    await #expect(throws: SimulationError.exists(folder)) {
      try await simulation.write(to: folder, tasks: 1)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }
}
