import Contributions
import Profiles
import Relations

/// A profile's page in the documentation, made from its declarations.
public struct ProfilePage {
  public let profile: Profile

  public init(_ profile: Profile) {
    self.profile = profile
  }

  /// Markdown: record kinds, features, rules, reasons.
  public var markdown: String {
    let relations = Relations.features(for: profile.schema)
    let parts = [
      heading, "## Record kinds", profile.schema.kinds.map(kind).joined(separator: "\n\n"),
      "## Features",
      "Each is one column per node and epoch; \"suspicious\" says which values speak against a node.",
      features(profile.features + relations), "## Rules",
      "A rule counts from its minimum of independent occurrences on. Of class spoof, severity high "
        + "rejects, medium holds, low is part of the score; faults hold.",
      rules, "## Other reasons",
      "From looking across nodes, from how much there was to judge by, and with `--state` from "
        + "earlier epochs.",
      otherReasons,
    ]
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var heading: String {
    """
    # Profile `\(profile.name)`

    <!-- Made by `assay profile page \(profile.name)`; do not edit. -->

    \(profile.schema.text.prefix(1).uppercased() + profile.schema.text.dropFirst()). A unit is one \
    of: \(profile.unitName). Nodes with fewer than \(profile.minimumRecords) records abstain.
    """
  }

  private func kind(_ kind: KindSchema) -> String {
    let rows = kind.fields.map { field in
      [
        "`\(field.name)`", field.type.rawValue, field.unit, range(field), field.role.rawValue,
        field.text,
      ]
    }
    return "### `\(kind.name)`\n\n\(sentence(kind.text))\n\n"
      + table(["field", "type", "unit", "range", "role", "meaning"], rows)
  }

  private func range(_ field: FieldSchema) -> String {
    guard let range = field.range else { return "" }
    let low = "\(range.excludesLower ? "above " : "")\(number(range.lower))"
    return range.upper.isFinite ? "\(low) to \(number(range.upper))" : "from \(low)"
  }

  private func features(_ specs: [FeatureSpec]) -> String {
    table(
      ["feature", "unit", "suspicious", "attacks", "meaning"],
      specs.map {
        [
          "`\($0.name)`", $0.unit, $0.suspiciousSide.rawValue,
          $0.attacks.joined(separator: " "), $0.text,
        ]
      })
  }

  private var rules: String {
    reasons(profile.rules.map(\.reason), minimum: profile.rules.map { "\($0.minimum)" })
  }

  private var otherReasons: String {
    let own = Set(profile.rules.map(\.reason.bit))
    let others =
      (profile.reasons + Relations.reasons(for: profile.schema) + ReasonCode.history)
      .filter { !own.contains($0.bit) }.sorted { $0.bit < $1.bit }
    return reasons(others, minimum: nil)
  }

  private func reasons(_ reasons: [ReasonCode], minimum: [String]?) -> String {
    let rows = reasons.enumerated().map { index, reason in
      [
        "`\(reason.code)`", "\(reason.bit)", reason.reasonClass.rawValue,
        reason.severity.rawValue,
      ] + (minimum.map { [$0[index]] } ?? []) + [reason.unit, reason.text]
    }
    let head = ["reason", "bit", "class", "severity"] + (minimum == nil ? [] : ["minimum"])
    return table(head + ["unit", "meaning"], rows)
  }

  private func table(_ head: [String], _ rows: [[String]]) -> String {
    let lines = [head, head.map { _ in "---" }] + rows
    return lines.map { cells in
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }

  private func number(_ value: Double) -> String {
    value.rounded() == value && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
  }

  private func sentence(_ text: String) -> String {
    "\(text.prefix(1).uppercased())\(text.dropFirst())."
  }
}
