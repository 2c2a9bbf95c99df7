import Contributions
import Foundation

extension Night {
  private struct Seal: Decodable {
    let accepted: Int
    let quarantined: Int
  }

  private struct RunResult: Decodable {
    let bundle: String
  }

  private struct Verification: Decodable {
    let failures: [String]
  }

  private func decode<T: Decodable>(_ type: T.Type, _ output: [UInt8]) -> T? {
    try? JSONDecoder().decode(type, from: Data(output))
  }

  /// What to give to the run; `nil` when there is nothing to judge.
  func sealedLogs() throws -> [String]? {
    guard let intake = settings.intake else {
      let values = ["profile": settings.profile, "epoch": "\(epoch.day)", "date": "\(epoch)"]
      return settings.logs.map { Placeholders.fill($0, values) }
    }
    let (code, output) = commands.call([
      settings.verifier, "intake", "seal", "--folder", intake, "--profile", settings.profile,
      "--epoch", "\(epoch.day)",
    ])
    guard code == 0, let seal = decode(Seal.self, output) else {
      throw StepFailure(
        event: .sealFailed, code: code == 0 ? 5 : code, message: "the log could not be sealed")
    }
    if seal.accepted + seal.quarantined == 0 { return nil }
    return ["\(intake)/\(settings.profile)/\(NightlySettings.label(epoch))"]
  }

  /// The epoch's latest bundle; runs where there is none yet, or where its run was cut off before
  /// it wrote the memory for later nights.
  mutating func judged(_ logs: [String]) throws -> String {
    if let bundle = latestBundle(), isRemembered || progress.has(.run) { return bundle }
    let (code, output) = commands.call(runCommand(logs))
    guard code == 0, let result = decode(RunResult.self, output) else {
      throw StepFailure(
        event: .runFailed, code: code == 0 ? 5 : code,
        message: "the run ended with exit code \(code)"
      )
    }
    try progress.mark(.run)
    return result.bundle
  }

  private func runCommand(_ logs: [String]) -> [String] {
    var command = [
      settings.assay, "run", "--profile", settings.profileFile ?? settings.profile,
      "--out", settings.out, "--epoch", "\(epoch.day)", "--json",
    ]
    let options = [
      ("--state", settings.state), ("--model", settings.model), ("--policy", settings.policy),
      ("--memory", settings.memory), ("--log-name", settings.logName),
    ]
    for case (let option, let value?) in options { command += [option, value] }
    for key in settings.keys { command += ["--key", key] }
    return command + logs
  }

  private func latestBundle() -> String? {
    let folder = "\(settings.out)/\(settings.profile)"
    let prefix = NightlySettings.label(epoch) + "-r"
    let revisions = FileManager.default.names(in: folder).compactMap { name in
      name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
    }
    return revisions.max().map { "\(folder)/\(prefix)\($0)" }
  }

  private var isRemembered: Bool {
    guard let state = settings.state else { return true }
    let path = "\(state)/\(settings.profile)/\(NightlySettings.label(epoch)).state"
    return FileManager.default.fileExists(atPath: path)
  }

  func verify(_ bundle: String) throws {
    let (code, output) = commands.call([settings.assay, "verify", "--json", bundle])
    guard code != 0 else { return }
    let failures = decode(Verification.self, output)?.failures.prefix(10) ?? []
    throw StepFailure(
      event: .verifyFailed, code: code, message: "\(bundle) does not verify",
      facts: EventFacts(bundle: bundle, failures: Array(failures)))
  }

  /// - Returns: 1 while posting is withheld.
  mutating func post(_ bundle: String, _ alarms: [NightEvent]) throws -> Int32 {
    if settings.post.isEmpty || progress.has(.post) { return 0 }
    let against = alarms.filter(settings.withhold.contains)
    if !against.isEmpty && !isReleased {
      let names = against.map(\.rawValue).joined(separator: ", ")
      try raise(
        .postWithheld,
        "not posted because of \(names); look at it, then: assay nightly --profile "
          + "\(settings.section) --date \(epoch) --post-anyway",
        isOnce: true, facts: EventFacts(bundle: bundle, because: against))
      return 1
    }
    let (code, _) = commands.call(
      settings.post.map { Placeholders.fill($0, ["bundle": bundle]) })
    guard code == 0 else {
      throw StepFailure(
        event: .postFailed, code: code, message: "posting ended with exit code \(code)",
        facts: EventFacts(bundle: bundle))
    }
    try progress.mark(.post)
    return 0
  }

  mutating func importIntoDesk(_ bundle: String) throws {
    guard let desk = settings.desk, !progress.has(.deskImport) else { return }
    let (code, _) = commands.call([settings.assayd, "import", "--store", desk, bundle])
    guard code == 0 else {
      throw StepFailure(
        event: .importFailed, code: code, message: "the desk did not take \(bundle)",
        facts: EventFacts(bundle: bundle))
    }
    try progress.mark(.deskImport)
  }
}

/// `{name}` in settings.
enum Placeholders {
  /// Replaces every `{name}` that has a value; other braces stay.
  static func fill(_ text: String, _ values: [String: String]) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "{") {
      result += rest[..<start]
      rest = rest[start...]
      if let end = rest.firstIndex(of: "}"),
        let value = values[String(rest[rest.index(after: start)..<end])]
      {
        result += value
        rest = rest[rest.index(after: end)...]
      } else {
        result += "{"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }
}

extension FileManager {
  /// What a folder holds, sorted; nothing where there is no such folder.
  func names(in folder: String) -> [String] {
    ((try? contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}
