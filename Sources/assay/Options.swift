import ArgumentParser
import Contributions
import Foundation
import Ingestion
import Pipeline
import ProfileFiles
import Profiles

/// The network whose logs these are.
struct ProfileOption: ParsableArguments {
  @Option(
    name: .long,
    help: "wireless, compute, storage, mobility, environment, or a profile file (.yaml).")
  var profile: String

  func resolve() throws -> Profile {
    try Self.resolve(profile)
  }

  /// The built-in profile of that name, or the one in that file.
  static func resolve(_ profile: String) throws -> Profile {
    if profile.hasSuffix(".yaml") || profile.hasSuffix(".yml") {
      return try ProfileFile(path: profile).profile
    }
    guard let found = Profile.named(profile) else {
      throw PipelineError.unknownProfile(profile, known: Profile.builtIn.map(\.name))
    }
    return found
  }
}

/// Which logs to read, and how.
struct LogOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The UTC day to judge, in days since 1970-01-01, or 'all' for the whole log as one epoch.",
      discussion: "Without it the log must lie in one UTC day.", valueName: "N|all"))
  var epoch: EpochOption?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Memory for records, such as 512MB or 2GB; more is kept on disk (TMPDIR).",
      valueName: "SIZE"))
  var memory = SizeOption(bytes: 2_000_000_000)

  @Option(name: .long, help: ArgumentHelp("Threads; the cores by default.", valueName: "N"))
  var threads: Int?

  @Argument(
    help: ArgumentHelp(
      "Log files, folders, globs, or - for standard input. NDJSON, plain, .gz or .zst.",
      valueName: "LOG"))
  var logs: [String]

  mutating func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024")
    }
  }

  var selection: EpochSelection { epoch?.selection ?? .single }
  var tasks: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
  func files() throws -> [LogFile] { try LogFile.find(logs) }
}

/// `--epoch N` or `--epoch all`.
struct EpochOption: ExpressibleByArgument {
  let selection: EpochSelection

  init?(argument: String) {
    if argument == "all" {
      selection = .all
    } else if let day = Int64(argument), (0...104_249_991).contains(day) {
      selection = .day(Epoch(day: day))
    } else {
      return nil
    }
  }
}

/// A size such as `512MB`.
struct SizeOption: ExpressibleByArgument {
  let bytes: Int

  init(bytes: Int) {
    self.bytes = bytes
  }

  private static let units: [(String, Int)] = [
    ("KIB", 1 << 10), ("MIB", 1 << 20), ("GIB", 1 << 30), ("KB", 1000), ("MB", 1_000_000),
    ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("K", 1000), ("M", 1_000_000),
    ("G", 1_000_000_000), ("B", 1),
  ]

  /// Whole numbers of bytes, or of a unit. At least 16 MB: the buffers alone take as much.
  init?(argument: String) {
    let text = argument.uppercased()
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text.dropFirst(digits.count)
    guard let number = Int(digits) else { return nil }
    let factor = unit.isEmpty ? 1 : Self.units.first { $0.0 == unit }?.1
    guard let factor else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow, product >= 16_000_000 else { return nil }
    bytes = product
  }

  var defaultValueDescription: String { "\(bytes / 1_000_000_000)GB" }
}
