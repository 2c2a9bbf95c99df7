import Assay
import Foundation

/// The configuration that a C caller gives as JSON. Members that are not known are refused: a
/// misspelt `model` would otherwise let nodes be judged without one.
struct Configuration: Decodable {
  struct Source: Decodable {
    let profile: String
    let model: String?
    let policy: String?

    init(from decoder: any Decoder) throws {
      let members = try decoder.strictMembers(["profile", "model", "policy"])
      profile = try members.decode(String.self, forKey: "profile")
      model = try members.decodeIfPresent(String.self, forKey: "model")
      policy = try members.decodeIfPresent(String.self, forKey: "policy")
    }
  }

  struct Limits: Decodable {
    let maxItems: Int?
    let maxRecords: Int?
    let maxBytes: Int?
    let maxDeadlineMs: Int?

    init(from decoder: any Decoder) throws {
      let members = try decoder.strictMembers([
        "max_items", "max_records", "max_bytes", "max_deadline_ms",
      ])
      maxItems = try members.decodeIfPresent(Int.self, forKey: "max_items")
      maxRecords = try members.decodeIfPresent(Int.self, forKey: "max_records")
      maxBytes = try members.decodeIfPresent(Int.self, forKey: "max_bytes")
      maxDeadlineMs = try members.decodeIfPresent(Int.self, forKey: "max_deadline_ms")
    }
  }

  let profiles: [Source]
  let limits: Limits?

  init(from decoder: any Decoder) throws {
    let members = try decoder.strictMembers(["profiles", "limits"])
    profiles = try members.decode([Source].self, forKey: "profiles")
    limits = try members.decodeIfPresent(Limits.self, forKey: "limits")
  }

  private static let shape =
    #"the configuration must be JSON such as {"profiles":[{"profile":"wireless","model":"PATH","#
    + #""policy":"PATH"}],"limits":{"max_items":100}}; model, policy and limits may be left out"#

  /// - Throws: `CallError` for JSON of another shape; it names a member that is not known.
  static func read(_ json: [UInt8]) throws(CallError) -> Configuration {
    do {
      return try JSONDecoder().decode(Configuration.self, from: Data(json))
    } catch let error as UnknownMember {
      throw CallError(.badConfiguration, "bad_configuration", error.message)
    } catch {
      throw CallError(.badConfiguration, "bad_configuration", shape)
    }
  }

  /// - Throws: `CallError` for a file that cannot be used.
  func verifier() throws(CallError) -> Verifier {
    do throws(VerifierError) {
      var sources: [VerifierConfiguration.ProfileSource] = []
      for source in profiles {
        sources.append(
          try VerifierConfiguration.ProfileSource(
            named: source.profile, modelPath: source.model, policyPath: source.policy))
      }
      return try Verifier(VerifierConfiguration(profiles: sources, limits: verifierLimits))
    } catch {
      throw CallError(.badConfiguration, "bad_configuration", error.description)
    }
  }

  private var verifierLimits: VerifierLimits {
    var result = VerifierLimits()
    result.maxItems = limits?.maxItems ?? result.maxItems
    result.maxRecords = limits?.maxRecords ?? result.maxRecords
    result.maxBytes = limits?.maxBytes ?? result.maxBytes
    result.maxDeadlineMs = limits?.maxDeadlineMs ?? result.maxDeadlineMs
    return result
  }
}

/// A member of the configuration that would have no effect.
private struct UnknownMember: Error {
  let message: String
}

/// Members of a JSON object by any name.
private struct MemberName: CodingKey, ExpressibleByStringLiteral {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringLiteral value: String) { stringValue = value }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { return nil }
}

extension Decoder {
  /// The members of the object, none of them other than `known`.
  ///
  /// - Throws: `UnknownMember` for one that is not.
  fileprivate func strictMembers(
    _ known: Set<String>
  ) throws -> KeyedDecodingContainer<MemberName> {
    let members = try container(keyedBy: MemberName.self)
    let unknown = members.allKeys.map(\.stringValue).filter { !known.contains($0) }.sorted()
    guard let name = unknown.first else { return members }
    let owner = codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
      .joined(separator: ".").replacing(".[", with: "[")
    throw UnknownMember(
      message: "the configuration\(owner.isEmpty ? "" : "'s \(owner)") has an unknown member "
        + "\(name.prefix(64)); there are \(known.sorted().joined(separator: ", "))")
  }
}
