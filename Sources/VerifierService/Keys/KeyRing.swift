import Contributions
import Foundation

/// The keys that are taken now.
struct KeyRing: Sendable {
  private let keys: [String: APIKey]

  init(_ keys: [APIKey]) {
    self.keys = Dictionary(keys.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  var count: Int { keys.count }

  /// Why a field `authorization` was refused, for the log.
  enum Refusal: String, Error {
    case absent = "no key given"
    case malformed = "not of the form Bearer ID.SECRET"
    case unknown = "unknown key"
    case wrongSecret = "wrong secret"
    case expired = "key has run out"
  }

  /// The holder of the key in a field `authorization`, `Bearer ID.SECRET`.
  ///
  /// A secret is compared by digest and in constant time, with a digest of nobody where the id is
  /// unknown, so that the time tells neither.
  func caller(authorization: String?, now: Date) throws(Refusal) -> Caller {
    guard let authorization else { throw .absent }
    guard let (id, secret) = Self.parts(of: authorization) else { throw .malformed }
    let digest = APIKey.digest(ofSecret: secret)
    let key = keys[id]
    let isCurrent = Self.areEqual(digest, key?.secretSHA256 ?? Self.nobody)
    let isPrevious = Self.areEqual(digest, key?.previous?.secretSHA256 ?? Self.nobody)
    guard let key else { throw .unknown }
    guard isCurrent || isPrevious else { throw .wrongSecret }
    if !isCurrent, let previous = key.previous, previous.notAfter <= now { throw .expired }
    if let end = key.notAfter, end <= now { throw .expired }
    return key.caller
  }

  private static let nobody = [UInt8](repeating: 0, count: 32)

  /// `Bearer` is read in any case (RFC 9110 §11.1); the id ends at the first full stop.
  private static func parts(of authorization: String) -> (id: String, secret: Substring)? {
    guard authorization.utf8.count <= 512 else { return nil }
    let words = authorization.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count == 2, words[0].lowercased() == "bearer",
      let dot = words[1].firstIndex(of: ".")
    else { return nil }
    let id = String(words[1][..<dot])
    let secret = words[1][words[1].index(after: dot)...]
    return APIKey.isID(id) && !secret.isEmpty ? (id, secret) : nil
  }

  private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
