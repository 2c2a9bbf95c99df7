import Bundles
import Contributions
import Foundation

/// Removes logs that a verified bundle was made from.
struct IntakePruner {
  let folder: String
  /// The output folder of runs.
  let bundles: String
  let disk: Disk

  func prune(_ epoch: IntakeEpoch) throws(IntakeError) -> IntakePruning {
    let place = EpochPlace(profile: epoch.profile, epoch: epoch.epoch)
    let files = EpochFiles(place, below: folder)
    guard epoch.state == .sealed else {
      return IntakePruning(epoch: epoch, keptBecause: "it is not sealed")
    }
    let seal = try IntakeSeal.read(files, place)
    if !seal.parts.isEmpty, let reason = doubt(about: seal, place) {
      return IntakePruning(epoch: epoch, keptBecause: reason)
    }
    for part in seal.parts { try disk.remove("\(files.folder)/\(part.name)") }
    // Last: while it is there, the parts are expected to be.
    try disk.remove(files.journal)
    try disk.syncFolder(files.folder)
    return IntakePruning(epoch: epoch, keptBecause: nil)
  }

  /// Why the log is still needed; `nil` when a bundle that verifies was made from all of it.
  private func doubt(about seal: IntakeSeal, _ place: EpochPlace) -> String? {
    let parent = "\(bundles)/\(place.profile)"
    let prefix = place.folderName + "-r"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    var reason = "there is no bundle of it in \(parent)"
    for name in names.sorted() where name.hasPrefix(prefix) {
      guard let found = doubt(about: seal, bundle: "\(parent)/\(name)") else { return nil }
      reason = found
    }
    return reason
  }

  private func doubt(about seal: IntakeSeal, bundle: String) -> String? {
    do {
      let report = try BundleVerifier.verify(path: bundle)
      if let failure = report.failures.first { return "\(bundle) does not verify: \(failure)" }
      let judged = Set(try BundleReader(path: bundle).inputs().files.map(\.sha256).map(Self.digits))
      let missing = seal.parts.first { !judged.contains($0.sha256) }
      return missing.map { "\(bundle) was not made from \($0.name)" }
    } catch {
      return "\(bundle): \(error)"
    }
  }

  private static func digits(_ hash: String) -> String {
    hash.hasPrefix("0x") ? String(hash.dropFirst(2)) : hash
  }
}
