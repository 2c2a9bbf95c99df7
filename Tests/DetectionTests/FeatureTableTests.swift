import Testing

@testable import Detection

struct FeatureTableTests {
  @Test func `parts of a table that do not fit are refused`() {
    let columns = [column("a")]
    func table(
      _ values: [Double], extra: [Double] = [0], groups: [[String]] = [["all"]],
      columns: [FeatureTable.Column] = columns
    ) throws -> FeatureTable {
      try FeatureTable(
        columns: columns, values: values, groups: groups, extra: extra, isReference: [true])
    }
    #expect(throws: Never.self) { try table([.nan]) }
    for values: [Double] in [[], [1, 2], [.infinity], [-.infinity]] {
      #expect(throws: DetectionError.self) { try table(values) }
    }
    for extra: [Double] in [[], [-1], [.nan], [.infinity]] {
      #expect(throws: DetectionError.self) { try table([1], extra: extra) }
    }
    for resolution in [-1, .nan, .infinity] {
      #expect(throws: DetectionError.self) {
        try table([1], columns: [column("a", resolution: resolution)])
      }
    }
    #expect(throws: DetectionError.self) { try table([1], groups: [[]]) }
    #expect(throws: DetectionError.self) {
      try FeatureTable(
        columns: columns, values: [1, 2], groups: [["x", "all"], ["x"]], extra: [0, 0],
        isReference: [true, true])
    }
  }
}
