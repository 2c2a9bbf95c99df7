import Foundation
import JWTKit
import Logging

/// What is wrong with a file of keys.
public struct FrontKeysError: Error, Sendable, CustomStringConvertible {
  public let description: String
}

/// The signature algorithms that a front may use. `none` and those with a shared secret are not
/// among them: whoever could check such a token could also make one.
enum FrontAlgorithm: String, Sendable {
  case rs256 = "RS256"
  case es256 = "ES256"
  case edDSA = "EdDSA"

  /// The algorithm of a key's type and curve; a key is good for no other.
  init?(_ key: JWK) {
    switch (key.keyType, key.curve?.rawValue) {
    case (.rsa, _): self = .rs256
    case (.ecdsa, "P-256"): self = .es256
    case (.octetKeyPair, "Ed25519"): self = .edDSA
    default: return nil
    }
    guard key.algorithm == nil || key.algorithm?.rawValue == rawValue else { return nil }
  }
}

/// Public keys by their number.
struct FrontKeySet: Sendable {
  struct Key: Sendable {
    let algorithm: FrontAlgorithm
    let verifier: any JWTAlgorithm
  }

  private(set) var keys: [String: Key] = [:]

  /// Reads a JWK set. Keys of other uses and algorithms are left out.
  ///
  /// - Throws: ``FrontKeysError`` for what is no JWK set, has no key that can be used, two with one
  ///   number, or a private one, which has no business here.
  init(json: Data) async throws(FrontKeysError) {
    guard let set = try? JSONSerialization.jsonObject(with: json) as? [String: Any],
      let members = set["keys"] as? [[String: Any]]
    else { throw FrontKeysError(description: "it is no JWK set") }
    for member in members {
      guard let id = member["kid"] as? String, !id.isEmpty,
        (member["use"] as? String ?? "sig") == "sig"
      else { continue }
      guard member["d"] == nil else {
        throw FrontKeysError(description: "key \(id) is a private one")
      }
      guard let key = await Self.key(member, id: id) else { continue }
      guard keys.updateValue(key, forKey: id) == nil else {
        throw FrontKeysError(description: "two keys have the number \(id)")
      }
    }
    guard !keys.isEmpty else {
      throw FrontKeysError(
        description: "it has no key for RS256, ES256 or EdDSA with a number (kid)")
    }
  }

  private static func key(_ member: [String: Any], id: String) async -> Key? {
    // JWTKit decodes the whole set or nothing; other keys, such as for encryption, may stand by.
    guard let json = try? JSONSerialization.data(withJSONObject: member),
      let key = try? JSONDecoder().decode(JWK.self, from: json),
      let algorithm = FrontAlgorithm(key)
    else { return nil }
    let number = JWKIdentifier(string: id)
    // A collection of one: with several it takes another key for a number that it does not know.
    let collection = JWTKeyCollection()
    guard (try? await collection.add(jwk: key)) != nil,
      let verifier = try? await collection.getKey(for: number, alg: algorithm.rawValue)
    else { return nil }
    return Key(algorithm: algorithm, verifier: verifier)
  }
}

/// The keys of a file, read again whenever it changed. One that cannot be read changes nothing: the
/// keys of before hold on, and the log says so.
actor FrontKeys {
  private struct Stamp: Equatable {
    let inode: UInt64
    let size: Int64
    let seconds: Int
    let nanoseconds: Int
  }

  private let path: String
  private var stamp: Stamp?
  private var present: FrontKeySet?

  init(path: String) {
    self.path = path
  }

  /// - Throws: ``FrontKeysError`` where there never were any keys.
  func keys(logger: Logger? = nil) async throws(FrontKeysError) -> FrontKeySet {
    let now = Self.stamp(of: path)
    if let present, now == stamp { return present }
    stamp = now
    do throws(FrontKeysError) {
      let set = try await FrontKeySet(json: try Self.bytes(of: path))
      if present != nil { logger?.notice("the front's keys were read anew") }
      present = set
      return set
    } catch {
      guard let present else { throw FrontKeysError(description: "\(path): \(error)") }
      logger?.error("the front's keys cannot be read, the old ones hold on: \(path): \(error)")
      return present
    }
  }

  private static func bytes(of path: String) throws(FrontKeysError) -> Data {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FrontKeysError(description: "there is no such file, or it cannot be read")
    }
    return data
  }

  private static func stamp(of path: String) -> Stamp? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Stamp(
      inode: UInt64(status.st_ino), size: Int64(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }
}
