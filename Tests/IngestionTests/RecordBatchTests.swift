import Contributions
import Foundation
import Ingestion
import Testing

private func texts(_ lines: [String]) -> RecordTexts {
  var bytes: [UInt8] = []
  var ranges: [Range<Int>] = []
  for line in lines {
    let start = bytes.count
    bytes += Array(line.utf8)
    ranges.append(start..<bytes.count)
  }
  return RecordTexts(
    bytes: bytes + [UInt8](repeating: 0, count: RecordTexts.padding), ranges: ranges)
}

@Suite struct RecordBatchTests {
  private let day = Epoch(containing: 1_763_596_800_000)

  /// Records of a dozen nodes, some of them twice, some of another day, some no good.
  private func lines(_ random: inout SplitMix64) -> [String] {
    var lines = (0..<200).map { number in
      reading(
        number, node: "node \(Int.random(in: 0..<12, using: &random))é",
        at: 1_763_596_800_000 + Int.random(in: 0..<40, using: &random))
    }
    lines += (0..<30).map { _ in lines.randomElement(using: &random) ?? "" }
    lines += (0..<10).map { reading($0, at: 1_763_596_800_000 + 90_000_000) }
    lines += ["[]", #"{"ts":1763596800000}"#, reading(1, extra: #","humidity_pct":700"#)]
    return lines.shuffled(using: &random)
  }

  @Test func aBatchIsWhatALogWithTheSameRecordsIs() async throws {
    var random = SplitMix64(seed: 3)
    let reader = try RecordBatchReader(schema: .environment)
    for _ in 0..<20 {
      let lines = lines(&random)
      let folder = try Folder()
      let log = try await read([folder.write(lines.joined(separator: "\n"))], selection: .day(day))
      let batch = try reader.read([texts(lines)], epoch: day)
      let nodes = batch.nodes.map { node in
        Reading.Node(
          name: Array(node.records.node.utf8), evidence: node.records.evidence,
          counts: node.records.tables.map(\.count))
      }
      #expect(nodes == log.nodes)
      let part = try #require(batch.parts.first)
      #expect(part.accepted - part.duplicate == log.books.used)
      #expect(part.duplicate == log.books.duplicate)
      #expect(part.otherEpochs == log.books.otherEpochs)
      #expect(part.quarantined.map { $0.index + 1 } == log.quarantine.map(\.line))
      #expect(part.quarantined.map(\.reason) == log.quarantine.map(\.reason))
      #expect(part.quarantined.map(\.detail) == log.quarantine.map(\.detail))
    }
  }

  @Test func partsThatShareANodeGiveNoNodes() throws {
    let reader = try RecordBatchReader(schema: .environment)
    let batch = try reader.read(
      [
        texts([reading(1, node: "a"), reading(2, node: "b")]), texts([reading(3, node: "c")]),
        texts([reading(4, node: "b"), reading(5, node: "d")]),
      ], epoch: day)
    #expect(batch.parts.map(\.sharedNode) == ["b", nil, "b"])
    #expect(batch.nodes.map(\.records.node) == ["c"] && batch.nodes.map(\.part) == [1])
  }

  @Test func rangesOutsideTheBufferAreNoRecords() throws {
    let reader = try RecordBatchReader(schema: .environment)
    let line = Array(reading(1).utf8)
    let bare = RecordTexts(bytes: line, ranges: [0..<line.count, 5..<5, -1..<3, 0..<(1 << 40)])
    let batch = try reader.read([bare], epoch: day)
    #expect(batch.nodes.isEmpty && batch.parts[0].quarantined.count == 4)
  }

  @Test func aReaderForgetsTheBatchBefore() throws {
    let reader = try RecordBatchReader(schema: .environment)
    let large = (0..<40_000).map { reading($0, node: "n\($0 % 500)") }
    #expect(try reader.read([texts(large)], epoch: day).nodes.count == 500)
    let small = try reader.read([texts([reading(1, node: "z")])], epoch: day)
    #expect(small.nodes.map(\.records.node) == ["z"])
    #expect(try reader.read([], epoch: day).nodes.isEmpty)
  }
}
