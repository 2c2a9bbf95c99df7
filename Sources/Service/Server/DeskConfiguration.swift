import Foundation
import Profiles

/// Where the desk listens, what it may read, and how it is reached.
public struct DeskConfiguration: Sendable {
  /// A host name or an address; only this machine by default, since there is no TLS of our own.
  public var host = "127.0.0.1"
  /// 0 takes any free port.
  public var port = 8080
  /// Folders in which bundles to import are looked for, and nowhere else.
  public var bundleFolders: [String] = []
  /// Keys, of which one must have signed a bundle that is imported; none: anybody's.
  public var trustedKeys: Set<String> = []
  /// The logs that appeal packets are made from; without them there is no download.
  public var logs: String?
  /// Whether browsers reach the desk by TLS: cookies are `Secure` then, and HSTS is sent.
  public var secureCookies = false
  /// Whether a proxy stands before the desk; the last address in `X-Forwarded-For` is then the
  /// client's, and otherwise that field is not believed.
  public var isBehindProxy = false
  /// A proxy that signs people in; without one its header is not looked at.
  public var front: FrontConfiguration?
  /// Whether people may sign in with a password; links to set one are good then too.
  public var hasPasswords = true
  /// What `/metrics` asks for as `Authorization: Bearer`; without it only this machine may read
  /// them, and nobody behind a proxy.
  public var metricsToken: String?
  /// Profiles of files, beside the built-in ones: for making and checking appeal packets.
  public var profiles: [Profile] = []
  /// Requests that one address may make in a minute, on average and at once.
  public var requestsPerMinute = 600
  /// Largest form, in bytes.
  public var formLimit = 1 << 20
  /// Largest appeal packet, in bytes.
  public var packetLimit = 32 << 20
  /// How long the body of a request may take.
  public var bodyTimeout: Duration = .seconds(20)
  /// How long a connection may stay without a request, or with half of a request's head.
  public var idleTimeout: Duration = .seconds(30)
  /// What time it is; rules take it from here so that tests need not wait.
  public var now: @Sendable () -> Date = { Date() }

  public init() {}

  /// The profile of that name, a file's before a built-in one.
  func profile(named name: String) -> Profile? {
    profiles.first { $0.name == name } ?? Profile.named(name)
  }
}
