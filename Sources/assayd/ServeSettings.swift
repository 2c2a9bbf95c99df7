import Foundation
import ProfileFiles
import Profiles
import Review
import Service
import ServiceSupport

/// What `serve` runs with: options before the environment before the file before what is usual.
struct ServeSettings {
  let store: String
  let importsFirst: Bool
  private(set) var desk = DeskConfiguration()

  /// - Throws: ``SettingsError`` for values that cannot be, ``InputMissing``, errors of
  ///   ``ProfileFiles/ProfileFile``.
  init(_ options: ServeOptions, store: String?, _ source: SettingsSource) throws {
    self.store = try source.text("store", store) ?? StoreOption.usual
    importsFirst = try source.flag("import", options.importsFirst) ?? false
    desk.host = try source.text("host", options.host) ?? desk.host
    desk.port = try source.number("port", options.port) ?? desk.port
    desk.bundleFolders = try source.list("bundles", options.bundles) ?? []
    desk.logs = try source.text("logs", options.logs)
    desk.trustedKeys = try Set(
      (source.list("trusted_keys", options.trust) ?? []).map { try TrustedKey($0).digits })
    desk.secureCookies = try source.flag("secure_cookies", options.secureCookies) ?? false
    desk.isBehindProxy = try source.flag("behind_proxy", options.behindProxy) ?? false
    desk.requestsPerMinute =
      try source.number("requests_per_minute", options.requestsPerMinute)
      ?? desk.requestsPerMinute
    desk.hasPasswords = try source.flag("passwords", options.passwords) ?? true
    desk.profiles = try (source.list("profile_files", options.profileFiles) ?? []).map {
      try ProfileFile(path: $0).profile
    }
    if let path = try source.text("metrics_token_file", options.metricsTokenFile) {
      desk.metricsToken = try Self.token(path)
    }
    desk.front = try Self.front(source)
    try check()
  }

  private static func token(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InputMissing(path: path)
    }
    let token = String(decoding: data, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard token.utf8.count >= 16, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw SettingsError(
        description: "\(path): a token has 16 characters or more, of ASCII and without spaces")
    }
    return token
  }

  private static func front(_ source: SettingsSource) throws(SettingsError) -> FrontConfiguration? {
    let names = DeskSettings.names.all.filter { $0.hasPrefix("identity.") }
    let parts = (
      issuer: try source.text("identity.issuer"), audience: try source.list("identity.audience"),
      keys: try source.text("identity.keys"), roles: try source.list("identity.roles")
    )
    guard let issuer = parts.issuer, let audience = parts.audience, let keys = parts.keys,
      let roles = parts.roles, !issuer.isEmpty, !audience.isEmpty, !roles.isEmpty
    else {
      guard names.allSatisfy({ !source.has($0) }) else {
        throw SettingsError(
          description: "a front takes identity.issuer, .audience, .keys and .roles, none empty")
      }
      return nil
    }
    var grants: [FrontConfiguration.Grant] = []
    for text in roles {
      guard let grant = FrontConfiguration.Grant(text) else {
        throw SettingsError(
          description: "identity.roles takes GROUP=ROLE; the roles are "
            + Role.allCases.map(\.rawValue).joined(separator: ", "))
      }
      grants.append(grant)
    }
    var front = FrontConfiguration(
      issuer: issuer, audience: audience, keysFile: keys, roles: grants)
    front.header = try source.text("identity.header") ?? front.header
    front.nameClaim = try source.text("identity.name_claim") ?? front.nameClaim
    front.groupsClaim = try source.text("identity.groups_claim") ?? front.groupsClaim
    front.signOut = try source.text("identity.sign_out")
    if let leeway = try source.number("identity.leeway_seconds") { front.leeway = Double(leeway) }
    guard (0...300).contains(front.leeway) else {
      throw SettingsError(description: "identity.leeway_seconds takes a number from 0 to 300")
    }
    return front
  }

  private func check() throws(SettingsError) {
    guard (0...65_535).contains(desk.port) else {
      throw SettingsError(description: "the port is a number from 0 to 65535")
    }
    guard desk.requestsPerMinute > 0 else {
      throw SettingsError(description: "the requests per minute are a number above zero")
    }
    guard desk.hasPasswords || desk.front != nil else {
      throw SettingsError(description: "without passwords and without a front nobody comes in")
    }
  }
}
