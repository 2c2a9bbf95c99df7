import Contributions
import Foundation
import Ingestion
import Testing

/// Evidence, order and duplicates against an oracle written from the definition alone; and the
/// promise that nothing else has a say in them.
@Suite struct EvidenceTests {
  /// Random records of the profile `compute`, many at equal times, some of them repeated.
  private func records(_ count: Int, seed: UInt64) -> [NaiveRecord] {
    var random = SplitMix64(seed: seed)
    let texts = ["", "a", "b", "é", "😀", "line\\\"", String(repeating: "long ", count: 90)]
    var records: [NaiveRecord] = []
    for _ in 0..<count {
      if let old = records.randomElement(using: &random), random.next() % 8 == 0 {
        records.append(old)
        continue
      }
      let kind = ProfileSchema.compute.kinds.randomElement(using: &random)!
      var fields: [String: NaiveRecord.Value] = [:]
      for field in kind.fields where random.next() % 3 > 0 {
        fields[field.name] = value(field, texts, &random)
      }
      records.append(
        NaiveRecord(
          timestamp: 1_763_596_800_000 + Int64.random(in: 0..<40, using: &random),
          node: "node \(random.next() % 9)", kind: kind.name, fields: fields))
    }
    return records
  }

  private func value(
    _ field: FieldSchema, _ texts: [String], _ random: inout SplitMix64
  ) -> NaiveRecord.Value {
    switch field.type {
    case .boolean: return .boolean(random.next() % 2 == 0)
    case .string: return .string(texts.randomElement(using: &random)!)
    case .integer: return .number(Double(random.next() % 5))
    case .number:
      if field.range?.excludesLower != true, random.next() % 4 == 0 { return .number(-0.0) }
      return .number(Double.random(in: 0.001...99, using: &random))
    }
  }

  private func text(_ records: [NaiveRecord]) -> String {
    records.map { $0.line() + "\n" }.joined()
  }

  @Test func evidenceIsThatOfTheDefinition() async throws {
    let folder = try Folder()
    let records = records(3000, seed: 9)
    let result = try await read([folder.write(text(records))], as: .compute)
    let expected = NaiveRecord.evidence(of: records)
    #expect(result.books.quarantined == 0 && result.nodes.count == expected.count)
    for node in result.nodes { #expect(node.evidence == expected[node.name]) }
    let distinct = Set(records.map { Data($0.node.utf8) + [0] + $0.canonical }).count
    #expect(result.books.used == distinct && result.books.duplicate == 3000 - distinct)
  }

  /// Computed with Python's `hashlib` and `struct` from the definition.
  @Test func evidenceHasTheGoldenDigest() async throws {
    let folder = try Folder()
    let lines = [
      #"{"ts":1763596800001,"node":"n","kind":"job","task":"rändër","agreed":1,"cpu_ms":-0.0}"#,
      #"{"kind":"benchmark","value":1.5,"ts":"2025-11-20T00:00:00Z","node":"n","x":[]}"#,
    ]
    let result = try await read([folder.write(lines.joined(separator: "\n"))], as: .compute)
    #expect(
      result.nodes.map { $0.evidence.map { String(format: "%02x", $0) }.joined() }
        == ["e4aba04d35444a13576717fe990d50a924a19b7c3b4413720561923f64aa4069"])
  }

  @Test func theOrderOfFieldsAndSpellingOfValuesCarryNoMeaning() async throws {
    let folder = try Folder()
    var random = SplitMix64(seed: 10)
    let records = records(300, seed: 11)
    let shuffled = records.map { record -> String in
      let line = record.line(order: record.names.shuffled(using: &random))
      return line.replacingOccurrences(of: ":", with: ": ")
        .replacingOccurrences(of: "true", with: "1")
    }
    let one = try await read([folder.write(text(records), "a")], as: .compute)
    let two = try await read(
      [folder.write(shuffled.joined(separator: "\n"), "b")], as: .compute)
    #expect(one.nodes == two.nodes && two.books.quarantined == 0)
  }

