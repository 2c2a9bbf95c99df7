import Bundles
import Contributions
import Foundation

/// Room on the disk, and what may go. Nothing goes that was not verified just now.
struct Housekeeping {
  /// The night that events name: the last one that is over.
  var night: Night
  let today: Epoch

  private var settings: NightlySettings { night.settings }

  /// Tells of every folder that has little room left.
  mutating func tellLowDisks() throws {
    for path in [settings.out, settings.intake, settings.state].compactMap({ $0 }) {
      guard let free = Self.freeBytes(path), free < settings.freeBytes else { continue }
      try night.raise(
        .diskLow, "\(free) bytes are free for \(path)",
        facts: EventFacts(path: path, freeBytes: free))
    }
  }

  /// Bytes that are free for us, not only for root; `nil` where there is no such folder.
  private static func freeBytes(_ path: String) -> Int? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    return Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
  }

  /// Removes what is old; failures are told.
  ///
  /// - Returns: the exit code.
  mutating func prune() throws -> Int32 {
    do {
      try pruneLogs()
      try pruneBundles()
      return 0
    } catch let failure as StepFailure {
      try night.raise(failure)
      return failure.code
    }
  }

  private struct PrunedLog: Decodable {
    let profile: String
    let epoch: Int
    let removed: Bool
    let keptBecause: String?

    enum CodingKeys: String, CodingKey {
      case profile, epoch, removed
      case keptBecause = "kept_because"
    }
  }

  /// Of this profile only: others have bundles, settings and hooks of their own.
  private func pruneLogs() throws {
    guard let intake = settings.intake, settings.keepLogDays > 0 else { return }
    let (code, output) = night.commands.call([
      settings.verifier, "intake", "prune", "--folder", intake, "--bundles", settings.out,
      "--keep-days", "\(settings.keepLogDays)", "--profile", settings.profile,
    ])
    for line in output.split(separator: UInt8(ascii: "\n")) {
      guard let log = try? JSONDecoder().decode(PrunedLog.self, from: Data(line)) else { continue }
      let outcome = log.removed ? "removed" : "kept: \(log.keptBecause ?? "")"
      night.commands.say("\(log.profile) epoch \(log.epoch): log \(outcome)")
    }
    guard code == 0 else {
      throw StepFailure(
        event: .pruneFailed, code: code, message: "old logs could not be removed")
    }
  }

  private func pruneBundles() throws {
    removeLeftovers()
    guard settings.keepBundleDays > 0 else { return }
    let folder = "\(settings.out)/\(settings.profile)"
    for name in FileManager.default.names(in: folder) {
      guard let day = BundleName.day(name), day < today.day - Int64(settings.keepBundleDays) else {
        continue
      }
      let bundle = "\(folder)/\(name)"
      let (code, _) = night.commands.call([settings.assay, "verify", "--json", bundle])
      guard code == 0 else {
        night.commands.say("\(bundle): kept, since it does not verify")
        continue
      }
      try remove(bundle, name: name)
      night.commands.say("\(bundle): removed")
    }
  }

  /// Out of its name first: a removal that is cut off must not leave half a bundle under it.
  private func remove(_ bundle: String, name: String) throws {
    let doomed = "\(settings.nightFolder)/\(Self.doomedPrefix)\(name)"
    do {
      try FileManager.default.moveItem(atPath: bundle, toPath: doomed)
      try FileManager.default.removeItem(atPath: doomed)
    } catch {
      throw StepFailure(
        event: .pruneFailed, code: 4,
        message: "\(bundle) could not be removed: \(error.localizedDescription)",
        facts: EventFacts(bundle: bundle))
    }
  }

  private static let doomedPrefix = "removed-"

  /// What a removal that was cut off has left.
  private func removeLeftovers() {
    let folder = settings.nightFolder
    for name in FileManager.default.names(in: folder) where name.hasPrefix(Self.doomedPrefix) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}

/// Names of bundles' folders: `epoch-020454-r0`.
enum BundleName {
  /// The day of a bundle; `nil` for another name.
  static func day(_ name: String) -> Int64? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "epoch", parts[2].first == "r",
      UInt32(parts[2].dropFirst()) != nil
    else { return nil }
    return Int64(parts[1])
  }
}
