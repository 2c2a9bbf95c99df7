import Bundles
import Contributions
import Foundation
import Ingestion
import Profiles
import Relations
import Testing

@testable import Pipeline

struct StateTests {
  private var memory: EpochMemory {
    EpochMemory(
      epoch: 19_676, features: ["a", "b"],
      nodes: [
        NodeMemory(
          node: "gw1\u{E9}", firstSeen: 19_000, lastSeen: 19_676, verdict: 1,
          position: Position(48.5, -9.25), moves: 2, features: [1.5, -3],
          series: [NodeSeries(channel: "t", firstStep: 7, step: 300_000, values: [1, 2.5])]),
        NodeMemory(
          node: "z", firstSeen: 1, lastSeen: 2, verdict: 255, position: nil, moves: 0,
          features: [], series: []),
      ],
      tokens: [EpochMemory.Token(hash: .max, node: 1)])
  }

  @Test func `a memory survives its file`() throws {
    let bytes = StateFile(profile: "wireless", memory: memory).bytes
    let again = try StateFile(bytes: bytes)
    #expect(again.memory == memory && again.profile == "wireless")
    #expect(StateFile(profile: again.profile, memory: again.memory).bytes == bytes)
  }

  @Test func `any changed, missing or added byte is found`() {
    let bytes = StateFile(profile: "wireless", memory: memory).bytes
    for index in bytes.indices {
      var other = bytes
      other[index] ^= 0x20
      #expect(throws: StateError.self) { try StateFile(bytes: other) }
    }
    for count in 0..<bytes.count {
      #expect(throws: StateError.self) { try StateFile(bytes: Array(bytes.prefix(count))) }
    }
    #expect(throws: StateError.self) { try StateFile(bytes: bytes + [0]) }
  }

  private func day(_ offset: Int, seed: UInt64) -> String {
    SyntheticLog(honest: 30, seed: seed).lines.joined(separator: "\n")
      .replacing(/"ts":(\d+)/) { match in
        "\"ts\":\((Int64(match.1) ?? 0) + Int64(offset) * 86_400_000)"
      } + "\n"
  }

  private func run(
    _ log: String, state: String?, below folder: String
  ) async throws -> String {
    var settings = try settings([log])
    settings.state = state.map { StateFolder(path: $0) }
    let result = try await Run(settings).result()
    let path = try BundleWriter(result.contents, keys: []).write(below: folder)
    if let state, let memory = result.memory {
      try StateFolder(path: state).keep(memory, profile: "wireless")
    }
    return path
  }

  @Test func `nights with a memory replay to the same bytes, also after later nights`() async throws
  {
    let folder = try TemporaryFolder()
    let state = folder.path + "/state"
    var nights: [(bundle: String, log: String)] = []
    for night in 0..<3 {
      let log = try folder.write(day(night, seed: UInt64(night)), to: "\(night).ndjson")
      nights.append((try await run(log, state: state, below: folder.path), log))
    }
    for night in nights {
      let settings = try Replay.settings(
        for: BundleReader(path: night.bundle), logs: try LogFile.find([night.log]),
        modelPath: nil, statePath: state, memoryLimit: 64_000_000, tasks: 2)
      let files = try BundleWriter(try await Run(settings).contents(), keys: []).files()
      #expect(try Replay.compare(BundleReader(path: night.bundle), with: files).isEqual)
    }
    // The last night looked back on two.
    #expect(
      try BundleReader(path: nights[2].bundle).summary().state?.map(\.epoch) == [19_677, 19_676])
    // Running a night again changes neither bundle nor memory.
    let kept = FileManager.default.contents(atPath: state + "/wireless/epoch-019677.state")
    #expect(try await run(nights[1].log, state: state, below: folder.path) == nights[1].bundle)
    #expect(FileManager.default.contents(atPath: state + "/wireless/epoch-019677.state") == kept)
  }

  @Test func `an empty memory changes no verdict`() async throws {
    let folder = try TemporaryFolder()
    let log = try folder.write(day(0, seed: 5), to: "log.ndjson")
    let plain = try await run(log, state: nil, below: folder.path + "/plain")
    let first = try await run(log, state: folder.path + "/state", below: folder.path + "/first")
    let difference = try BundleDifference(BundleReader(path: plain), BundleReader(path: first))
    #expect(difference.flips.isEmpty && difference.common == 30)
    for name in try BundleReader(path: plain).verdictFiles() {
      #expect(try BundleReader(path: plain).bytes(name) == BundleReader(path: first).bytes(name))
    }
  }

  @Test func `a replay without its memory, or with a changed one, says which is missing`()
    async throws
  {
    let folder = try TemporaryFolder()
    let state = folder.path + "/state"
    for night in 0..<2 {
      let log = try folder.write(day(night, seed: UInt64(night)), to: "\(night).ndjson")
      _ = try await run(log, state: state, below: folder.path)
    }
    let reader = BundleReader(path: folder.path + "/wireless/epoch-019677-r0")
    let logs = try LogFile.find([folder.path + "/1.ndjson"])
    #expect(throws: StateError.self) {
      try Replay.settings(
        for: reader, logs: logs, modelPath: nil, memoryLimit: 64_000_000, tasks: 1)
    }
    try StateFolder(path: state).keep(
      EpochMemory(epoch: 19_676, features: [], nodes: [], tokens: []), profile: "wireless")
    let settings = try Replay.settings(
      for: reader, logs: logs, modelPath: nil, statePath: state, memoryLimit: 64_000_000, tasks: 1)
    await #expect(throws: StateError.self) { try await Run(settings).contents() }
  }

  @Test func `a damaged memory stops the run and names its file`() async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/state/wireless", withIntermediateDirectories: true)
    _ = try folder.write("nonsense", to: "state/wireless/epoch-019675.state")
    let log = try folder.write(day(0, seed: 5), to: "log.ndjson")
    await #expect {
      try await run(log, state: folder.path + "/state", below: folder.path)
    } throws: { error in
      "\(error)".contains("epoch-019675.state") && "\(error)".contains("move it away")
    }
  }
}
