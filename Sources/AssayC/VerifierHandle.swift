import Assay

/// What the caller's pointer points to.
final class VerifierHandle: Sendable {
  let verifier: Verifier

  init(_ verifier: Verifier) {
    self.verifier = verifier
  }

  /// Hands the handle over to the caller, who gives it back with `release`.
  var pointer: UnsafeMutableRawPointer {
    Unmanaged.passRetained(self).toOpaque()
  }

  static func at(_ pointer: UnsafeRawPointer) -> VerifierHandle {
    Unmanaged<VerifierHandle>.fromOpaque(pointer).takeUnretainedValue()
  }

  static func release(_ pointer: UnsafeRawPointer) {
    Unmanaged<VerifierHandle>.fromOpaque(pointer).release()
  }
}
