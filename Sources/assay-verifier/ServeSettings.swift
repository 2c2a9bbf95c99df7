import Assay
import Logging
import Profiles
import ServiceSupport
import VerifierGRPC
import VerifierService

/// What `serve` works by: options before the environment before the file before the defaults.
struct ServeSettings {
  let host: HostConfiguration
  let server: ServerConfiguration
  /// `nil` for no gRPC.
  let grpc: GRPCConfiguration?
  let intake: String?
  let drainSeconds: Int
  let logLevel: Logger.Level

  init(_ options: ServeOptions, _ settings: SettingsSource) throws(SettingsError) {
    host = try Self.host(options, settings)
    let server = try Self.server(options, settings)
    self.server = server
    grpc = try Self.grpc(options, settings, server)
    intake = try settings.text("intake", options.intake)
    drainSeconds = try settings.number("drain_seconds", options.drainSeconds) ?? 0
    guard (0...3600).contains(drainSeconds) else {
      throw SettingsError(description: "drain_seconds is a number from 0 to 3600")
    }
    let level = try settings.text("log_level", options.logLevel) ?? "info"
    guard let known = Logger.Level(rawValue: level) else {
      let all = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw SettingsError(description: "there is no log level '\(level)'; there are \(all)")
    }
    logLevel = known
  }

  // MARK: What it judges by

  private static func host(
    _ options: ServeOptions, _ settings: SettingsSource
  ) throws(SettingsError) -> HostConfiguration {
    var configuration = HostConfiguration(files: try files(options, settings))
    configuration.shadowLog = try settings.text("shadow_log", options.shadowLog)
    func set(
      _ value: inout Int, _ name: String, in range: ClosedRange<Int>
    ) throws(SettingsError) {
      guard let given = try settings.number("limits.\(name)") else { return }
      guard range.contains(given) else {
        throw SettingsError(
          description: "limits.\(name) is a number from \(range.lowerBound) to \(range.upperBound)")
      }
      value = given
    }
    try set(&configuration.limits.maxItems, "max_items", in: 1...1_000_000)
    try set(&configuration.limits.maxRecords, "max_records", in: 1...100_000_000)
    try set(&configuration.limits.maxBytes, "max_bytes", in: 1_024...(1 << 30))
    try set(&configuration.limits.maxDeadlineMs, "max_deadline_ms", in: 1...3_600_000)
    try set(&configuration.workers, "workers", in: 1...1_024)
    try set(&configuration.waiting, "waiting", in: 0...1_000_000)
    try set(&configuration.keptAnswers, "kept_answers", in: 0...10_000_000)
    try set(&configuration.keptBytes, "kept_bytes", in: 0...(1 << 36))
    try set(&configuration.shadowWaiting, "shadow_waiting", in: 1...100_000)
    var keptSeconds = 3_600
    try set(&keptSeconds, "kept_seconds", in: 1...604_800)
    configuration.keptFor = .seconds(keptSeconds)
    return configuration
  }

  private static func files(
    _ options: ServeOptions, _ settings: SettingsSource
  ) throws(SettingsError) -> VerifierFiles {
    func pairs(_ given: [String], _ name: String) throws(SettingsError) -> [String: String] {
      try Self.pairs(try settings.list(name, given) ?? [], name)
    }
    let models = try pairs(options.models, "models")
    let policies = try pairs(options.policies, "policies")
    let candidateModels = try pairs(options.candidateModels, "candidate_models")
    let candidatePolicies = try pairs(options.candidatePolicies, "candidate_policies")
    var names = try settings.list("profiles", options.profiles) ?? []
    if names.isEmpty { names = Set(models.keys).union(policies.keys).sorted() }
    if names.isEmpty { names = Profile.builtIn.map(\.name) }
    for pairs in [models, policies, candidateModels, candidatePolicies] {
      for name in pairs.keys.sorted() where !names.contains(name) {
        throw SettingsError(
          description: "'\(name)' has a model or a policy and is not among the profiles: "
            + names.joined(separator: ", "))
      }
    }
    let hasCandidate = !(candidateModels.isEmpty && candidatePolicies.isEmpty)
    return VerifierFiles(
      profiles: names.map { name in
        VerifierFiles.Source(profile: name, model: models[name], policy: policies[name])
      },
      candidate: hasCandidate
        ? names.map { name in
          VerifierFiles.Source(
            profile: name, model: candidateModels[name] ?? models[name],
            policy: candidatePolicies[name] ?? policies[name])
        } : [],
      keys: try settings.text("keys", options.keys))
  }

  /// `PROFILE=FILE`, each profile once.
  private static func pairs(
    _ texts: [String], _ name: String
  ) throws(SettingsError) -> [String: String] {
    var pairs: [String: String] = [:]
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, pairs.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw SettingsError(
          description: "'\(text)': \(name) takes PROFILE=FILE, once for each profile")
      }
    }
    return pairs
  }

  // MARK: Where it listens

  private static func server(
    _ options: ServeOptions, _ settings: SettingsSource
  ) throws(SettingsError) -> ServerConfiguration {
    var server = ServerConfiguration()
    server.host = try settings.text("host", options.host) ?? server.host
    server.port = try port(options.port, "port", settings) ?? server.port
    server.connections = try settings.number("limits.connections") ?? server.connections
    server.bodyBytes = try settings.number("limits.body_bytes") ?? server.bodyBytes
    if let seconds = try settings.number("limits.body_seconds") {
      server.bodyTimeout = .seconds(seconds)
    }
    if let seconds = try settings.number("limits.idle_seconds") {
      server.idleTimeout = .seconds(seconds)
    }
    let smallest = min(
      server.connections, server.bodyBytes, Int(server.bodyTimeout.components.seconds),
      Int(server.idleTimeout.components.seconds))
    guard smallest >= 1 else { throw SettingsError(description: "every limit is at least 1") }
    server.tls = try tls(options, settings)
    return server
  }

  private static func tls(
    _ options: ServeOptions, _ settings: SettingsSource
  ) throws(SettingsError) -> TLSFiles? {
    let certificate = try settings.text("tls.certificate", options.tlsCertificate)
    let key = try settings.text("tls.key", options.tlsKey)
    let authorities = try settings.text("tls.client_ca", options.clientCA)
    switch (certificate, key) {
    case (let certificate?, let key?):
      return TLSFiles(certificate: certificate, key: key, clientAuthorities: authorities)
    case (nil, nil):
      guard authorities == nil else {
        throw SettingsError(description: "tls.client_ca needs tls.certificate and tls.key")
      }
      return nil
    default: throw SettingsError(description: "tls.certificate and tls.key go together")
    }
  }

  private static func grpc(
    _ options: ServeOptions, _ settings: SettingsSource, _ server: ServerConfiguration
  ) throws(SettingsError) -> GRPCConfiguration? {
    guard let port = try port(options.grpcPort, "grpc_port", settings) else { return nil }
    return GRPCConfiguration(
      address: try settings.text("grpc_host") ?? server.host, port: port,
      tls: server.tls.map {
        GRPCConfiguration.TLS(
          certificate: $0.certificate, key: $0.key, clientCA: $0.clientAuthorities)
      })
  }

  private static func port(
    _ given: Int?, _ name: String, _ settings: SettingsSource
  ) throws(SettingsError) -> Int? {
    guard let port = try settings.number(name, given) else { return nil }
    guard (0...65_535).contains(port) else {
      throw SettingsError(description: "\(name) is a number from 0 to 65535")
    }
    return port
  }
}
