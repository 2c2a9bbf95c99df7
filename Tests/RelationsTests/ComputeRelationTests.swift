import Foundation
import Testing

@testable import Profiles
@testable import Relations

/// Forty peers whose figures vary by 4 %, and one more node with the same shifted.
private func amongPeers(
  _ lines: [(ComputeTrace.Line, String)], shifts: [Double], devices: Double = 1,
  isThrottled: Bool = false, change: (inout ComputeTrace) -> Void = { _ in }
) async throws -> Set<String> {
  var noise = ComputeNoise(state: 7)
  func figures(_ shifts: [Double]) -> [ComputeTrace.Figure] {
    zip(lines, shifts).map { computeFigure($0.0, $0.1, 4 + $1 + 0.04 * noise.next()) }
  }
  var nodes = (0..<40).map { computeNode("p\($0)", figures: figures(lines.map { _ in 0 })) }
  nodes.append(
    computeNode(
      "x", devices: devices, figures: figures(shifts), isThrottled: isThrottled, change: change))
  let found = try await ComputeRelation.outcome(of: nodes, tasks: 1)
  #expect(found.findings.keys.allSatisfy { $0 == 40 })
  return Set((found.findings[40] ?? []).filter(\.isEstablished).map(\.reason.code))
}

struct ComputePeersTests {
  private let results: [(ComputeTrace.Line, String)] = [
    (.throughput, "a"), (.best, "a"), (.throughput, "b"), (.best, "b"),
  ]

  @Test func `hardware far below its peers holds, at its best too`() async throws {
    #expect(
      try await amongPeers(results, shifts: [-0.5, -0.5, -0.6, -0.6]) == ["C1_SLOW_HARDWARE"])
    // Slow now and then, as a throttled card.
    #expect(try await amongPeers(results, shifts: [-0.5, 0, -0.6, 0]).isEmpty)
    #expect(try await amongPeers(results, shifts: [-0.1, -0.1, -0.1, -0.1]).isEmpty)
  }

  @Test func `a card that is slow because it is hot is no lie`() async throws {
    #expect(
      try await amongPeers(results, shifts: [-0.5, -0.5, -0.6, -0.6], isThrottled: true).isEmpty)
  }

  @Test func `a quarter of the rate on four devices is one card`() async throws {
    let shifts = [-1.39, -1.39, -1.35, -1.35]
    #expect(try await amongPeers(results, shifts: shifts, devices: 4) == ["C2_RATE_SHARE"])
    #expect(try await amongPeers(results, shifts: shifts) == ["C1_SLOW_HARDWARE"])
  }

  @Test func `less speed and other electricity hold together only`() async throws {
    let lines: [(ComputeTrace.Line, String)] = [(.throughput, "a"), (.best, "a"), (.power, "")]
    #expect(try await amongPeers(lines, shifts: [-0.2, -0.2, -0.4]) == ["C1_SLOW_HARDWARE"])
    #expect(try await amongPeers(lines, shifts: [0, 0, -0.4]).isEmpty)
    #expect(try await amongPeers(lines, shifts: [-0.17, 0, 0]).isEmpty)
  }

  @Test func `results above peers hold in most workloads and pass in one`() async throws {
    #expect(
      try await amongPeers(results, shifts: [0.4, 0.4, 0.4, 0.4]) == ["C10_UNLIKE_ANY_RUN"])
    #expect(try await amongPeers(results, shifts: [0.6, 0.6, 0, 0]).isEmpty)
  }

  @Test func `runs that are too quick or too steady hold`() async throws {
    #expect(
      try await amongPeers([(.throughput, "a"), (.elapsed, "a")], shifts: [0, -1.5])
        == ["C10_UNLIKE_ANY_RUN"])
    #expect(
      try await amongPeers([(.steadiness, "a")], shifts: [-2.5]) == ["C10_UNLIKE_ANY_RUN"])
    #expect(try await amongPeers([(.steadiness, "a")], shifts: [2.5]).isEmpty)
  }

  @Test func `padded jobs hold and a busy network passes`() async throws {
    let lines: [(ComputeTrace.Line, String)] = [(.slowness, "expected"), (.processor, "render")]
    #expect(try await amongPeers(lines, shifts: [0.9, -0.9]) == ["C9_JOB_TIME"])
    #expect(try await amongPeers(lines, shifts: [0.1, -0.1]).isEmpty)
  }

  @Test func `a model too rare for peers is held against the line of the others`() async throws {
    var noise = ComputeNoise(state: 9)
    var nodes: [NodeProfile] = []
    for model in 0..<7 {
      let peak = 10 * Double(1 + model)
      for host in 0..<6 {
        nodes.append(
          computeNode(
            "m\(model)-\(host)", model: "model \(model)",
            figures: [
              computeFigure(.throughput, "a", 2 + log(peak) + 0.03 * noise.next()),
              computeFigure(.best, "a", 2 + log(peak)),
            ], peaks: [peak, .nan, .nan]))
      }
    }
    func deviation(_ value: Double) async throws -> Double {
      let rare = computeNode(
        "rare", model: "b200",
        figures: [computeFigure(.throughput, "a", value)], peaks: [80, .nan, .nan])
      let found = try await ComputeRelation.outcome(of: nodes + [rare], tasks: 1)
      return found.features[nodes.count][0]
    }
    #expect(try await deviation(2 + log(80)).magnitude < 1)
    #expect(try await deviation(2 + log(20)) < -5)
  }

  @Test func `measurements per claimed core show inflated claims`() async throws {
    var noise = ComputeNoise(state: 4)
    func host(_ name: String, cores: Double, real: Double) -> NodeProfile {
      computeNode(
        name, cores: cores,
        figures: [
          computeFigure(.best, "cpu", 3 + log(real) + 0.05 * noise.next()),
          computeFigure(.best, "disk", 5 + 0.1 * noise.next()),
        ])
    }
    var nodes = (0..<40).map {
      host("h\($0)", cores: [8, 16, 32, 64][$0 % 4], real: [8, 16, 32, 64][$0 % 4])
    }
    nodes.append(host("x", cores: 64, real: 16))
    let found = try await ComputeRelation.outcome(of: nodes, tasks: 1)
    #expect(found.findings[40]?.map(\.reason.code).contains("C7_BELOW_CLAIM") == true)
    #expect(
      found.findings.filter { $0.value.contains { $0.reason.code == "C7_BELOW_CLAIM" } }.count == 1)
  }
}
