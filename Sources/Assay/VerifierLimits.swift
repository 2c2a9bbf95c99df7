import Contributions

/// What one request may ask for; `Describe` tells it to callers.
public struct VerifierLimits: Sendable, Equatable {
  public var maxItems = 1000
  /// Records of all items together.
  public var maxRecords = 100_000
  /// Bytes of a request.
  public var maxBytes = 32 << 20
  /// The longest deadline, in milliseconds, and the one of a request that names none.
  public var maxDeadlineMs = 30_000

  public init() {}

  var json: CanonicalJSON {
    .object([
      "max_items": .clamped(Int64(maxItems)), "max_records": .clamped(Int64(maxRecords)),
      "max_bytes": .clamped(Int64(maxBytes)),
      "max_deadline_ms": .clamped(Int64(maxDeadlineMs)),
    ])
  }
}
