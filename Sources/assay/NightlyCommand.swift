import ArgumentParser
import Contributions
import Foundation
import Nightly

struct NightlyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nightly",
    abstract: "The night's work for one profile: seal, judge, verify, look, post, import, prune.",
    discussion: """
      Judges every day that is over and was not finished yet, oldest first. Each step may be cut \
      off and started again: what is done is not done twice, and nothing is removed that was not \
      verified. Events go to commands of yours, as JSON on standard input. The exit code is that \
      of the first step that failed. Docs/nightly.md says how to set it up.

        assay nightly --config /etc/assay/nightly.json --profile wireless
      """)

  @Option(
    name: .long, help: ArgumentHelp("The configuration (JSON).", valueName: "FILE"))
  var config = "/etc/assay/nightly.json"

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The section of the configuration: a profile's name, unless it names another.",
      valueName: "SECTION"))
  var profile: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "This day only, instead of every one that is not finished.", valueName: "YYYY-MM-DD"))
  var date: DayOption?

  @Option(
    name: .long,
    help: ArgumentHelp("Instead of the clock's day, UTC.", valueName: "YYYY-MM-DD"))
  var today: DayOption = .today

  @Flag(name: .long, help: "Post what was withheld; with --date.")
  var postAnyway = false

  func validate() throws {
    if postAnyway && date == nil {
      throw ValidationError("--post-anyway needs --date: one night is released, not all")
    }
    if let date, date.epoch >= today.epoch {
      throw ValidationError("\(date.epoch) is not over")
    }
  }

  func run() throws {
    let settings = try NightlySettings(path: config, section: profile)
    let nights = Nights(settings, today: today.epoch) { message in
      Console.logger.notice("\(Terminal.safe(message))")
    }
    let code = try nights.work(only: date?.epoch, isReleased: postAnyway)
    if code != 0 { throw ExitCode(code) }
  }
}

/// A UTC day, as `YYYY-MM-DD`.
struct DayOption: ExpressibleByArgument, CustomStringConvertible {
  let epoch: Epoch

  static var today: DayOption {
    DayOption(epoch: Epoch(containing: Int64(Date().timeIntervalSince1970 * 1000)))
  }

  init(epoch: Epoch) {
    self.epoch = epoch
  }

  init?(argument: String) {
    guard argument.utf8.count == 10 else { return nil }
    let text = Array("\(argument)T00:00:00Z".utf8)
    guard let moment = text.withUnsafeBufferPointer({ Timestamp.milliseconds(rfc3339: $0) })
    else { return nil }
    epoch = Epoch(containing: moment)
  }

  var description: String { epoch.description }
}
