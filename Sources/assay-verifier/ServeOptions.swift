import ArgumentParser

/// What `serve` is told by options. What they leave out comes from the environment, then from the
/// file, then from the defaults.
struct ServeOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("A file of settings (JSON).", valueName: "FILE"))
  var config: String?

  @Option(name: .long, help: "The address to listen at; this machine only by default.")
  var host: String?

  @Option(name: .long, help: "The port of HTTP, 8090 by default; 0 takes any that is free.")
  var port: Int?

  @Option(name: .long, help: "The port of gRPC; without it there is no gRPC.")
  var grpcPort: Int?

  @Option(
    name: .customLong("profile"),
    help: ArgumentHelp(
      "A profile to judge, by name or as a file (.yaml); may be repeated.", valueName: "PROFILE"))
  var profiles: [String] = []

  @Option(
    name: .customLong("model"),
    help: ArgumentHelp("The model of a profile; may be repeated.", valueName: "PROFILE=FILE"))
  var models: [String] = []

  @Option(
    name: .customLong("policy"),
    help: ArgumentHelp("The policy of a profile; may be repeated.", valueName: "PROFILE=FILE"))
  var policies: [String] = []

  @Option(
    name: .customLong("candidate-model"),
    help: ArgumentHelp(
      "A model that judges in the shadow; may be repeated.", valueName: "PROFILE=FILE"))
  var candidateModels: [String] = []

  @Option(
    name: .customLong("candidate-policy"),
    help: ArgumentHelp(
      "A policy that judges in the shadow; may be repeated.", valueName: "PROFILE=FILE"))
  var candidatePolicies: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("The key file; without it only this machine may ask.", valueName: "FILE"))
  var keys: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The folder that records go to; without it none are taken.", valueName: "DIR"))
  var intake: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A file for the nodes on which the candidate differs.", valueName: "FILE"))
  var shadowLog: String?

  @Option(name: .long, help: ArgumentHelp("The certificate, PEM.", valueName: "FILE"))
  var tlsCertificate: String?

  @Option(name: .long, help: ArgumentHelp("Its private key, PEM.", valueName: "FILE"))
  var tlsKey: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Whose certificates callers must have (mTLS), PEM.", valueName: "FILE"))
  var clientCA: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How long requests are still taken once the end was told.", valueName: "N"))
  var drainSeconds: Int?

  @Option(name: .long, help: "trace, debug, info, notice, warning or error; info by default.")
  var logLevel: String?
}
