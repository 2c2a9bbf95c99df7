import Assay
import Foundation

/// The configuration that a C caller gives as JSON.
struct Configuration: Decodable {
  struct Source: Decodable {
    let profile: String
    let model: String?
    let policy: String?
  }

  struct Limits: Decodable {
    let maxItems: Int?
    let maxRecords: Int?
    let maxBytes: Int?
    let maxDeadlineMs: Int?

    enum CodingKeys: String, CodingKey, CaseIterable {
      case maxItems = "max_items"
      case maxRecords = "max_records"
      case maxBytes = "max_bytes"
      case maxDeadlineMs = "max_deadline_ms"
    }
  }

  let profiles: [Source]
  let limits: Limits?

  private static let shape =
    #"the configuration must be JSON such as {"profiles":[{"profile":"wireless","model":"PATH","#
    + #""policy":"PATH"}],"limits":{"max_items":100}}; model, policy and limits may be left out"#

  /// - Throws: `CallError` for JSON of another shape.
  static func read(_ json: [UInt8]) throws(CallError) -> Configuration {
    do {
      return try JSONDecoder().decode(Configuration.self, from: Data(json))
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
