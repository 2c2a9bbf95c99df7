import ArgumentParser
import Foundation
import Hummingbird
import Logging
import Review
import Service
import ServiceLifecycle

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serves the desk's pages.",
    discussion: """
      There is no TLS of its own: put a proxy before it, with --behind-proxy and --secure-cookies,
      or reach it on this machine only. SIGTERM ends it after the requests that it has begun.
      """)

  @OptionGroup var file: StoreOption

  @Option(name: .long, help: "The address to listen at.")
  var host = "127.0.0.1"

  @Option(name: .long, help: "The port to listen at; 0 takes any that is free.")
  var port = 8080

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp("Folders that bundles may be imported from.", valueName: "DIR"))
  var bundles: [String] = []

  @Flag(name: [.customLong("import")], help: "Import what lies in the bundle folders first.")
  var importsFirst = false

  @Option(
    name: .long,
    help: ArgumentHelp("The logs of the runs, for appeal packets.", valueName: "DIR"))
  var logs: String?

  @Flag(name: .long, help: "Browsers come by TLS: cookies are for TLS only, and HSTS is sent.")
  var secureCookies = false

  @Flag(
    name: .long, help: "A proxy stands before it: believe the last address of X-Forwarded-For.")
  var behindProxy = false

  @Option(
    name: .long,
    help: ArgumentHelp("Requests that one address may make in a minute.", valueName: "N"))
  var requestsPerMinute = 600

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port takes a number from 0 to 65535")
    }
    guard requestsPerMinute > 0 else {
      throw ValidationError("--requests-per-minute takes a number above zero")
    }
  }

  func run() async throws {
    let store = try file.open()
    if importsFirst { await BundleImport.all(below: bundles, into: store) }
    let link = try await firstLink(store)
    let base = secureCookies ? "https://\(host)" : "http://\(host)"
    let desk = try Desk(store: store, configuration: configuration)
    let application = desk.application(logger: Console.logger) { port in
      Console.print("listening: \(base):\(port)/")
      if let link { Console.print("first administrator: \(base):\(port)/welcome/\(link)") }
    }
    var group = ServiceGroupConfiguration(
      services: [application], gracefulShutdownSignals: [.sigterm, .sigint],
      logger: Console.logger)
    group.maximumGracefulShutdownDuration = .seconds(20)
    try await ServiceGroup(configuration: group).run()
    try store.close()
  }

  /// A link for the first administrator where there is nobody yet.
  private func firstLink(_ store: ReviewStore) async throws -> String? {
    guard !(try await store.hasPeople()) else { return nil }
    return try await store.addPerson(name: "admin", role: .admin, by: .console, now: Date()).link
  }

  private var configuration: DeskConfiguration {
    var configuration = DeskConfiguration()
    configuration.host = host
    configuration.port = port
    configuration.bundleFolders = bundles
    configuration.logs = logs
    configuration.secureCookies = secureCookies
    configuration.isBehindProxy = behindProxy
    configuration.requestsPerMinute = requestsPerMinute
    return configuration
  }
}
