import Contributions
import Foundation

/// What one section of the configuration says: where things lie, what is run, what is told.
///
/// The configuration is a JSON document of sections, each an object of settings. The section `all`
/// holds what the others share. Docs/nightly.md lists the settings.
public struct NightlySettings: Sendable, Equatable {
  /// The section: the name of a profile's nights.
  public let section: String
  /// The profile's own name, which folders have; the section's by default.
  let profile: String
  /// The file of a profile that is not built in: what `assay run` is given then.
  let profileFile: String?

  let assay: String
  let verifier: String
  let assayd: String

  /// The folder of bundles.
  let out: String
  /// The verifier's folder of logs, or else logs of one's own; `{profile}`, `{epoch}` and `{date}`
  /// are replaced in those.
  let intake: String?
  let logs: [String]
  let state: String?
  let model: String?
  let policy: String?
  let memory: String?
  let keys: [String]
  let logName: String?
  /// The review desk's store.
  let desk: String?

  /// The command that posts; `{bundle}` is replaced. Empty: nothing is posted.
  let post: [String]
  let withhold: Set<NightEvent>
  let rejectShare: Double
  let driftFeatures: Int

  let freeBytes: Int
  let catchUpDays: Int
  /// Zero keeps everything.
  let keepLogDays: Int
  let keepBundleDays: Int

  /// Who is told of events; empty for those that have no command.
  let hooks: [NightEvent: [String]]
  let hookSeconds: Int

  /// Reads a configuration file.
  ///
  /// - Throws: `NightlyError.unusable`, also when there is no such file or section.
  public init(path: String, section: String) throws(NightlyError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unusable("\(path): no such file, or no permission")
    }
    do {
      try self.init(json: Array(data), section: section)
    } catch {
      throw .unusable("\(path): \(error)")
    }
  }

  /// - Throws: `NightlyError.unusable`, naming the setting.
  public init(json: [UInt8], section: String) throws(NightlyError) {
    let settings = try SettingReader(json: json, section: section)
    self.section = section
    profile = try settings.text("profile") ?? section
    profileFile = try settings.text("profile_file")
    // With a path for a name an empty log would be sealed, and the real one never be judged.
    guard !profile.contains("/"), !profile.hasSuffix(".yaml"), !profile.hasSuffix(".yml") else {
      throw .unusable("'profile' is a profile's name; its file is 'profile_file'")
    }
    assay = try settings.text("assay") ?? "assay"
    verifier = try settings.text("verifier") ?? "assay-verifier"
    assayd = try settings.text("assayd") ?? "assayd"
    guard let out = try settings.text("out") else {
      throw .unusable("'\(section)' says nothing of 'out', where bundles go")
    }
    self.out = out
    intake = try settings.text("intake")
    logs = try settings.words("logs") ?? []
    guard (intake == nil) != logs.isEmpty else {
      throw .unusable("'\(section)' needs one of 'intake' and 'logs'")
    }
    state = try settings.text("state")
    model = try settings.text("model")
    policy = try settings.text("policy")
    memory = try settings.text("memory")
    keys = try settings.words("keys") ?? []
    logName = try settings.text("log_name")
    desk = try settings.text("desk")
    post = try settings.words("post") ?? []
    withhold = try Self.withheld(try settings.words("withhold") ?? ["guard_alarm", "rejects"])
    rejectShare = try settings.number("reject_share") ?? 0.05
    driftFeatures = try settings.whole("drift_features") ?? 1
    freeBytes = try settings.whole("free_bytes") ?? 2_000_000_000
    catchUpDays = try settings.whole("catch_up_days") ?? 7
    keepLogDays = try settings.whole("keep_log_days") ?? 30
    keepBundleDays = try settings.whole("keep_bundle_days") ?? 0
    // Logs go by the bundle that was made from them: without it they would stay for ever.
    guard intake == nil || keepBundleDays == 0 || keepBundleDays >= keepLogDays else {
      throw .unusable(
        "'keep_bundle_days' is below 'keep_log_days': bundles would go before the logs that are "
          + "removed by them")
    }
    hooks = try Self.hooks(settings)
    hookSeconds = try settings.whole("hook_seconds") ?? 60
    try settings.refuseUnread(section: section)
  }

  private static func withheld(_ names: [String]) throws(NightlyError) -> Set<NightEvent> {
    var events: Set<NightEvent> = []
    for name in names {
      guard let event = NightEvent(rawValue: name), event.isAlarm else {
        throw .unusable("posting cannot be withheld on '\(name)'")
      }
      events.insert(event)
    }
    return events
  }

  private static func hooks(
    _ settings: SettingReader
  ) throws(NightlyError) -> [NightEvent: [String]] {
    let common = try settings.words("hook") ?? []
    var hooks: [NightEvent: [String]] = [:]
    for event in NightEvent.allCases {
      hooks[event] = try settings.words("hook_\(event.rawValue)") ?? common
    }
    return hooks
  }
}

/// Why a configuration cannot be used.
public enum NightlyError: Error, CustomStringConvertible, Equatable {
  case unusable(String)

  public var description: String {
    switch self {
    case .unusable(let reason): reason
    }
  }
}
