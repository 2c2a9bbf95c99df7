import Assay
import GRPCCore
import VerifierService

extension RPCError {
  /// What the host refused, as a status. The trailing metadata has the host's code in `assay-code`
  /// and, where waiting helps, the seconds in `retry-after`.
  init(_ error: HostError) {
    let code: RPCError.Code =
      switch error {
      case .invalid(let error): error.code == .tooLarge ? .resourceExhausted : .invalidArgument
      case .unauthenticated: .unauthenticated
      case .forbidden: .permissionDenied
      case .conflict: .alreadyExists
      case .tooManyRequests, .quotaSpent: .resourceExhausted
      case .overloaded: .unavailable
      case .reloadRefused: .failedPrecondition
      }
    var metadata: Metadata = ["assay-code": "\(error.code)"]
    if let seconds = error.retryAfter { metadata.addString(String(seconds), forKey: "retry-after") }
    self.init(code: code, message: error.message, metadata: metadata)
  }

  /// A mistake of the caller.
  static func invalid(_ message: String, code: String = "bad_message") -> RPCError {
    RPCError(code: .invalidArgument, message: message, metadata: ["assay-code": "\(code)"])
  }

  static var deadlinePassed: RPCError {
    RPCError(
      code: .deadlineExceeded, message: "The call's deadline passed.",
      metadata: ["assay-code": "deadline"])
  }

  static var draining: RPCError {
    RPCError(
      code: .unavailable,
      message: "This verifier is about to end. Ask another, or the same one in a moment.",
      metadata: ["assay-code": "draining", "retry-after": "1"])
  }
}

extension WireError {
  /// A request of a stream that has no answer.
  init(_ error: HostError) {
    status = Int32(RPCError(error).code.rawValue)
    code = error.code
    message = error.message
    if let seconds = error.retryAfter { retryAfterS = Int64(seconds) }
  }
}
