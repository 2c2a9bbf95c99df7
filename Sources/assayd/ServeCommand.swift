import ArgumentParser
import Foundation
import Hummingbird
import Logging
import Review
import Service
import ServiceLifecycle
import ServiceSupport

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serves the desk's pages.",
    discussion: """
      There is no TLS of its own: put a proxy before it, with --behind-proxy and --secure-cookies,
      or reach it on this machine only. SIGTERM ends it after the requests that it has begun.

      Each setting is taken from the options, else from the environment (ASSAYD_PORT), else from
      the file of --config, else it is the usual one.
      """)

  @OptionGroup var file: StoreOption
  @OptionGroup var options: ServeOptions

  func run() async throws {
    let source = try await SettingsSource(
      DeskSettings.names, file: options.config, environment: ProcessInfo.processInfo.environment)
    for name in source.strangers {
      Console.logger.warning("there is no setting for the variable \(name)")
    }
    let settings = try ServeSettings(options, store: file.store, source)
    let store = try ReviewStore(path: settings.store)
    let desk = try Desk(store: store, configuration: settings.desk, logger: Console.logger)
    try await desk.readFrontKeys()
    if settings.importsFirst {
      let imported = await BundleImport.all(
        below: settings.desk.bundleFolders, into: store, trusted: settings.desk.trustedKeys)
      for path in imported { desk.indexing?.add(path) }
    }
    try await serve(desk, settings.desk, link: try await firstLink(store, settings.desk))
    try store.close()
  }

  private func serve(_ desk: Desk, _ configuration: DeskConfiguration, link: String?) async throws {
    let scheme = configuration.secureCookies ? "https" : "http"
    let base = "\(scheme)://\(configuration.host)"
    let application = desk.application { port in
      Console.print("listening: \(base):\(port)/")
      if let link { Console.print("first administrator: \(base):\(port)/welcome/\(link)") }
    }
    var services: [any Service] = [application]
    if let indexing = desk.indexing { services.append(indexing) }
    var group = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint],
      logger: Console.logger)
    group.maximumGracefulShutdownDuration = .seconds(20)
    try await ServiceGroup(configuration: group).run()
  }

  /// A link for the first administrator where there is nobody yet; without passwords the front says
  /// who that is.
  private func firstLink(
    _ store: ReviewStore, _ configuration: DeskConfiguration
  ) async throws -> String? {
    guard configuration.hasPasswords, !(try await store.hasPeople()) else { return nil }
    return try await store.addPerson(name: "admin", role: .admin, by: .console, now: Date()).link
  }
}