  @Test func recordsAreDuplicatesAcrossFiles() async throws {
    let folder = try Folder()
    let paths = [
      try folder.write(reading(1) + "\n" + reading(2), "a.ndjson"),
      try folder.write(gzip(reading(2) + "\n" + reading(3)), "b.ndjson.gz"),
      try folder.write(zstandard(reading(1, extra: ",\"x\":0")), "c.ndjson.zst"),
    ]
    let result = try await read(paths)
    #expect(result.books.used == 3 && result.books.duplicate == 2)
    #expect(result.books.files.map(\.records) == [2, 2, 1])
  }

  @Test func tablesAreInTheOrderOfTimeThenBytes() async throws {
    let folder = try Folder()
    // Of equal times the one without the field `lux` is longer but comes later: its next name is
    // greater.
    let lines = [
      #"{"ts":5,"node":"n","kind":"reading","temp_c":3}"#,
      #"{"ts":5,"node":"n","kind":"reading","lux":1,"temp_c":2}"#,
      #"{"ts":4,"node":"n","kind":"reading","temp_c":1}"#,
      #"{"ts":5,"node":"n","kind":"reading","temp_c":-1}"#,
    ]
    let path = try folder.write(lines.joined(separator: "\n"))
    let reader = LogReader(
      schema: .environment, selection: .all, memoryLimit: 1 << 28, tasks: 1)
    let log = try await reader.read(try LogFile.find([path]))
    let columns = try await log.mapNodes { node in
      (node[kind: "reading"].timestamps, node[kind: "reading"].numbers("temp_c"))
    }
    #expect(columns[0].0 == [4, 5, 5, 5])
    // f64 bits, least significant byte first: 3 is …0840, −1 is …f0bf.
    #expect(columns[0].1 == [1, 2, 3, -1])
  }

  @Test func neitherTasksNorMemoryHaveASay() async throws {
    let folder = try Folder()
    let records = records(20_000, seed: 12)
    var paths: [String] = []
    for part in 0..<6 {
      let own = records.indices.filter { $0 % 6 == part }.map { records[$0].line() + "\n" }
      let text = "wrong \(part)\n" + own.joined() + "{\"a\":1}\n"
      let bytes = [Array(text.utf8), gzip(text), zstandard(text)][part % 3]
      paths.append(try folder.write(bytes, "\(part).ndjson"))
    }
    let expected = try await read(paths, as: .compute, tasks: 1)
    #expect(expected.books.quarantined == 12)
    for (memory, tasks) in [(1 << 28, 2), (1 << 28, 4), (1 << 20, 1), (1 << 20, 2), (1 << 20, 4)] {
      let result = try await read(paths, as: .compute, memory: memory, tasks: tasks)
      #expect(result == expected, "memory \(memory), \(tasks) tasks")
    }
  }

  @Test func neitherFilesNorOrderNorPackingHaveASay() async throws {
    let folder = try Folder()
    var random = SplitMix64(seed: 13)
    let records = records(3000, seed: 14)
    let expected = try await read([folder.write(text(records), "all.ndjson")], as: .compute)
    for trial in 0..<4 {
      var parts = [[NaiveRecord]](repeating: [], count: 5)
      for record in records.shuffled(using: &random) {
        parts[Int.random(in: 0..<5, using: &random)].append(record)
      }
      var paths: [String] = []
      for (index, part) in parts.enumerated() {
        let text = text(part)
        let bytes = [Array(text.utf8), gzip(text), zstandard(text)][(trial + index) % 3]
        paths.append(try folder.write(bytes, "\(trial)/\(index).ndjson"))
      }
      let result = try await read(paths.shuffled(using: &random), as: .compute)
      #expect(result.nodes == expected.nodes)
      #expect(result.books.used == expected.books.used)
      #expect(result.books.duplicate == expected.books.duplicate)
    }
  }
}
