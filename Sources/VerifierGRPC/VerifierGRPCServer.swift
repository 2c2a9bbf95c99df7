import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import ServiceLifecycle
import VerifierService

/// Serves a host over gRPC: `depin.verifier.v1.Verifier`, health and reflection.
///
/// A service of the service lifecycle. Health says NOT_SERVING from the moment that the host drains.
/// When the service is told to end, new calls are UNAVAILABLE, those that run go on to their end, and
/// then ``run()`` returns.
public struct VerifierGRPCServer: Service {
  private let server: GRPCServer<HTTP2ServerTransport.Posix>
  private let host: VerifierHost
  private let certificate: CertificateFiles?
  private let end = EndSignal()

  /// - Throws: `SetupError` naming the TLS file that cannot be used.
  public init(
    _ configuration: GRPCConfiguration, host: VerifierHost, logger: Logger
  ) throws {
    certificate = try configuration.tls.map { try CertificateFiles($0, logger: logger) }
    let transport = HTTP2ServerTransport.Posix(
      address: configuration.socketAddress,
      transportSecurity: try configuration.security(certificate),
      config: Self.transport(configuration, host: host))
    server = GRPCServer(
      transport: transport,
      services: [
        VerifierCalls(host: host, end: end, window: configuration.streamWindow),
        HealthCalls(host: host, end: end),
        ReflectionCalls(index: try DescriptorIndex.embedded(), host: host, end: end),
      ])
    self.host = host
  }

  /// The port that it listens on, once it does.
  ///
  /// - Throws: if it cannot listen.
  public var port: Int? {
    get async throws {
      let address = try await server.transport.listeningAddress
      return address.ipv4?.port ?? address.ipv6?.port
    }
  }

  /// Serves until the service lifecycle tells it to end and the last call has ended.
  ///
  /// - Throws: what keeps it from listening, such as NIO's `IOError` where the address is taken.
  public func run() async throws {
    let watch = Task { await certificate?.watch() }
    defer { watch.cancel() }
    try await withGracefulShutdownHandler {
      do {
        try await server.serve()
      } catch let error as RuntimeError {
        throw error.cause ?? error
      }
    } onGracefulShutdown: {
      host.drain()
      end.raise()
      server.beginGracefulShutdown()
    }
  }

  private static func transport(
    _ configuration: GRPCConfiguration, host: VerifierHost
  ) -> HTTP2ServerTransport.Posix.Config {
    .defaults { config in
      config.http2.maxConcurrentStreams = configuration.maxCallsPerConnection
      // Sixteen times the default: a large request does not wait for the network's way back and forth.
      config.http2.targetWindowSize = 1 << 20
      // The guard refuses what is larger, properly; this limit is not reached.
      config.rpc.maxRequestPayloadSize = host.limits.maxBytes
      config.connection.maxIdleTime = .seconds(600)
      config.connection.maxGraceTime = .milliseconds(host.limits.maxDeadlineMs) + .seconds(5)
      // A caller that has vanished is noticed within 80 s instead of two hours.
      config.connection.keepalive.time = .seconds(60)
      config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(10)
      config.connection.keepalive.clientBehavior.allowWithoutCalls = true
      config.channelDebuggingCallbacks.onBindTCPListener = { channel in
        channel.eventLoop.makeCompletedFuture {
          let gate = ConnectionGate(limit: configuration.maxConnections)
          try channel.pipeline.syncOperations.addHandler(gate, position: .first)
        }
      }
      config.channelDebuggingCallbacks.onAcceptHTTP2Stream = { channel in
        channel.eventLoop.makeCompletedFuture {
          let callGuard = CallGuard(limit: host.limits.maxBytes)
          try channel.pipeline.syncOperations.addHandler(callGuard, position: .first)
        }
      }
    }
  }
}
