import Assay
import Contributions

/// What hosts say about themselves, as JSON.
enum HostReports {
  /// A verifier's policy, model and rules by profile.
  static func identities(of verifier: Verifier) -> CanonicalJSON {
    .object(
      Dictionary(
        verifier.description.profiles.map { entry in
          let identity = entry.identity
          return (
            entry.name,
            [
              "policy": digest(identity.policy),
              "model": identity.model.map { digest($0) } ?? .null,
              "rules": digest(identity.rules),
            ]
          )
        }, uniquingKeysWith: { first, _ in first }))
  }

  static func digest(_ bytes: [UInt8]) -> CanonicalJSON { .string("0x" + Hex.encode(bytes)) }
}

/// What a reload has brought.
public struct ReloadReport: Sendable {
  /// How often the files were loaded, the start included.
  public let generation: Int
  /// Whether a policy, model or rule set is another than before, of the active verifier or of the
  /// candidate.
  public let hasChanged: Bool
  /// Keys that are known now; `nil` where there is no key file.
  public let keys: Int?
  let active: Verifier
  let candidate: Verifier?

  public var json: CanonicalJSON {
    [
      "generation": .clamped(Int64(generation)), "changed": .bool(hasChanged),
      "keys": keys.map { .clamped(Int64($0)) } ?? .null,
      "profiles": HostReports.identities(of: active),
      "candidate": candidate.map { HostReports.identities(of: $0) } ?? .null,
    ]
  }
}
