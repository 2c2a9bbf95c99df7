import ArgumentParser

/// What `serve` is told on the command line; what is not comes from the environment or the file.
struct ServeOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("Settings as JSON; see Docs/review.md.", valueName: "FILE"))
  var config: String?

  @Option(name: .long, help: "The address to listen at; 127.0.0.1 if nothing says otherwise.")
  var host: String?

  @Option(name: .long, help: "The port to listen at, 8080; 0 takes any that is free.")
  var port: Int?

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp("Folders that bundles may be imported from.", valueName: "DIR"))
  var bundles: [String] = []

  @Flag(
    name: [.customLong("import")], inversion: .prefixedNo,
    help: "Import what lies in the bundle folders first.")
  var importsFirst: Bool?

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp(
      "Public keys, of which one must have signed what is imported; else anybody's is.",
      valueName: "KEY"))
  var trust: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The logs of the runs, for appeal packets and for the records of what --import brings.",
      valueName: "DIR"))
  var logs: String?

  @Option(
    name: .customLong("profile-file"), parsing: .upToNextOption,
    help: ArgumentHelp("Profiles beside the built-in ones, for appeal packets.", valueName: "FILE"))
  var profileFiles: [String] = []

  @Flag(
    name: .long, inversion: .prefixedNo,
    help: "Browsers come by TLS: cookies are for TLS only, and HSTS is sent.")
  var secureCookies: Bool?

  @Flag(
    name: .long, inversion: .prefixedNo,
    help: "A proxy stands before it: believe the last address of X-Forwarded-For.")
  var behindProxy: Bool?

  @Option(
    name: .long,
    help: ArgumentHelp("Requests that one address may make in a minute, 600.", valueName: "N"))
  var requestsPerMinute: Int?

  @Flag(
    name: .long, inversion: .prefixedNo,
    help: "Whether people may sign in with a password. Without, only a front lets them in.")
  var passwords: Bool?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A file with the token that /metrics asks for; without it only this machine may read them.",
      valueName: "FILE"))
  var metricsTokenFile: String?
}
