import Foundation
import Testing

@testable import Profiles
@testable import Relations

/// Forty peers whose figures vary by 4 %, and one more node with the same shifted.
private func codes(
  _ lines: [(ComputeTrace.Line, String)], _ shifts: [Double], devices: Double = 1,
  change: (inout ComputeTrace) -> Void = { _ in }
) async throws -> Set<String> {
  var noise = ComputeNoise(state: 3)
  func figures(_ shifts: [Double]) -> [ComputeTrace.Figure] {
    zip(lines, shifts).map { computeFigure($0.0, $0.1, $1 + 0.04 * noise.next()) }
  }
  var nodes = (0..<40).map { computeNode("p\($0)", figures: figures(lines.map { _ in 0 })) }
  nodes.append(computeNode("x", devices: devices, figures: figures(shifts), change: change))
  let found = try await ComputeRelation.outcome(of: nodes, tasks: 1)
  return Set((found.findings[40] ?? []).filter(\.isEstablished).map(\.reason.code))
}

struct ComputeLookAlikeTests {
  private let results: [(ComputeTrace.Line, String)] = ["a", "b", "c"].flatMap {
    [(.throughput, $0), (.best, $0)]
  }

  @Test func `a poor specimen keeps its memory's speed and a lesser card does not`() async throws {
    #expect(try await codes(results, [-0.3, -0.3, -0.32, -0.32, 0.02, 0.02]).isEmpty)
    let lesser = [-0.3, -0.3, -0.32, -0.32, -0.28, -0.28]
    #expect(try await codes(results, lesser) == ["C1_SLOW_HARDWARE"])
    // Slower than any specimen.
    let half = [-0.7, -0.7, -0.7, -0.7, 0.02, 0.02]
    #expect(try await codes(results, half) == ["C1_SLOW_HARDWARE"])
  }

  @Test func `devices that wait for their turn are not slow`() async throws {
    let lines: [(ComputeTrace.Line, String)] = [(.throughput, "a"), (.elapsed, "a")]
    #expect(try await codes(lines, [0, 0.7], devices: 14).isEmpty)
    #expect(try await codes(lines, [0, 0.7]) == ["C1_SLOW_HARDWARE"])
    #expect(try await codes(lines, [0, 1.39], devices: 4) == ["C2_RATE_SHARE"])
  }

  @Test func `jobs that wait for disks are at work half of the time`() async throws {
    let lines: [(ComputeTrace.Line, String)] = [
      (.slowness, "expected"), (.processor, "render"), (.partial, ""),
    ]
    #expect(try await codes(lines, [0.9, -0.9, 0.6]) { $0.auditGap = 0.03 }.isEmpty)
    // Idle for a stretch, or waiting in what is paid for only.
    #expect(try await codes(lines, [0.9, -0.9, 0]) == ["C9_JOB_TIME"])
    #expect(try await codes(lines, [0.9, -0.9, 0.6]) { $0.auditGap = 0.6 } == ["C9_JOB_TIME"])
  }

  @Test func `time that results do not account for and traffic elsewhere hold together`()
    async throws
  {
    let lines: [(ComputeTrace.Line, String)] = [(.throughput, "a"), (.work, "a")]
    #expect(try await codes(lines, [0, 0.5]) { $0.elsewhere = 1 } == ["C6_FAR_WORK"])
    // A tunnel, and a host that is slow to begin.
    #expect(try await codes(lines, [0, 0]) { $0.elsewhere = 1 }.isEmpty)
    #expect(try await codes(lines, [0, 0.5]) { $0.elsewhere = 0 }.isEmpty)
    #expect(try await codes(lines, [0, 0.5]).isEmpty)
  }
}

struct ComputeCapacityTests {
  private struct Kind {
    let name: String
    let cores: Double
    let score: Double
  }
  private static let kinds = [
    Kind(name: "ryzen 5", cores: 12, score: 1560), Kind(name: "xeon e5", cores: 28, score: 840),
    Kind(name: "epyc 75", cores: 64, score: 1290), Kind(name: "i9", cores: 32, score: 2200),
  ]

  /// Two runs each of one thread, of all threads, and of the main memory.
  private func host(
    _ name: String, _ real: Kind, sockets: Double = 1, claims: Kind? = nil, cores: Double? = nil,
    memory: Double = 2, claimedMemory: Double? = nil, noise: inout ComputeNoise
  ) -> NodeProfile {
    let threads = real.cores * sockets
    func figure(_ key: String, _ value: Double) -> ComputeTrace.Figure {
      ComputeTrace.Figure(
        line: .best, key: key, value: log(value) + 0.015 * noise.next(), count: 2)
    }
    return computeNode(
      name, processor: claims?.name ?? real.name,
      figures: [
        figure("single", real.score), figure("multi", real.score * threads * 0.66),
        figure("memory", 0.95 * memory * threads),
      ]
    ) {
      $0 = ComputeTrace(
        models: $0.models, processor: $0.processor,
        claimed: ComputeTrace.Claimed(
          devices: 1, cores: cores ?? threads, mainMemory: claimedMemory ?? memory * threads,
          disk: .nan),
        peaks: [], figures: $0.figures, devices: [], runs: [], firstRun: 0, isThrottled: false,
        isHot: false)
    }
  }

  private func codes(
    _ make: (inout ComputeNoise) -> NodeProfile
  ) async throws -> [Int: Set<String>] {
    var noise = ComputeNoise(state: 12)
    var nodes = (0..<80).map { index in
      host(
        "h\(index)", Self.kinds[index % 4], sockets: index % 4 == 2 && index % 3 == 0 ? 2 : 1,
        memory: [2, 2, 4, 8][index / 4 % 4], noise: &noise)
    }
    nodes.append(make(&noise))
    let found = try await ComputeRelation.outcome(of: nodes, tasks: 1).findings
    return found.mapValues { Set($0.filter(\.isEstablished).map(\.reason.code)) }
      .filter { !$0.value.isEmpty }
  }

  @Test func `two runs show cores and memory that are not there, and nobody else is named`()
    async throws
  {
    let kinds = Self.kinds
    #expect(
      try await codes { host("x", kinds[0], cores: 24, noise: &$0) } == [80: ["C7_BELOW_CLAIM"]])
    #expect(
      try await codes { host("x", kinds[1], claimedMemory: 112, noise: &$0) }
        == [80: ["C7_BELOW_CLAIM"]])
    // Two sockets, little memory for the cores, a container with four fifths of the host.
    #expect(try await codes { host("x", kinds[3], sockets: 2, noise: &$0) }.isEmpty)
    #expect(try await codes { host("x", kinds[2], memory: 1, noise: &$0) }.isEmpty)
    #expect(try await codes { host("x", kinds[0], cores: 15, noise: &$0) }.isEmpty)
  }

  @Test func `one thread tells another processor than the one that is named`() async throws {
    let kinds = Self.kinds
    #expect(
      try await codes { host("x", kinds[3], claims: kinds[2], cores: 32, noise: &$0) }
        == [80: ["C7_OTHER_PROCESSOR"]])
    let fast = Kind(name: kinds[2].name, cores: 64, score: 1.1 * kinds[2].score)
    #expect(try await codes { host("x", fast, noise: &$0) }.isEmpty)
  }
}
