import Contributions
import Crypto
import Foundation

/// A key as its file holds it: what it allows, and the digest of its secret, never the secret.
///
/// Secrets are 32 random bytes, so that one SHA-256 is enough: there is nothing to guess.
public struct APIKey: Sendable, Equatable {
  /// A secret that is still taken for a while, after another took its place.
  public struct Previous: Sendable, Equatable {
    public var secretSHA256: [UInt8]
    public var notAfter: Date

    public init(secretSHA256: [UInt8], notAfter: Date) {
      self.secretSHA256 = secretSHA256
      self.notAfter = notAfter
    }
  }

  /// 1–64 of `A–Z a–z 0–9 _ -`.
  public var id: String
  /// SHA-256 of the secret's text, 32 bytes.
  public var secretSHA256: [UInt8]
  public var scopes: Set<Scope>
  /// `nil` for no limit.
  public var requestsPerSecond: Int?
  /// `nil` for no limit.
  public var recordsPerDay: Int?
  /// The moment from which on it is refused; `nil` for never.
  public var notAfter: Date?
  public var previous: Previous?

  public init(
    id: String, secretSHA256: [UInt8], scopes: Set<Scope>, requestsPerSecond: Int? = nil,
    recordsPerDay: Int? = nil, notAfter: Date? = nil, previous: Previous? = nil
  ) {
    self.id = id
    self.secretSHA256 = secretSHA256
    self.scopes = scopes
    self.requestsPerSecond = requestsPerSecond
    self.recordsPerDay = recordsPerDay
    self.notAfter = notAfter
    self.previous = previous
  }

  /// Whether an id may be an id.
  public static func isID(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  /// A new secret: 32 bytes of the system's random numbers, in hexadecimal.
  public static func newSecret() -> String {
    Hex.encode(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
  }

  public static func digest(ofSecret secret: some StringProtocol) -> [UInt8] {
    Array(SHA256.hash(data: Array(secret.utf8)))
  }

  var caller: Caller {
    Caller(
      id: id, scopes: scopes, requestsPerSecond: requestsPerSecond, recordsPerDay: recordsPerDay)
  }
}
