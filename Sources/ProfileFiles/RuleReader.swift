import Contributions
import Profiles
import Yams

/// Reads the rules of a profile file.
struct RuleReader {
  let mistakes: MistakeList
  let kinds: [KindSchema]

  func rules(_ map: YAMLMap) -> [GeneralRule] {
    guard let node = map.value("rules") else { return [] }
    guard let items = node.sequence else {
      mistakes.add(node, "rules has to be a list")
      return []
    }
    var bits: Set<Int> = []
    var codes: Set<String> = []
    return items.compactMap { item in
      let parts = YAMLMap(item, mistakes, what: "a rule")
      for (key, what) in [
        ("code", "its name in verdicts, such as METER_BACKWARDS"),
        ("bit", "8 to 39, its place in the ledger for ever"), ("field", "kind.field"),
        ("check", "unique, monotone, range or rate"), ("text", "a sentence for the node's owner"),
      ] { parts.require(key, what) }
      let rule = rule(parts)
      parts.finish()
      if let rule, !bits.insert(rule.reason.bit).inserted {
        mistakes.add(item, "another rule has the bit \(rule.reason.bit)")
      }
      if let rule, !codes.insert(rule.reason.code).inserted {
        mistakes.add(item, "another rule has the code \(rule.reason.code)")
      }
      return rule
    }
  }

  private func rule(_ parts: YAMLMap) -> GeneralRule? {
    let code = parts.string("code")
    if let code, !isCode(code) {
      mistakes.add(parts.value("code") ?? parts.node, "a code is capitals, digits and underscores")
    }
    let bit = parts.integer("bit", in: 8...39)
    let reasonClass =
      parts.choice("class", [("spoof", ReasonClass.spoof), ("fault", .fault)]) ?? .spoof
    let severity =
      parts.choice("severity", [("low", Severity.low), ("medium", .medium), ("high", .high)])
      ?? .medium
    let minimum = parts.integer("minimum", in: 1...1_000_000) ?? 3
    let text = parts.string("text")
    let check = check(parts)
    guard let code, let bit, let text, let (field, kind) = check else { return nil }
    let unit = kinds.first { $0.name == field.kind }?.fields.first { $0.name == field.name }?.unit
    return GeneralRule(
      ReasonCode(code, bit: bit, reasonClass, severity, unit: unit ?? "", text: text),
      minimumOccurrences: minimum, field: field, check: kind)
  }

  private func isCode(_ code: String) -> Bool {
    !code.isEmpty
      && code.utf8.allSatisfy {
        (65...90).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
      }
  }

  private func check(_ parts: YAMLMap) -> (FieldPath, GeneralRule.Check)? {
    let kind = parts.choice(
      "check", ["unique", "monotone", "range", "rate"].map { ($0, $0) })
    guard let kind, let text = parts.string("field"), let node = parts.value("field") else {
      _ = parts.value("field")
      return nil
    }
    let path = FieldPath.find(text, node, kinds, kind == "unique" ? .string : .number, mistakes)
    let check: GeneralRule.Check?
    switch kind {
    case "unique":
      check = .unique(retry: Int64(parts.integer("retry_s", in: 0...86_400) ?? 60) * 1000)
    case "monotone": check = .monotone
    case "range":
      parts.require("within", "[lowest, highest]")
      check = parts.range("within").map { .range(low: $0.low, high: $0.high) }
    default:
      parts.require("per_second", "the largest change a second")
      check = parts.number("per_second").map { .rate(perSecond: $0) }
    }
    guard let path, let check else { return nil }
    return (path, check)
  }
}
