import Foundation
import Review

/// Why a front's token is not believed.
enum TokenFault: String, Error, CaseIterable {
  case malformed, algorithm, key, signature, expired, early, issuer, audience, claims
  /// More than one token in one request.
  case several
  /// It is good, but none of its groups has a role here.
  case role
}

/// A token of a front (JWT, RFC 7519, signed as RFC 7515's compact form).
struct FrontToken {
  /// Longer ones are not read: headers end at 16 KB anyway.
  private static let limit = 16_384

  private let header: [String: Any]
  private let payload: Data
  private let signed: Data
  private let signature: Data

  init(_ text: String) throws(TokenFault) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard text.utf8.count <= Self.limit, parts.count == 3,
      let head = Self.decoded(parts[0]), let payload = Self.decoded(parts[1]),
      let signature = Self.decoded(parts[2]), !signature.isEmpty,
      let header = try? JSONSerialization.jsonObject(with: head) as? [String: Any]
    else { throw .malformed }
    self.header = header
    self.payload = payload
    self.signature = signature
    signed = Data("\(parts[0]).\(parts[1])".utf8)
  }

  /// Base64url without padding (RFC 7515, section 2), and nothing else.
  private static func decoded(_ text: Substring) -> Data? {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
      default: false
      }
    }
    guard isPlain else { return nil }
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    let base64 = String(text).replacing("-", with: "+").replacing("_", with: "/") + padding
    return Data(base64Encoded: base64)
  }

  /// The claims, once the signature proved good under the key that the token names.
  ///
  /// The key decides on the algorithm and the token must agree, so that nobody has a key used in
  /// another way than it was made for. A header that asks for anything more (`crit`) is refused.
  func claims(_ set: FrontKeySet) throws(TokenFault) -> FrontClaims {
    guard header["crit"] == nil, let name = header["alg"] as? String,
      let algorithm = FrontAlgorithm(rawValue: name)
    else { throw .algorithm }
    guard let id = header["kid"] as? String, let key = set.keys[id] else { throw .key }
    guard key.algorithm == algorithm else { throw .algorithm }
    guard (try? key.verifier.verify(signature, signs: signed)) == true else { throw .signature }
    guard let claims = try? JSONSerialization.jsonObject(with: payload) as? [String: Any] else {
      throw .malformed
    }
    return FrontClaims(members: claims)
  }
}

/// What a good token says.
struct FrontClaims {
  let members: [String: Any]

  /// Checks for whom, by whom and for when it was made, and reads who it is.
  func identity(
    _ configuration: FrontConfiguration, now: Date
  ) throws(TokenFault) -> FrontIdentity {
    let now = now.timeIntervalSince1970
    guard members["iss"] as? String == configuration.issuer else { throw .issuer }
    guard texts(members["aud"]).contains(where: configuration.audience.contains) else {
      throw .audience
    }
    guard let end = time("exp") else { throw .claims }
    guard now < end + configuration.leeway else { throw .expired }
    for claim in ["nbf", "iat"] where members[claim] != nil {
      guard let start = time(claim) else { throw .claims }
      guard now + configuration.leeway >= start else { throw .early }
    }
    guard let subject = members["sub"] as? String, !subject.isEmpty, subject.utf8.count <= 500,
      let name = value(configuration.nameClaim) as? String, !name.isEmpty
    else { throw .claims }
    let groups = texts(value(configuration.groupsClaim))
    let roles = configuration.roles.filter { groups.contains($0.group) }.map(\.role)
    guard let role = roles.max() else { throw .role }
    return FrontIdentity(
      issuer: configuration.issuer, subject: subject, name: name, role: role,
      saidAt: Date(timeIntervalSince1970: time("iat") ?? 0))
  }

  /// Seconds since 1970; JSON's true and false are no numbers.
  private func time(_ claim: String) -> Double? {
    guard let number = members[claim] as? NSNumber, !(members[claim] is Bool) else { return nil }
    let seconds = number.doubleValue
    return seconds.isFinite && abs(seconds) < 1e12 ? seconds : nil
  }

  /// A claim of that very name, or a member of one.
  private func value(_ name: String) -> Any? {
    if let value = members[name] { return value }
    var value: Any? = members
    for part in name.split(separator: ".") { value = (value as? [String: Any])?[String(part)] }
    return value
  }

  /// A text, or the texts of a list.
  private func texts(_ value: Any?) -> [String] {
    if let text = value as? String { return [text] }
    return (value as? [Any])?.compactMap { $0 as? String } ?? []
  }
}
