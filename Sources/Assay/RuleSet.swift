import Contributions
import Crypto
import Profiles
import Relations

/// What a profile declares, as one document whose digest changes when anything in it does.
struct RuleSet {
  let profile: Profile

  /// SHA-256 of the canonical JSON of the profile's reasons, rules, features and schema and the
  /// software's version: what is computed lies in code, which the version stands for.
  var digest: [UInt8] { Array(SHA256.hash(data: json.bytes)) }

  /// The reasons that a verdict without state can give, by bit.
  var reasons: [ReasonCode] {
    (profile.reasons + Relations.reasons(for: profile.schema)).sorted { $0.bit < $1.bit }
  }

  var json: CanonicalJSON {
    .object([
      "software": .string(VerifierDescription.software.version),
      "minimum_records": .clamped(Int64(profile.minimumRecords)),
      "unit": .string(profile.unitName),
      "reasons": .array(reasons.map { Self.json($0) }),
      "rules": .array(
        profile.rules.map { rule in
          .object([
            "code": .string(rule.reason.code), "minimum": .clamped(Int64(rule.minimum)),
          ])
        }),
      "features": .array(
        (profile.features + Relations.features(for: profile.schema)).map { Self.json($0) }),
      "schema": Self.json(profile.schema),
    ])
  }

  private static func json(_ reason: ReasonCode) -> CanonicalJSON {
    .object([
      "code": .string(reason.code), "bit": .clamped(Int64(reason.bit)),
      "class": .string(reason.reasonClass.rawValue),
      "severity": .string(reason.severity.rawValue), "text": .string(reason.text),
      "unit": .string(reason.unit),
    ])
  }

  private static func json(_ feature: FeatureSpec) -> CanonicalJSON {
    .object([
      "name": .string(feature.name), "unit": .string(feature.unit),
      "resolution": exact(feature.resolution), "side": .string(feature.suspiciousSide.rawValue),
      "attacks": .array(feature.attacks.map { .string($0) }), "text": .string(feature.text),
    ])
  }

  private static func json(_ schema: ProfileSchema) -> CanonicalJSON {
    .object([
      "name": .string(schema.name),
      "timestamp": .string(schema.head.timestamp),
      "timestamp_scale": .clamped(schema.head.timestampScale),
      "node": .string(schema.head.node),
      "kind": schema.head.kind.map { .string($0) } ?? .null,
      "kinds": .array(
        schema.kinds.map { kind in
          .object([
            "name": .string(kind.name), "label": .string(kind.label),
            "fields": .array(kind.fields.map { Self.json($0) }),
          ])
        }),
    ])
  }

  private static func json(_ field: FieldSchema) -> CanonicalJSON {
    .object([
      "name": .string(field.name), "column": .string(field.column),
      "type": .string(field.type.rawValue), "unit": .string(field.unit),
      "role": .string(field.role.rawValue),
      "range": field.range.map { range in
        .array([exact(range.lower), exact(range.upper), .bool(range.excludesLower)])
      } ?? .null,
    ])
  }

  /// A real number by the bits of its double: canonical JSON has integers only.
  private static func exact(_ value: Double) -> CanonicalJSON {
    .string(
      "0x"
        + Hex.encode((0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (56 - 8 * $0)) }))
  }
}
