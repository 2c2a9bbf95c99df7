import Assay
import Contributions

/// The files that a host judges by and lets callers in by.
public struct VerifierFiles: Sendable, Equatable {
  /// A profile and what goes with it.
  public struct Source: Sendable, Equatable {
    /// A built-in profile's name, or the path of a profile file (`.yaml`, `.yml`).
    public var profile: String
    /// `nil` lets the nodes of a request judge each other.
    public var model: String?
    /// `nil` for the standard policy.
    public var policy: String?

    public init(profile: String, model: String? = nil, policy: String? = nil) {
      self.profile = profile
      self.model = model
      self.policy = policy
    }
  }

  public var profiles: [Source]
  /// What judges in the shadow; empty for no candidate.
  public var candidate: [Source]
  /// The key file; `nil` where anybody who reaches the host may do anything.
  public var keys: String?

  public init(profiles: [Source], candidate: [Source] = [], keys: String? = nil) {
    self.profiles = profiles
    self.candidate = candidate
    self.keys = keys
  }

  /// Everything read and checked.
  struct Contents: Sendable {
    let active: Verifier
    let candidate: Verifier?
    /// `nil` where there is no key file.
    let keys: KeyRing?
  }

  /// Reads and checks all files.
  ///
  /// - Throws: `SetupError` for the first that cannot be used.
  func contents(limits: VerifierLimits) throws(SetupError) -> Contents {
    Contents(
      active: try Self.verifier(profiles, limits: limits),
      candidate: candidate.isEmpty ? nil : try Self.verifier(candidate, limits: limits),
      keys: try keys.map { path throws(SetupError) in KeyRing(try KeyFile(path: path).keys) })
  }

  private static func verifier(
    _ sources: [Source], limits: VerifierLimits
  ) throws(SetupError) -> Verifier {
    do throws(VerifierError) {
      var read: [VerifierConfiguration.ProfileSource] = []
      for source in sources { read.append(try source.read()) }
      return try Verifier(VerifierConfiguration(profiles: read, limits: limits))
    } catch {
      throw SetupError(error.description)
    }
  }

  /// The profiles themselves, without model and policy.
  ///
  /// - Throws: `SetupError` for the first that is not there.
  public func schemas() throws(SetupError) -> [ProfileSchema] {
    do throws(VerifierError) {
      var schemas: [ProfileSchema] = []
      for source in profiles {
        schemas.append(try VerifierFiles.Source(profile: source.profile).read().profile.schema)
      }
      return schemas
    } catch {
      throw SetupError(error.description)
    }
  }
}

extension VerifierFiles.Source {
  fileprivate func read() throws(VerifierError) -> VerifierConfiguration.ProfileSource {
    try VerifierConfiguration.ProfileSource(
      named: profile, modelPath: model, policyPath: policy)
  }
}
