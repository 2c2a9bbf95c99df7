import Crypto
import Foundation
import HTTPTypes
import HummingbirdTesting
import Review

@testable import Service

/// A front with keys of its own, and a desk behind it.
final class FrontFixture: Sendable {
  static let issuer = "https://front.example"
  static let now = DeskFixture.now.timeIntervalSince1970

  let es256 = P256.Signing.PrivateKey()
  let edDSA = Curve25519.Signing.PrivateKey()
  let keysFile: String
  let desk: DeskFixture

  init(change: (inout DeskConfiguration) -> Void = { _ in }) async throws {
    let file =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("assay-keys-\(UUID().uuidString).json").path
    keysFile = file
    desk = try await DeskFixture { configuration in
      var front = FrontConfiguration(
        issuer: Self.issuer, audience: ["desk", "desk-2"], keysFile: file,
        roles: ["cn=a,ou=b=analyst", "bosses=lead", "root=admin"].compactMap {
          FrontConfiguration.Grant($0)
        })
      front.signOut = "/oauth2/sign_out"
      configuration.front = front
      change(&configuration)
    }
    try writeKeys([es256JWK("es"), edDSAJWK("ed")])
  }

  deinit {
    try? FileManager.default.removeItem(atPath: keysFile)
  }

  // MARK: Keys

  func writeKeys(_ keys: [[String: String]]) throws {
    let json = try JSONSerialization.data(withJSONObject: ["keys": keys])
    try json.write(to: URL(fileURLWithPath: keysFile), options: .atomic)
  }

  func es256JWK(_ id: String, of key: P256.Signing.PrivateKey? = nil) -> [String: String] {
    let point = (key ?? es256).publicKey.rawRepresentation
    return [
      "kty": "EC", "crv": "P-256", "kid": id, "x": Self.text(point.prefix(32)),
      "y": Self.text(point.suffix(32)),
    ]
  }

  func edDSAJWK(_ id: String) -> [String: String] {
    [
      "kty": "OKP", "crv": "Ed25519", "kid": id, "alg": "EdDSA", "use": "sig",
      "x": Self.text(edDSA.publicKey.rawRepresentation),
    ]
  }

  // MARK: Tokens

  static func text(_ data: some DataProtocol) -> String {
    Data(data).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  static var claims: [String: Any] {
    [
      "iss": issuer, "aud": "desk", "sub": "u-1", "email": "ada@example.org",
      "groups": ["cn=a,ou=b"], "iat": now - 60, "nbf": now - 60, "exp": now + 600,
    ]
  }

  /// A token as the front makes it, with other claims or header fields where given; `NSNull` takes
  /// one out.
  func token(
    _ changes: [String: Any] = [:], header: [String: Any] = [:],
    sign: ((Data) throws -> Data)? = nil
  ) throws -> String {
    let sign = sign ?? { [es256] in try es256.signature(for: $0).rawRepresentation }
    var head: [String: Any] = ["alg": "ES256", "kid": "es", "typ": "JWT"]
    head.merge(header) { $1 }
    var claims = Self.claims
    claims.merge(changes) { $1 }
    let parts = try [head, claims].map { object in
      Self.text(
        try JSONSerialization.data(withJSONObject: object.filter { !($0.value is NSNull) }))
    }
    let input = parts.joined(separator: ".")
    return input + "." + Self.text(try sign(Data(input.utf8)))
  }

  func get(_ path: String, _ tokens: String..., cookie: String? = nil) async throws -> TestResponse
  {
    var headers: HTTPFields = [:]
    for token in tokens {
      headers.append(HTTPField(name: .authorization, value: "Bearer \(token)"))
    }
    if let cookie { headers[.cookie] = "\(desk.desk.sessionCookie)=\(cookie)" }
    return try await desk.send(path, .get, headers: headers, body: nil)
  }

  /// The session that an answer sets.
  func session(_ answer: TestResponse) -> String? {
    answer.headers[.setCookie]?.split(separator: ";").first?.split(separator: "=").last
      .map(String.init)
  }
}
