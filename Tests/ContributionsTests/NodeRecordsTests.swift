import Contributions
import Testing

@Suite struct NodeRecordsTests {
  private let kind = KindSchema(
    "job", "",
    fields: [
      FieldSchema("task", .string, text: ""), FieldSchema("agreed", .boolean, text: ""),
      FieldSchema("cpu_ms", .number, text: ""), FieldSchema("count", .integer, text: ""),
      FieldSchema("host", .string, text: ""),
    ])

  private var rows: [(Int64, [String: TestValue])] {
    [
      (10, ["task": .string("render"), "agreed": .boolean(true), "cpu_ms": .number(1.5)]),
      (20, ["task": .string("train"), "agreed": .boolean(false), "count": .number(7)]),
      (20, [:]),
      (30, ["task": .string("render"), "host": .string("")]),
    ]
  }

  private var table: RecordTable {
    var table = RecordTable(kind: kind)
    for (time, values) in rows { packed(kind, at: time, values).withRecord { table.append($0) } }
    return table
  }

  /// Columns with NaN as `nil`, which compares.
  private func numbers(_ field: String) -> [Double?] {
    table.numbers(field).map { $0.isNaN ? nil : $0 }
  }

  @Test func columnsHoldOneCellForEachRecord() {
    #expect(table.count == 4 && !table.isEmpty)
    #expect(table.timestamps == [10, 20, 20, 30])
    #expect(numbers("cpu_ms") == [1.5, nil, nil, nil])
    #expect(numbers("count") == [nil, 7, nil, nil])
    #expect(numbers("agreed") == [1, 0, nil, nil])
  }

  @Test func equalStringsHaveEqualCodes() {
    let codes = table.codes("task")
    #expect(codes[0] == codes[3] && codes[0] != codes[1] && codes[2] == -1)
    #expect(codes.map(table.text) == ["render", "train", "", "render"])
    #expect(table.codes("host").map { $0 >= 0 } == [false, false, false, true])
  }

  @Test func theLastReportedValueIsFound() {
    #expect(table.lastText("task") == "render")
    #expect(table.lastText("host") == "")
    #expect(table.lastNumber("count") == 7)
    #expect(RecordTable(kind: kind).lastText("task") == nil)
    #expect(RecordTable(kind: kind).lastNumber("count") == nil)
  }

  @Test func columnsOfAnotherTypeOrNameAreEmpty() {
    #expect(table.numbers("task").isEmpty && table.codes("cpu_ms").isEmpty)
    #expect(table.numbers("nothing").isEmpty && table.codes("nothing").isEmpty)
    #expect(table.lastNumber("task") == nil && table.lastText("nothing") == nil)
    #expect(table.text(99) == "" && table.text(-1) == "")
  }

  @Test func recordsAreCountedOverAllKinds() {
    let other = RecordTable(kind: KindSchema("other", "", fields: []))
    let records = NodeRecords(node: "n", tables: [table, other], evidence: [1, 2])
    #expect(records.count == 4)
    #expect(records[kind: "job"].count == 4)
    #expect(records[kind: "other"].isEmpty)
    #expect(records[kind: "unheard of"].isEmpty)
    #expect(records[kind: "unheard of"].numbers("cpu_ms").isEmpty)
  }

  @Test func aPackedRecordGivesBackWhatWasPacked() {
    var random = SplitMix64(seed: 3)
    let texts = ["", "a", "naïve", String(repeating: "x", count: 5000), "😀\u{0}"]
    for _ in 0..<300 {
      var values: [String: TestValue] = [:]
      for field in kind.fields where Bool.random(using: &random) {
        switch field.type {
        case .number: values[field.name] = .number(.random(in: -1e9...1e9, using: &random))
        case .integer:
          values[field.name] = .number(Double(Int32(truncatingIfNeeded: random.next())))
        case .boolean: values[field.name] = .boolean(.random(using: &random))
        case .string: values[field.name] = .string(texts.randomElement(using: &random)!)
        }
      }
      let time = Int64.random(in: .min ... .max, using: &random)
      let node = UInt32.random(in: .min ... .max, using: &random)
      let bytes = packed(kind, index: 5, node: node, at: time, values)
      bytes.withRecord { record in
        #expect(record.byteCount == bytes.count)
        #expect(record.timestamp == time && record.node == node && record.kind == 5)
        #expect(record.mask.nonzeroBitCount == values.count)
        expect(record, holds: values)
      }
    }
  }

  private func expect(_ record: PackedRecord, holds values: [String: TestValue]) {
    var found: [String: TestValue] = [:]
    var order: [Int] = []
    record.forEachField(types: kind.fields.map(\.type)) { index, value in
      order.append(index)
      switch value {
      case .number(let number): found[kind.fields[index].name] = .number(number)
      case .boolean(let flag): found[kind.fields[index].name] = .boolean(flag)
      case .string(let text):
        found[kind.fields[index].name] = .string(String(decoding: text, as: UTF8.self))
      }
    }
    #expect(found == values)
    #expect(order == order.sorted())
  }
}
