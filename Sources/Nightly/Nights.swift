import Bundles
import Contributions
import Foundation

/// The nights of one profile that are left to do.
///
/// For each: seal, judge, verify, look, post, import; then old logs and bundles go. Every step may
/// be cut off and started again.
public struct Nights {
  private let settings: NightlySettings
  private let today: Epoch
  private let commands: NightCommands

  /// - Parameters:
  ///   - today: the day that is not over yet, UTC.
  ///   - say: takes messages for people, a line each.
  public init(
    _ settings: NightlySettings, today: Epoch, say: @escaping @Sendable (String) -> Void
  ) {
    self.settings = settings
    self.today = today
    commands = NightCommands(say: say)
  }

  /// Does the work.
  ///
  /// - Parameters:
  ///   - day: this day only; otherwise every one that is over and not finished, oldest first.
  ///   - isReleased: post what was withheld.
  /// - Returns: the exit code of the first step that failed; 0 also while another start is at work.
  /// - Throws: `BundleError.cannotWrite` when progress cannot be kept.
  public func work(only day: Epoch? = nil, isReleased: Bool = false) throws -> Int32 {
    guard let lock = try NightLock(folder: settings.nightFolder) else {
      commands.say("\(settings.section): another start is at work")
      return 0
    }
    return try withExtendedLifetime(lock) {
      let yesterday = Epoch(day: today.day - 1)
      var keeping = Housekeeping(
        night: Night(settings, epoch: yesterday, commands: commands), today: today)
      try keeping.tellLowDisks()
      if day == nil && known.isEmpty {
        // If it fails before it has done anything, later nights know of it all the same.
        try Night(settings, epoch: yesterday, commands: commands).progress.begin()
      }
      var code: Int32 = 0
      for epoch in day.map({ [$0] }) ?? unfinished(until: yesterday) {
        var night = Night(settings, epoch: epoch, isReleased: isReleased, commands: commands)
        // A night that fails keeps no other waiting: later ones look back on those that are there.
        let ended = try night.work()
        if code == 0 { code = ended }
      }
      // A night that fails, for a week perhaps, must not fill the disk.
      let pruned = try keeping.prune()
      return code == 0 ? pruned : code
    }
  }

  /// Days that are over and not finished, oldest first: from the first one that is known of, at
  /// most `catch_up_days` back.
  func unfinished(until yesterday: Epoch) -> [Epoch] {
    let last = yesterday.day
    let first = max(last + 1 - Int64(settings.catchUpDays), known.min() ?? last)
    return (min(first, last)...last).map { Epoch(day: $0) }.filter {
      !Night(settings, epoch: $0, commands: commands).progress.has(.finished)
    }
  }

  /// Days that there is any progress of.
  private var known: [Int64] {
    FileManager.default.names(in: settings.nightFolder).compactMap { name in
      name.hasSuffix(".json") ? BundleName.day(name.dropLast(5) + "-r0") : nil
    }
  }
}

/// The lock of one profile's nights, held as long as this lives, and no longer than the process.
final class NightLock {
  private let descriptor: Int32

  /// `nil` while another start holds it.
  ///
  /// - Throws: `BundleError.cannotWrite`.
  init?(folder: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw BundleError.cannotWrite(path: folder, reason: error.localizedDescription)
    }
    let path = folder + "/lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw BundleError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { return nil }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}
