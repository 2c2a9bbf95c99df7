import ArgumentParser
import Contributions
import Profiles
import Relations

struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features", abstract: "Lists what is measured of a node.")

  @OptionGroup var network: ProfileOption

  @Flag(name: .long, help: "Print as JSON.")
  var json = false

  private struct Entry: Encodable {
    let name: String
    let unit: String
    let resolution: Double
    let side: String
    let attacks: [String]
    let text: String
  }

  func run() throws {
    let profile = try network.resolve()
    let features = profile.features + Relations.features(for: profile.schema)
    if json {
      try Console.printJSON(
        features.map {
          Entry(
            name: $0.name, unit: $0.unit, resolution: $0.resolution,
            side: $0.suspiciousSide.rawValue, attacks: $0.attacks, text: $0.text)
        })
      return
    }
    for feature in features {
      let unit = feature.unit.isEmpty ? "" : " [\(feature.unit)]"
      let attacks = feature.attacks.isEmpty ? "" : " (\(feature.attacks.joined(separator: ", ")))"
      Console.print(
        "\(feature.name)\(unit)  suspicious: \(feature.suspiciousSide.rawValue)\(attacks)\n"
          + "    \(feature.text)")
    }
  }
}

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Lists the record kinds and fields that a log may hold.")

  @OptionGroup var network: ProfileOption

  @Flag(name: .long, help: "Print as JSON.")
  var json = false

  private struct Document: Encodable {
    let profile: String
    let kinds: [Kind]
  }

  private struct Kind: Encodable {
    let kind: String
    let text: String
    let fields: [Field]
  }

  private struct Field: Encodable {
    let name: String
    let type: String
    let unit: String
    let role: String
    let minimum: Double?
    let exclusiveMinimum: Bool?
    let maximum: Double?
    let text: String

    init(_ field: FieldSchema) {
      name = field.name
      type = field.type.rawValue
      unit = field.unit
      role = field.role.rawValue
      // JSON has no infinity: where there is no bound, there is no member.
      minimum = field.range.flatMap { $0.lower.isFinite ? $0.lower : nil }
      exclusiveMinimum = field.range.map(\.excludesLower)
      maximum = field.range.flatMap { $0.upper.isFinite ? $0.upper : nil }
      text = field.text
    }
  }

  func run() throws {
    let schema = try network.resolve().schema
    if json {
      try Console.printJSON(
        Document(
          profile: schema.name,
          kinds: schema.kinds.map { kind in
            Kind(kind: kind.name, text: kind.text, fields: kind.fields.map { Field($0) })
          }))
      return
    }
    Console.print("\(schema.name): \(schema.text)")
    Console.print("every record: ts (ms since 1970-01-01 UTC, or RFC 3339), node, kind")
    for kind in schema.kinds {
      Console.print("\n\(kind.name): \(kind.text)")
      for field in kind.fields {
        let unit = field.unit.isEmpty ? "" : " \(field.unit)"
        let range = field.range.map { range in
          let opening = range.excludesLower ? "(" : "["
          let lower = range.lower.isFinite ? "\(opening)\(range.lower)" : "(-∞"
          return " \(lower), \(range.upper.isFinite ? "\(range.upper)]" : "∞)")"
        }
        Console.print(
          "  \(field.name)  \(field.type.rawValue)\(unit)\(range ?? "")  \(field.text)")
      }
    }
  }
}

struct ReasonsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reasons", abstract: "Lists the reasons that a verdict may give.",
    discussion: "Those that begin with H_ come from earlier epochs: runs with --state give them.")

  @OptionGroup var network: ProfileOption

  @Flag(name: .long, help: "Print as JSON.")
  var json = false

  private struct Entry: Encodable {
    let code: String
    let bit: Int
    let `class`: String
    let severity: String
    let unit: String
    let text: String
  }

  func run() throws {
    let profile = try network.resolve()
    let reasons = (profile.reasons + Relations.reasons(for: profile.schema) + ReasonCode.history)
      .sorted { $0.bit < $1.bit }
    if json {
      try Console.printJSON(
        reasons.map {
          Entry(
            code: $0.code, bit: $0.bit, class: $0.reasonClass.rawValue,
            severity: $0.severity.rawValue, unit: $0.unit, text: $0.text)
        })
      return
    }
    for reason in reasons {
      Console.print(
        "\(reason.code)  bit \(reason.bit), \(reason.reasonClass.rawValue), "
          + "\(reason.severity.rawValue)\n    \(reason.text)")
    }
  }
}
