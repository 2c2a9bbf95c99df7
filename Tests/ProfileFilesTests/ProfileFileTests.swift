import Contributions
import Foundation
import Profiles
import Testing

@testable import ProfileFiles

/// The nearest folder above this file that holds the package.
private let root = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

private let small = """
  profile: windnet
  kinds:
    turn:
      fields:
        rpm: {type: number, unit: 1/min, range: [0, 100]}
        blade: {type: string, role: identity}
  """

private func mistakes(_ yaml: String) -> [String] {
  do {
    _ = try ProfileFile(yaml: yaml, path: "p.yaml")
    return []
  } catch {
    return error.mistakes.map(\.description)
  }
}

struct ProfileFileTests {
  @Test(arguments: ["bandwidth", "charging"])
  func `the worked examples are profiles`(name: String) throws {
    let file = try ProfileFile(path: "\(root)/Docs/profiles/\(name).yaml")
    #expect(file.profile.name == name && !file.profile.features.isEmpty)
    #expect(file.declaration.rules.count >= 2)
  }

  @Test func `what is left out has a default`() throws {
    let file = try ProfileFile(yaml: small, path: "p.yaml")
    let field = try #require(file.declaration.schema.kinds.first?.fields.last)
    #expect(field.name == "rpm" && field.column == "rpm" && field.range == HardRange(0, 100))
    #expect(file.declaration.schema.head == HeadColumns())
    #expect(file.profile.unitName == "records" && file.profile.minimumRecords == 12)
    #expect(file.profile.features.contains { $0.name == "turn.rpm.median" })
  }

  @Test func `mistakes are told by line, all at once`() {
    let text = """
      profile: wireless
      kinds:
        turn:
          fields:
            rpm: {type: numer}
            blade: {type: number, role: identity}
      grups: [turn.blade]
      unit: {sum: turn.nothing}
      rules:
        - {code: a, bit: 7, field: turn.rpm, check: monotone, text: x}
      """
    let found = mistakes(text)
    #expect(found.contains { $0.hasPrefix("line 1,") && $0.contains("built-in") })
    #expect(found.contains { $0.hasPrefix("line 5,") && $0.contains("number, integer, string") })
    #expect(found.contains { $0.hasPrefix("line 6,") && $0.contains("is a string") })
    #expect(found.contains { $0.hasPrefix("line 7,") && $0.contains("is it groups?") })
    #expect(found.contains { $0.hasPrefix("line 8,") && $0.contains("no field turn.nothing") })
    #expect(found.contains { $0.hasPrefix("line 10,") && $0.contains("8 to 39") })
  }

  @Test(arguments: [
    ("", "empty"), ("a: [", "not YAML"), ("- a", "mapping"), ("profile: x", "kinds is missing"),
    ("\t", "not YAML"), ("profile: X\nkinds: {}", "lower-case"),
    (small + "\nseries: [{field: turn.blade}]", "has to be a number"),
    (small + "\nseries: 3", "has to be a list"), (small + "\nminimum_records: 0", "whole number"),
    (small + "\ncolumns: {ts: rpm}", "that of the time"),
    (small + "\nrules: [{code: A}]", "bit is missing"),
    (small + "\nunit: {scale: -1}", "above zero"),
  ])
  func `bad files are explained`(yaml: String, part: String) {
    #expect(mistakes(yaml).contains { $0.contains(part) })
  }

  @Test func `a file that is not there is named`() {
    #expect(throws: ProfileFileError(path: "/nowhere.yaml", mistakes: [])) {
      try ProfileFile(path: "/nowhere.yaml")
    }
  }

  @Test func `no prefix of a file crashes the reader`() throws {
    let text = try String(contentsOfFile: "\(root)/Docs/profiles/bandwidth.yaml", encoding: .utf8)
    for count in stride(from: 0, to: text.utf8.count, by: 3) {
      _ = mistakes(String(decoding: text.utf8.prefix(count), as: UTF8.self))
    }
  }
}
