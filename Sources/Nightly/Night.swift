import Contributions
import Foundation

/// One epoch of one profile: its steps in their order, and what is told of them.
struct Night {
  let settings: NightlySettings
  let epoch: Epoch
  /// Whether somebody looked at the alarms and lets the root go out.
  let isReleased: Bool
  let commands: NightCommands
  var progress: NightProgress

  init(
    _ settings: NightlySettings, epoch: Epoch, isReleased: Bool = false, commands: NightCommands
  ) {
    self.settings = settings
    self.epoch = epoch
    self.isReleased = isReleased
    self.commands = commands
    progress = NightProgress(
      path: settings.nightFolder + "/" + NightlySettings.label(epoch) + ".json")
  }

  /// Does what is left to do; failures are told.
  ///
  /// - Returns: the exit code: 1 while posting is withheld, 3 for a day without records.
  /// - Throws: `BundleError.cannotWrite` when progress cannot be kept.
  mutating func work() throws -> Int32 {
    if progress.isTorn {
      commands.say("\(progress.path): not readable, beginning this epoch again")
    }
    do {
      return try steps()
    } catch let failure as StepFailure {
      try raise(failure)
      return failure.code
    }
  }

  private mutating func steps() throws -> Int32 {
    if progress.has(.finished) && !isReleased { return 0 }
    guard let logs = try sealedLogs() else {
      try raise(.noRecords, "there is no record of this day", isOnce: true)
      try progress.mark(.finished)
      return 3
    }
    let bundle = try judged(logs)
    try verify(bundle)
    let alarms = try raiseAlarms(of: bundle)
    let code = try post(bundle, alarms)
    try importIntoDesk(bundle)
    if code == 0 { try progress.mark(.finished, bundle: bundle) }
    return code
  }

  /// Tells people.
  ///
  /// - Parameter isOnce: not again for this epoch, once somebody took it.
  mutating func raise(
    _ event: NightEvent, _ message: String, isOnce: Bool = false, facts: EventFacts = EventFacts()
  ) throws {
    if isOnce && progress.hasRaised(event) { return }
    commands.say("\(settings.section) \(epoch): \(event.rawValue): \(message)")
    let document = EventDocument(
      event: event, profile: settings.section, epoch: epoch, message: message, facts: facts)
    let hook = settings.hooks[event] ?? []
    let isTold =
      try hook.isEmpty
      || commands.tell(hook, document.line(), seconds: settings.hookSeconds)
    if isOnce && isTold { try progress.markRaised(event) }
  }

  mutating func raise(_ failure: StepFailure) throws {
    var facts = failure.facts
    facts.exitCode = failure.code
    try raise(failure.event, failure.message, facts: facts)
  }
}

extension NightlySettings {
  /// Progress files and the lock of this section's nights.
  var nightFolder: String { "\(out)/.nightly/\(section)" }

  /// What an epoch's files are called: `epoch-020454`.
  static func label(_ epoch: Epoch) -> String {
    "epoch-" + String(format: "%06lld", epoch.day)
  }
}
