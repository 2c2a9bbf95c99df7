import Foundation
import NIOCore

/// Where the HTTP server listens and how it is reached.
public struct ServerConfiguration: Sendable {
  /// A host name or an address; only this machine by default.
  public var host = "127.0.0.1"
  /// 0 takes any free port.
  public var port = 8090
  /// `nil` for plain HTTP: on this machine, or behind a proxy that does TLS.
  public var tls: TLSFiles?
  /// Connections at a time; more wait in the system's queue.
  public var connections = 1_024
  /// How long the body of a request may take, to the second.
  public var bodyTimeout: Duration = .seconds(30)
  /// How long a connection may stay without a request, or with half of a request's head.
  public var idleTimeout: Duration = .seconds(60)
  /// Bytes of bodies that are held at a time, over all connections; a request beyond it is told to
  /// come again.
  public var bodyBytes = 256 << 20

  public init() {}

  /// Whether only this machine can reach the server.
  ///
  /// Names other than `localhost` count as reachable: what they stand for can change.
  public static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    guard let address = try? SocketAddress(ipAddress: host, port: 0), case .v4 = address
    else { return false }
    return host.hasPrefix("127.")
  }
}
