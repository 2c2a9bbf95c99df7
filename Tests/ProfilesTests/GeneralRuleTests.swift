import Contributions
import TestRecords
import Testing

@testable import Profiles

struct GeneralRuleTests {
  private let schema = ProfileSchema(
    "test", "",
    kinds: [
      KindSchema(
        "meter", "",
        fields: [
          FieldSchema("energy", .number, text: ""), FieldSchema("id", .string, text: ""),
          FieldSchema("plug", .string, role: .category, text: ""),
          FieldSchema("site", .string, role: .category, text: ""),
        ])
    ])

  /// What a declared profile says of rows of (second, energy, id).
  private func profile(
    _ check: GeneralRule.Check?, on field: String = "energy",
    _ rows: [(Double, Double?, String?)], edit: (inout GeneralProfile) -> Void = { _ in }
  ) -> NodeProfile {
    var declaration = GeneralProfile(schema: schema)
    if let check {
      declaration.rules = [
        GeneralRule(
          ReasonCode("R", bit: 8, .spoof, .medium, text: ""), minimumOccurrences: 1,
          field: FieldPath(kind: "meter", name: field), check: check)
      ]
    }
    edit(&declaration)
    var node = LogNode(.general(declaration))
    for (second, energy, id) in rows {
      var fields: RecordLog.Fields = ["plug": .text("ccs"), "site": .text("north")]
      fields["energy"] = energy.map { .number($0) }
      fields["id"] = id.map { .text($0) }
      node.add("meter", second: second, fields)
    }
    return node.network.profile(node.records)
  }

  private func occurrences(
    _ check: GeneralRule.Check, _ field: String, _ rows: [(Double, Double?, String?)]
  ) -> Int {
    profile(check, on: field, rows).findings.first?.occurrences ?? 0
  }

  @Test func `a name comes once, retransmissions aside`() {
    let check = GeneralRule.Check.unique(retry: 60_000)
    #expect(occurrences(check, "id", [(0, nil, "a"), (60, nil, "a"), (70, nil, "b")]) == 0)
    #expect(occurrences(check, "id", [(0, nil, "a"), (60.001, nil, "a"), (99, nil, nil)]) == 1)
  }

  @Test func `a counter never falls, gaps and pauses aside`() {
    let kept: [(Double, Double?, String?)] = [(0, 1, nil), (1, 1, nil), (2, nil, nil), (3, 5, nil)]
    #expect(occurrences(.monotone, "energy", kept) == 0)
    let broken: [(Double, Double?, String?)] = [
      (0, 5, nil), (1, nil, nil), (2, 4, nil), (3, 3, nil),
    ]
    #expect(occurrences(.monotone, "energy", broken) == 2)
  }

  @Test func `a range counts what is outside`() {
    let check = GeneralRule.Check.range(low: 0, high: 10)
    #expect(occurrences(check, "energy", [(0, 0, nil), (1, 10, nil), (2, nil, nil)]) == 0)
    #expect(occurrences(check, "energy", [(0, -1, nil), (1, 11, nil), (2, 5, nil)]) == 2)
  }

  @Test func `a rate is per second, and equal moments have none`() {
    let check = GeneralRule.Check.rate(perSecond: 2)
    #expect(occurrences(check, "energy", [(0, 0, nil), (1, 2, nil), (1, 90, nil)]) == 0)
    #expect(occurrences(check, "energy", [(0, 0, nil), (1, 2.5, nil), (2, 0, nil)]) == 2)
  }

  @Test func `groups nest, narrowest first`() {
    let found = profile(nil, [(0, 1, "a")]) {
      $0.groups = [FieldPath(kind: "meter", name: "site"), FieldPath(kind: "meter", name: "plug")]
    }
    #expect(found.groups == ["site:north/plug:ccs", "site:north", "all"])
  }

  @Test func `units are a scaled sum or the number of records`() {
    let rows: [(Double, Double?, String?)] = [(0, 500, nil), (1, nil, nil), (2, 1500, nil)]
    #expect(profile(nil, rows).unitsMicro == 3_000_000)
    let summed = profile(nil, rows) {
      $0.unit = GeneralProfile.Unit(
        name: "kWh", field: FieldPath(kind: "meter", name: "energy"), scale: 0.001)
    }
    #expect(summed.unitsMicro == 2_000_000)
  }

  @Test func `tokens and series are kept for other nodes and days`() {
    let found = profile(nil, [(0, 1, "session-1"), (300, 3, "session-1"), (600, 5, "short")]) {
      $0.tokens = [FieldPath(kind: "meter", name: "id")]
      $0.series = [
        GeneralProfile.SeriesSpec(field: FieldPath(kind: "meter", name: "energy"), step: 300_000)
      ]
    }
    #expect(found.tokens.count == 1)
    #expect(found.series.map(\.channel) == ["meter.energy"])
    #expect(found.series.first?.values == [1, 3, 5])
  }
}
