import Bundles
import Contributions
import Profiles

/// What a verifier is and can judge.
public struct VerifierDescription: Sendable {
  /// One profile it judges.
  public struct ProfileEntry: Sendable {
    /// A model's identity.
    public struct Model: Sendable, Equatable {
      public let name: String
      public let version: String
      /// SHA-256 of the file, 32 bytes.
      public let digest: [UInt8]
    }

    public let name: String
    public let identity: ProfileIdentity
    /// `nil` where the nodes of a request judge each other.
    public let model: Model?
    /// Records below which a node is not judged.
    public let minimumRecords: Int
    /// By bit.
    public let reasons: [ReasonCode]
    /// The kinds of record.
    public let kinds: [String]
  }

  public let name: String
  public let version: String
  public let apiVersions: [String]
  /// `exact`: the same request gives the same bytes on every machine.
  public let determinism: String
  /// By name.
  public let profiles: [ProfileEntry]
  public let limits: VerifierLimits

  /// The name and version of this software, those that bundles state.
  public static let software: (name: String, version: String) = {
    let parts = BundleContents.tool.split(separator: " ", maxSplits: 1).map { String($0) }
    return (parts[0], parts.count > 1 ? parts[1] : "")
  }()

  init(profiles: [ProfileEntry], limits: VerifierLimits) {
    name = Self.software.name
    version = Self.software.version
    apiVersions = [Verifier.apiVersion]
    determinism = "exact"
    self.profiles = profiles
    self.limits = limits
  }

  /// As services give it.
  public var json: CanonicalJSON {
    .object([
      "name": .string(name), "version": .string(version),
      "api_versions": .array(apiVersions.map { .string($0) }),
      "determinism": .string(determinism),
      "profiles": .array(profiles.map(\.json)),
      "limits": limits.json,
    ])
  }
}

extension VerifierDescription.ProfileEntry {
  var json: CanonicalJSON {
    .object([
      "name": .string(name),
      "policy": .string("0x" + Hex.encode(identity.policy)),
      "rules": .string("0x" + Hex.encode(identity.rules)),
      "model": model.map { model in
        .object([
          "name": .string(model.name), "version": .string(model.version),
          "digest": .string("0x" + Hex.encode(model.digest)),
        ])
      } ?? .null,
      "minimum_records": .clamped(Int64(minimumRecords)),
      "kinds": .array(kinds.map { .string($0) }),
      "reasons": .array(
        reasons.map { reason in
          .object([
            "code": .string(reason.code), "bit": .clamped(Int64(reason.bit)),
            "class": .string(reason.reasonClass.rawValue),
            "severity": .string(reason.severity.rawValue), "text": .string(reason.text),
          ])
        }),
    ])
  }
}
