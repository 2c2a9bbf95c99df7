import Foundation
import Pipeline
import ProfileFiles
import Profiles
import Verdicts

/// What a verifier judges by.
public struct VerifierConfiguration: Sendable {
  /// A profile with the model and the policy that go with it.
  public struct ProfileSource: Sendable {
    public var profile: Profile
    public var policy: Policy
    /// `nil` lets the nodes of a request judge each other; only rules and relations can then set one
    /// apart.
    public var model: TrainedModel?

    public init(profile: Profile, policy: Policy = .standard, model: TrainedModel?) {
      self.profile = profile
      self.policy = policy
      self.model = model
    }

    /// Takes a profile by name, or from a profile file, with the files of its model and policy.
    ///
    /// - Parameters:
    ///   - name: one that comes with Assay, or the path of a profile file (ends in `.yaml` or `.yml`).
    ///   - policyPath: `nil` for the standard policy.
    /// - Throws: `VerifierError`, which names the file at fault.
    public init(
      named name: String, modelPath: String? = nil, policyPath: String? = nil
    ) throws(VerifierError) {
      let profile = try Self.profile(name)
      self.init(
        profile: profile, policy: try Self.policy(policyPath),
        model: try Self.model(modelPath, for: profile.name))
    }

    private static func profile(_ name: String) throws(VerifierError) -> Profile {
      if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
        do throws(ProfileFileError) {
          return try ProfileFile(path: name).profile
        } catch {
          throw VerifierError(error.description)
        }
      }
      guard let profile = Profile.named(name) else {
        let known = Profile.builtIn.map(\.name).joined(separator: ", ")
        throw VerifierError("there is no profile \(name); there are \(known) and profile files")
      }
      return profile
    }

    private static func policy(_ path: String?) throws(VerifierError) -> Policy {
      guard let path else { return .standard }
      guard let data = FileManager.default.contents(atPath: path) else {
        throw VerifierError("\(path): cannot be read")
      }
      do throws(PolicyError) {
        return try Policy(json: Array(data))
      } catch {
        throw VerifierError("\(path): \(error)")
      }
    }

    private static func model(
      _ path: String?, for profile: String
    ) throws(VerifierError) -> TrainedModel? {
      guard let path else { return nil }
      do {
        return try TrainedModel(path: path, for: profile)
      } catch {
        throw VerifierError("\(error)")
      }
    }
  }

  public var profiles: [ProfileSource]
  public var limits: VerifierLimits
  /// Tasks that one request may run at a time. One is best where many requests come at once.
  public var tasks: Int

  public init(
    profiles: [ProfileSource], limits: VerifierLimits = VerifierLimits(), tasks: Int = 1
  ) {
    self.profiles = profiles
    self.limits = limits
    self.tasks = tasks
  }
}
