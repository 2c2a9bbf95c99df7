import Contributions
import Foundation

/// The key file as it is written. Members that are not known are refused: a misspelt `not_after`
/// would otherwise be a key for ever.
struct KeyFileDocument: Decodable {
  let keys: [Entry]

  init(from decoder: any Decoder) throws {
    let members = try decoder.strictMembers(["keys"])
    keys = try members.decode([Entry].self, forKey: "keys")
  }

  struct Entry: Decodable {
    var id: String
    var secretSHA256: String
    var scopes: [String]
    var requestsPerSecond: Int?
    var recordsPerDay: Int?
    var notAfter: String?
    var previous: Previous?

    init(from decoder: any Decoder) throws {
      let members = try decoder.strictMembers([
        "id", "secret_sha256", "scopes", "requests_per_second", "records_per_day", "not_after",
        "previous",
      ])
      id = try members.decode(String.self, forKey: "id")
      secretSHA256 = try members.decode(String.self, forKey: "secret_sha256")
      scopes = try members.decode([String].self, forKey: "scopes")
      requestsPerSecond = try members.decodeIfPresent(Int.self, forKey: "requests_per_second")
      recordsPerDay = try members.decodeIfPresent(Int.self, forKey: "records_per_day")
      notAfter = try members.decodeIfPresent(String.self, forKey: "not_after")
      previous = try members.decodeIfPresent(Previous.self, forKey: "previous")
    }
  }

  struct Previous: Decodable {
    var secretSHA256: String
    var notAfter: String

    init(secretSHA256: String, notAfter: String) {
      self.secretSHA256 = secretSHA256
      self.notAfter = notAfter
    }

    init(from decoder: any Decoder) throws {
      let members = try decoder.strictMembers(["secret_sha256", "not_after"])
      secretSHA256 = try members.decode(String.self, forKey: "secret_sha256")
      notAfter = try members.decode(String.self, forKey: "not_after")
    }
  }
}

extension KeyFileDocument.Entry {
  init(_ key: APIKey) {
    id = key.id
    secretSHA256 = Hex.encode(key.secretSHA256)
    scopes = key.scopes.sorted().map(\.rawValue)
    requestsPerSecond = key.requestsPerSecond
    recordsPerDay = key.recordsPerDay
    notAfter = key.notAfter?.ISO8601Format()
    previous = key.previous.map {
      KeyFileDocument.Previous(
        secretSHA256: Hex.encode($0.secretSHA256), notAfter: $0.notAfter.ISO8601Format())
    }
  }

  var json: CanonicalJSON {
    var members: [String: CanonicalJSON] = [
      "id": .string(id), "secret_sha256": .string(secretSHA256),
      "scopes": .array(scopes.map { .string($0) }),
    ]
    members["requests_per_second"] = requestsPerSecond.map { .clamped(Int64($0)) }
    members["records_per_day"] = recordsPerDay.map { .clamped(Int64($0)) }
    members["not_after"] = notAfter.map { .string($0) }
    members["previous"] = previous.map {
      ["secret_sha256": .string($0.secretSHA256), "not_after": .string($0.notAfter)]
    }
    return .object(members)
  }

  /// The key, every value checked.
  func key() throws(SetupError) -> APIKey {
    var known = Set<Scope>()
    for name in scopes {
      guard let scope = Scope(rawValue: name) else {
        let all = Scope.allCases.map(\.rawValue).joined(separator: ", ")
        throw SetupError("there is no scope '\(name)'; there are \(all)")
      }
      known.insert(scope)
    }
    for limit in [requestsPerSecond, recordsPerDay] where limit.map({ $0 < 1 }) ?? false {
      throw SetupError("a limit is at least 1; leave it out for no limit")
    }
    return APIKey(
      id: id, secretSHA256: try Self.digest(secretSHA256), scopes: known,
      requestsPerSecond: requestsPerSecond, recordsPerDay: recordsPerDay,
      notAfter: try notAfter.map { text throws(SetupError) in try Self.moment(text) },
      previous: try previous.map { entry throws(SetupError) in
        APIKey.Previous(
          secretSHA256: try Self.digest(entry.secretSHA256),
          notAfter: try Self.moment(entry.notAfter))
      })
  }

  private static func digest(_ text: String) throws(SetupError) -> [UInt8] {
    guard let bytes = Hex.decode(text), bytes.count == 32 else {
      throw SetupError("secret_sha256 is 64 lower-case hexadecimal digits")
    }
    return bytes
  }

  private static func moment(_ text: String) throws(SetupError) -> Date {
    let milliseconds = Array(text.utf8).withUnsafeBufferPointer {
      Timestamp.milliseconds(rfc3339: $0)
    }
    guard let milliseconds else {
      throw SetupError("not_after is a moment such as 2027-01-31T00:00:00Z")
    }
    return Date(timeIntervalSince1970: Double(milliseconds) / 1000)
  }
}
