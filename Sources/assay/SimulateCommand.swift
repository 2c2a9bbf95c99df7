import ArgumentParser
import Foundation
import Pipeline
import Simulation
import Synchronization

struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Writes a labelled log of a simulated network.",
    discussion: """
      One file per day and labels.csv, which says of every node what it plays: honest, broken,
      look-alike, or an attack at a strength. The same settings write the same bytes.

        assay simulate wireless --nodes 2000 --epochs 1 --seed 7 --out simulated
        assay run --profile wireless --out out simulated
        assay evaluate out/wireless/epoch-* --labels simulated/labels.csv
      """)

  @Argument(help: "wireless, compute, storage, mobility or environment.")
  var profile: String

  @Option(name: .long, help: ArgumentHelp("A new folder for the log.", valueName: "DIR"))
  var out: String

  @Option(name: .long, help: ArgumentHelp("Number of nodes.", valueName: "N"))
  var nodes: Int

  @Option(name: .long, help: ArgumentHelp("Number of UTC days.", valueName: "E"))
  var epochs = 1

  @Option(name: .long, help: ArgumentHelp("All randomness comes from it.", valueName: "S"))
  var seed: UInt64

  @Option(
    name: .long,
    help: ArgumentHelp("Attacks to play: all, none, or codes.", valueName: "all|none|CODE,…"))
  var attacks = "all"

  @Option(name: .long, help: ArgumentHelp("Share of spoofed nodes.", valueName: "F"))
  var contamination = 0.08

  @Option(name: .long, help: ArgumentHelp("Threads; the cores by default.", valueName: "N"))
  var threads: Int?

  mutating func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024")
    }
  }

  func run() async throws {
    guard let network = Simulation.network(named: profile) else {
      throw PipelineError.unknownProfile(profile, known: Simulation.builtIn.map { $0.profile })
    }
    let simulation = try Simulation(
      network, nodes: nodes, epochs: epochs, seed: seed, attacks: codes(of: network),
      contamination: contamination)
    let isTerminal = isatty(STDERR_FILENO) == 1
    let shown = Mutex(ContinuousClock.now)
    let written = try await simulation.write(
      to: out, tasks: threads ?? ProcessInfo.processInfo.activeProcessorCount
    ) { count in
      guard isTerminal else { return }
      shown.withLock { last in
        guard last.duration(to: .now) > .milliseconds(200) else { return }
        last = .now
        Output.writeError("\r\u{1B}[K\(count) records written")
      }
    }
    if isTerminal { Output.writeError("\r\u{1B}[K") }
    Console.print("\(written) records of \(nodes) nodes over \(epochs) days in \(out)")
  }

  private func codes(of network: any SimulatedNetwork.Type) -> [String] {
    switch attacks {
    case "all": Simulation.attackCodes(of: network)
    case "none": []
    default: attacks.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }
}
