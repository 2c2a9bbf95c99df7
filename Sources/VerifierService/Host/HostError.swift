import Assay

/// Why the host does not answer a request. An error is never a pass: whoever gets one holds the
/// contribution, or asks again where ``retryAfter`` says when.
public enum HostError: Error, Sendable, Equatable {
  /// The request itself cannot be: malformed, too many items, an unknown version.
  case invalid(RequestError)
  /// No key, a key that is not known, a wrong secret, or one that has run out. Which of them it was
  /// stands in the log, not in the answer.
  case unauthenticated
  /// The key is good and does not have this scope.
  case forbidden(Scope)
  /// The same `request_id` came before with other content.
  case conflict(requestID: String)
  /// More requests a second than the key may make; seconds until the next may come.
  case tooManyRequests(retryAfter: Int)
  /// More records than the key may send on a UTC day; seconds until the day ends.
  case quotaSpent(retryAfter: Int)
  /// As many requests wait as may wait; nothing of this one was looked at.
  case overloaded(retryAfter: Int)
  /// A file cannot be used; what was in use before is in use still.
  case reloadRefused(String)

  /// A short name that stays the same between versions, for programs.
  public var code: String {
    switch self {
    case .invalid(let error): error.code.rawValue
    case .unauthenticated: "unauthenticated"
    case .forbidden: "forbidden"
    case .conflict: "request_id_conflict"
    case .tooManyRequests: "too_many_requests"
    case .quotaSpent: "quota_spent"
    case .overloaded: "overloaded"
    case .reloadRefused: "reload_refused"
    }
  }

  /// What is wrong and what to do about it, in a sentence or two.
  public var message: String {
    switch self {
    case .invalid(let error): error.message
    case .unauthenticated:
      "A key is needed, as 'Authorization: Bearer ID.SECRET', and none that is valid was given."
    case .forbidden(let scope): "The key does not have the scope '\(scope.rawValue)'."
    case .conflict(let requestID):
      "The request_id '\(requestID)' was used before for other content. Nothing was judged: take "
        + "a new request_id for new content."
    case .tooManyRequests: "The key's requests a second are used up. Try again later."
    case .quotaSpent: "The key's records for this UTC day are used up."
    case .overloaded: "Too many requests are waiting. Try again with the same request_id."
    case .reloadRefused(let reason): "Nothing was changed. \(reason)"
    }
  }

  /// Seconds after which the same request may be sent again; `nil` where that changes nothing.
  public var retryAfter: Int? {
    switch self {
    case .tooManyRequests(let seconds), .quotaSpent(let seconds), .overloaded(let seconds): seconds
    case .invalid, .unauthenticated, .forbidden, .conflict, .reloadRefused: nil
    }
  }
}
