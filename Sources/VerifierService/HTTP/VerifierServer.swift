import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Intake
import Logging
import Metering
import NIOCore
import ServiceLifecycle

/// A host over HTTP/1.1 with JSON.
public final class VerifierServer: Sendable {
  public let host: VerifierHost
  let certificate: ServerCertificate?
  let configuration: ServerConfiguration
  let intake: Intake?
  let registry: PrometheusRegistry
  let bodies: Bodies
  private let watch: BodyWatch

  /// - Parameters:
  ///   - intake: where records go; `nil` where none are kept.
  ///   - registry: what `/metrics` shows.
  /// - Throws: `SetupError` for TLS files that cannot be used, and where anybody could reach a host
  ///   that has no keys.
  public init(
    host: VerifierHost, configuration: ServerConfiguration, intake: Intake?,
    registry: PrometheusRegistry
  ) throws(SetupError) {
    guard host.hasKeys || ServerConfiguration.isLoopback(configuration.host) else {
      throw SetupError(
        "without a key file the verifier listens on the loopback interface only, not at "
          + "'\(configuration.host)'; make keys with 'assay-verifier keys add'")
    }
    self.host = host
    self.configuration = configuration
    self.intake = intake
    self.registry = registry
    certificate = try configuration.tls.map { files throws(SetupError) in
      try ServerCertificate(files)
    }
    watch = BodyWatch(limit: configuration.bodyTimeout)
    bodies = Bodies(watch: watch, budget: ByteBudget(configuration.bodyBytes))
  }

  /// The server as a service: it ends when it is told to, after the requests that it has begun.
  ///
  /// - Parameter started: called with the port once requests are taken.
  /// - Throws: `SetupError` where TLS cannot be set up.
  public func service(
    logger: Logger, started: @escaping @Sendable (Int) async -> Void = { _ in }
  ) throws(SetupError) -> some Service {
    let application = Application(
      responder: Responder(server: self), server: try builder(),
      configuration: .init(
        address: .hostname(configuration.host, port: configuration.port),
        availableConnectionsDelegate: MaximumAvailableConnections(configuration.connections)),
      onServerRunning: { await started($0.localAddress?.port ?? 0) },
      logger: logger)
    return WatchedService(application: application, watch: watch)
  }

  /// Reads models, policies, keys, certificate and its key anew. A file that cannot be used changes
  /// nothing at all.
  ///
  /// - Throws: `SetupError`.
  @discardableResult
  public func reload() async throws(SetupError) -> ReloadReport {
    let identity: TLSFiles.Identity?
    do throws(SetupError) {
      identity = try certificate?.read()
    } catch {
      host.countRefusedReload(error)
      throw error
    }
    let report = try await host.reload()
    if let identity { certificate?.use(identity) }
    return report
  }

  private func builder() throws(SetupError) -> HTTPServerBuilder {
    let base = HTTPServerBuilder.http1(
      configuration: .init(idleTimeout: TimeAmount(configuration.idleTimeout)))
    guard let certificate else { return base }
    do {
      return try .tls(base, tlsConfiguration: certificate.configuration)
    } catch {
      throw SetupError("TLS cannot be set up: \(error)")
    }
  }
}

/// A server beside the watch over its bodies.
private struct WatchedService<Server: Service>: Service {
  let application: Server
  let watch: BodyWatch

  func run() async throws {
    let watching = Task { await watch.run() }
    defer { watching.cancel() }
    try await application.run()
  }
}
