import Contributions
import Foundation
import Testing

@Suite struct SchemaTests {
  /// A field as the table states it.
  private struct Stated: Equatable {
    var name: String
    var type: FieldType
    var range: HardRange?
  }

  private struct StatedKind {
    var profile: String
    var name: String
    var fields: [Stated]
  }

  private var table: [StatedKind] {
    contributionLogTable.split(separator: "\n").map { line in
      let halves = line.components(separatedBy: ": ")
      let names = halves[0].split(separator: " ").map(String.init)
      return StatedKind(
        profile: names[0], name: names[1],
        fields: halves[1].components(separatedBy: "; ").map(stated))
    }
  }

  private func stated(_ text: String) -> Stated {
    let words = text.split(separator: " ").map(String.init)
    let types: [String: FieldType] = [
      "s": .string, "n": .number, "i": .integer, "b": .boolean,
    ]
    var field = Stated(name: words[0], type: types[words[1]]!)
    if words.count > 2 {
      let bounds = words[2].dropFirst().dropLast().components(separatedBy: ",")
      field.range = HardRange(
        Double(bounds[0])!, bounds[1].isEmpty ? .infinity : Double(bounds[1])!,
        excludesLower: words[2].hasPrefix("("))
    }
    return field
  }

  @Test func everyKindHasTheStatedFieldsTypesAndRanges() throws {
    for stated in table {
      let schema = try #require(ProfileSchema.named(stated.profile))
      let kind = schema.kinds[try #require(schema.index(ofKind: stated.name))]
      let found = kind.fields.map { Stated(name: $0.name, type: $0.type, range: $0.range) }
      let sorted = stated.fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      #expect(found == sorted, "\(stated.profile) \(stated.name)")
    }
  }

  @Test func thereIsNoKindBeyondTheStatedOnes() {
    for schema in ProfileSchema.builtIn {
      let stated = table.filter { $0.profile == schema.name }.map(\.name)
      #expect(schema.kinds.map(\.name) == stated)
    }
    #expect(ProfileSchema.builtIn.map(\.name) == Set(table.map(\.profile)).sorted { order($0, $1) })
  }

  private func order(_ left: String, _ right: String) -> Bool {
    let profiles = table.map(\.profile)
    return profiles.firstIndex(of: left)! < profiles.firstIndex(of: right)!
  }

  @Test func kindsFitTheMaskOfAPackedRecord() {
    for kind in ProfileSchema.builtIn.flatMap(\.kinds) {
      let names = kind.fields.map(\.name)
      #expect((1...64).contains(names.count))
      #expect(Set(names).count == names.count)
      #expect(Set(names).isDisjoint(with: ["ts", "node", "kind"]))
    }
    #expect(ProfileSchema.builtIn.allSatisfy { (1...255).contains($0.kinds.count) })
  }

  @Test func fieldsStandInTheByteOrderOfTheirNames() {
    let kind = KindSchema(
      "k", "", fields: ["b", "B", "a_", "a", "é", "z"].map { FieldSchema($0, .number, text: "") })
    #expect(kind.fields.map(\.name) == ["B", "a", "a_", "b", "z", "é"])
    #expect(kind.index(of: "a_") == 2 && kind.index(of: "c") == nil)
  }

  @Test func aNameMeansOneThingWithinAProfile() {
    for schema in ProfileSchema.builtIn {
      let groups = Dictionary(grouping: schema.kinds.flatMap(\.fields), by: \.name)
      for (name, fields) in groups {
        #expect(Set(fields.map(\.type)).count == 1, "\(schema.name) \(name)")
        #expect(Set(fields.map(\.unit)).count == 1, "\(schema.name) \(name)")
      }
    }
  }

  @Test func everythingIsDescribed() {
    for schema in ProfileSchema.builtIn {
      #expect(!schema.text.isEmpty)
      for kind in schema.kinds {
        #expect(!kind.text.isEmpty)
        #expect(kind.fields.allSatisfy { !$0.text.isEmpty }, "\(schema.name) \(kind.name)")
      }
    }
    #expect(ProfileSchema.named("unheard of") == nil)
  }

  @Test func rangesHoldTheirBoundsUnlessExcluded() {
    let closed = HardRange(-1, 1)
    #expect([-1, 0, 1].allSatisfy(closed.contains))
    #expect(![(-1.0).nextDown, 1.0.nextUp, .nan, .infinity].contains(where: closed.contains))
    let open = HardRange(0, excludesLower: true)
    #expect(open.contains(.leastNonzeroMagnitude) && open.contains(.greatestFiniteMagnitude))
    #expect(!open.contains(0) && !open.contains(-0.0) && !open.contains(.nan))
  }
}
