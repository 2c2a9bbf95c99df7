import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// Whether a form comes from a page of the desk itself.
enum FormOrigin {
  /// Browsers say where a form comes from; one that says "elsewhere" is refused, whatever else it
  /// holds. Programs say nothing, and have the token to show.
  static func isOwn(_ request: Request) -> Bool {
    if let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ request.headers[$0] }),
      site != "same-origin", site != "none"
    {
      return false
    }
    guard let origin = request.headers[.origin] else { return true }
    guard let scheme = origin.range(of: "://"), let host = request.head.authority else {
      return false
    }
    return origin[scheme.upperBound...].lowercased() == host.lowercased()
  }
}

/// The token of forms that are sent before anybody is signed in: a code over a random cookie.
struct GuestTokens: Sendable {
  static let cookie = "assay_guest"

  private let key = SymmetricKey(size: .bits256)

  func token(for guest: String) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Array(guest.utf8), using: key)
    return code.map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  func isToken(_ token: String, for guest: String) -> Bool {
    ConstantTime.equal(token, self.token(for: guest))
  }

  static func newGuest() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<4).map { _ in String(generator.next() as UInt64, radix: 36) }.joined()
  }
}

enum ConstantTime {
  /// Compares without telling by the time where two texts differ.
  static func equal(_ left: String, _ right: String) -> Bool {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
