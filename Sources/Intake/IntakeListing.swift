import Contributions
import Foundation

/// Finds the epochs' logs below an intake's folder.
struct IntakeListing {
  let folder: String

  func epochs() throws(IntakeError) -> [IntakeEpoch] {
    var found: [IntakeEpoch] = []
    for profile in try names(in: folder).sorted() {
      var days: [IntakeEpoch] = []
      for name in (try? names(in: "\(folder)/\(profile)")) ?? [] {
        guard let day = Self.day(of: name) else { continue }
        let place = EpochPlace(profile: profile, epoch: Epoch(day: day))
        guard place.folderName == name else { continue }
        days.append(epoch(place))
      }
      found += days.sorted { $0.epoch < $1.epoch }
    }
    return found
  }

  private func epoch(_ place: EpochPlace) -> IntakeEpoch {
    let files = EpochFiles(place, below: folder)
    let isPruned = files.isSealed && access(files.journal, F_OK) != 0
    let parts = ((try? names(in: files.folder)) ?? []).filter { $0.hasPrefix("part-") }
    var bytes: Int64 = 0
    for part in parts {
      var status = stat()
      if stat("\(files.folder)/\(part)", &status) == 0 { bytes += Int64(status.st_size) }
    }
    return IntakeEpoch(
      profile: place.profile, epoch: place.epoch,
      state: isPruned ? .pruned : files.isSealed ? .sealed : .open, path: files.folder,
      bytes: bytes)
  }

  private static func day(of name: String) -> Int64? {
    name.hasPrefix("epoch-") ? Int64(name.dropFirst("epoch-".count)) : nil
  }

  private func names(in folder: String) throws(IntakeError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw .cannotRead(path: folder, reason: error.localizedDescription)
    }
  }
}
