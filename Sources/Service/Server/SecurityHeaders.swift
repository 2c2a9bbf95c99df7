import HTTPTypes
import Hummingbird

/// What browsers are told about every answer.
enum SecurityHeaders {
  /// Nothing from elsewhere and nothing inline: styles and the script come from the desk's own
  /// files, forms go back to the desk, nobody frames it.
  static let pagePolicy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    + "frame-ancestors 'none'; base-uri 'none'"

  /// A bundle's report was made elsewhere: it may show itself, with its own styles, and do nothing.
  static let reportPolicy =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; "
    + "base-uri 'none'; form-action 'none'"

  /// Sets what an answer has not set itself.
  ///
  /// The referrer stays within the desk: with `no-referrer` browsers would also send `Origin: null`
  /// with the desk's own forms, and where a form came from could not be checked.
  static func apply(to response: inout Response, isSecure: Bool) {
    var values: [(HTTPField.Name?, String)] = [
      (.contentSecurityPolicy, pagePolicy),
      (.xContentTypeOptions, "nosniff"),
      (HTTPField.Name("X-Frame-Options"), "DENY"),
      (HTTPField.Name("Referrer-Policy"), "same-origin"),
      (HTTPField.Name("Cross-Origin-Opener-Policy"), "same-origin"),
      (HTTPField.Name("Cross-Origin-Resource-Policy"), "same-origin"),
      (
        HTTPField.Name("Permissions-Policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
      ),
      (.cacheControl, "no-store"),
    ]
    if isSecure { values.append((.strictTransportSecurity, "max-age=31536000")) }
    for case (let name?, let value) in values where response.headers[name] == nil {
      response.headers[name] = value
    }
  }
}
