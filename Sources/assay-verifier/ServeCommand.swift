import ArgumentParser
import Foundation
import Intake
import Logging
import Metering
import ServiceLifecycle
import ServiceSupport
import VerifierGRPC
import VerifierService

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serves coordinators.",
    discussion: """
      Options come before the environment (ASSAY_VERIFIER_PORT for the setting port), which comes
      before the file of --config, which comes before the defaults. Docs/verifier.md lists the
      settings. SIGTERM ends it after the requests that it has begun; SIGHUP reads models,
      policies, keys and certificate anew.
      """)

  @OptionGroup var options: ServeOptions

  func run() async throws {
    let source = try await SettingsSource(
      VerifierSettings.names, file: options.config, environment: ProcessInfo.processInfo.environment
    )
    let settings = try ServeSettings(options, source)
    let logger = Console.logger(settings.logLevel)
    for name in source.strangers {
      logger.warning("there is no setting for the variable \(name)")
    }
    let registry = PrometheusRegistry(VerifierHost.metricDescriptions)
    let host = try VerifierHost(settings.host, registry: registry, logger: logger)
    let intake = try settings.intake.map { folder in
      try Intake(IntakeSettings(folder: folder, schemas: try settings.host.files.schemas()))
    }
    let server = try VerifierServer(
      host: host, configuration: settings.server, intake: intake, registry: registry)
    if !host.hasKeys {
      logger.warning("there is no key file: every program of this machine may do everything")
    }
    try await serve(server, settings, logger)
    await intake?.close()
  }

  private func serve(
    _ server: VerifierServer, _ settings: ServeSettings, _ logger: Logger
  ) async throws {
    let host = server.host
    let scheme = settings.server.tls == nil ? "http" : "https"
    let http = try server.service(logger: logger) { port in
      Console.print("listening: \(scheme)://\(settings.server.host):\(port)")
    }
    // The end takes them in the reverse order, one after the other.
    var services: [any Service] = [CandidateService(host: host), http]
    if let grpc = settings.grpc {
      guard host.hasKeys || ServerConfiguration.isLoopback(grpc.address) else {
        throw SetupError("without a key file gRPC is served on the loopback interface only")
      }
      services.append(
        GRPCService(
          server: try VerifierGRPCServer(grpc, host: host, logger: logger), address: grpc.address))
    }
    services.append(ReloadService(server: server, logger: logger))
    services.append(DrainService(host: host, seconds: settings.drainSeconds))
    var group = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration =
      .seconds(settings.drainSeconds) + .milliseconds(host.limits.maxDeadlineMs) + .seconds(15)
    try await ServiceGroup(configuration: group).run()
  }
}
