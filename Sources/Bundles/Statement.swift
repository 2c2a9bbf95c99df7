import Contributions
import Verdicts

/// The in-toto statement of a bundle: what its signatures are over.
public struct Statement: Decodable, Sendable, Equatable {
  /// A file of the bundle and the SHA-256 of its uncompressed bytes, in hexadecimal.
  public struct Subject: Decodable, Sendable, Equatable {
    public let name: String
    public let sha256: String

    private enum Keys: String, CodingKey {
      case name, digest, sha256
    }

    init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }

    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Keys.self)
      name = try container.decode(String.self, forKey: .name)
      let digest = try container.nestedContainer(keyedBy: Keys.self, forKey: .digest)
      sha256 = try digest.decode(String.self, forKey: .sha256)
    }
  }

  /// How many verdicts there are of each kind.
  public struct Counts: Decodable, Sendable, Equatable {
    public var accept = 0
    public var hold = 0
    public var reject = 0
    public var abstain = 0

    init(_ outcomes: [Outcome: Int]) {
      accept = outcomes[.accept] ?? 0
      hold = outcomes[.hold] ?? 0
      reject = outcomes[.reject] ?? 0
      abstain = outcomes[.abstain] ?? 0
    }
  }

  /// What is stated.
  public struct Predicate: Decodable, Sendable, Equatable {
    public let epoch: UInt64
    public let profile: String
    public let revision: UInt32
    public let counts: Counts
    public let merkleRoot: String
    public let leafCount: Int
    /// Digests with `0x`.
    public let model: String
    public let policy: String
    public let tool: String

    private enum CodingKeys: String, CodingKey {
      case epoch, profile, revision, counts, model, policy, tool
      case merkleRoot = "merkle_root"
      case leafCount = "leaf_count"
    }
  }

  /// Sorted by name.
  public let subject: [Subject]
  public let predicate: Predicate

  static let type = "https://in-toto.io/Statement/v1"
  static let predicateType = "urn:assay:verdicts:v1"

  /// The one JSON form.
  var json: CanonicalJSON {
    .object([
      "_type": .string(Self.type),
      "subject": .array(
        subject.map { subject in
          .object([
            "name": .string(subject.name),
            "digest": .object(["sha256": .string(subject.sha256)]),
          ])
        }),
      "predicateType": .string(Self.predicateType),
      "predicate": predicate.json,
    ])
  }
}

extension Statement.Predicate {
  var json: CanonicalJSON {
    .object([
      "epoch": .clamped(Int64(clamping: epoch)),
      "profile": .string(profile),
      "revision": .integer(Int64(revision)),
      "counts": .object([
        "accept": .integer(Int64(counts.accept)), "hold": .integer(Int64(counts.hold)),
        "reject": .integer(Int64(counts.reject)), "abstain": .integer(Int64(counts.abstain)),
      ]),
      "merkle_root": .string(merkleRoot),
      "leaf_count": .integer(Int64(leafCount)),
      "model": .string(model),
      "policy": .string(policy),
      "tool": .string(tool),
    ])
  }
}
