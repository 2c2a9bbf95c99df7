/// What a key allows.
public enum Scope: String, Sendable, CaseIterable, Comparable {
  /// Ask for verdicts.
  case verify
  /// Ask what the verifier is.
  case describe
  /// Append records to the log.
  case intake
  /// Read what the candidate would have decided.
  case shadow
  /// Load model, policy and keys anew.
  case admin
  /// Read the metrics.
  case metrics

  public static func < (left: Scope, right: Scope) -> Bool { left.rawValue < right.rawValue }
}

/// Who asks: the holder of a key, or anybody on this machine where there are no keys.
public struct Caller: Sendable, Equatable {
  /// The key's id; `local` where there are no keys. It scopes request ids and quotas.
  public let id: String
  public let scopes: Set<Scope>
  /// Requests that the key may make in a second, on average; `nil` for no limit.
  public let requestsPerSecond: Int?
  /// Records that the key may send on a UTC day; `nil` for no limit.
  public let recordsPerDay: Int?

  public init(
    id: String, scopes: Set<Scope>, requestsPerSecond: Int? = nil, recordsPerDay: Int? = nil
  ) {
    self.id = id
    self.scopes = scopes
    self.requestsPerSecond = requestsPerSecond
    self.recordsPerDay = recordsPerDay
  }

  /// Anybody, where the host has no keys and listens on this machine only.
  static let local = Caller(id: "local", scopes: Set(Scope.allCases))

  /// - Throws: `HostError.forbidden`.
  public func require(_ scope: Scope) throws(HostError) {
    guard scopes.contains(scope) else { throw .forbidden(scope) }
  }
}
