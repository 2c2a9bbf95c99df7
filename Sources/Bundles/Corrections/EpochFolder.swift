import Foundation
import Ledger

/// The bundles of an output folder: `PROFILE/epoch-NNNNNN-rR`.
public struct EpochFolder: Sendable {
  /// One bundle's place.
  public struct Entry: Sendable, Hashable {
    public let profile: String
    public let epoch: UInt64
    public let revision: UInt32
    public let path: String
  }

  /// By profile, epoch and revision.
  public let entries: [Entry]

  /// Looks for bundles below `path`, which is an output folder or the folder of one profile in it.
  ///
  /// - Throws: `BundleError.cannotRead` where there is no such folder.
  public init(path: String) throws(BundleError) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw .cannotRead(path: path, reason: "no such folder")
    }
    var entries = names.compactMap { Self.entry($0, in: path) }
    for name in names where !name.hasPrefix(".") {
      let inner = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)")) ?? []
      entries += inner.compactMap { Self.entry($0, in: "\(path)/\(name)") }
    }
    self.entries = entries.sorted {
      ($0.profile, $0.epoch, $0.revision, $0.path) < ($1.profile, $1.epoch, $1.revision, $1.path)
    }
  }

  /// The highest revision that lies beside a bundle, of the same profile and epoch. What folders are
  /// called above them does not matter; a bundle that cannot be read counts as one of the same
  /// profile.
  ///
  /// - Throws: `BundleError`.
  public static func latestRevision(beside bundle: BundleReader) throws(BundleError) -> UInt32 {
    let own = try bundle.statement().predicate
    let parent = URL(fileURLWithPath: bundle.path).standardizedFileURL.deletingLastPathComponent()
    let siblings = try EpochFolder(path: parent.path).entries.filter {
      $0.epoch == own.epoch && Self.profile(of: $0.path, or: own.profile) == own.profile
    }
    return siblings.map(\.revision).reduce(own.revision, max)
  }

  private static func profile(of bundle: String, or other: String) -> String {
    (try? BundleReader(path: bundle).statement().predicate.profile) ?? other
  }

  private static func entry(_ name: String, in folder: String) -> Entry? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "epoch", parts[2].first == "r",
      let epoch = UInt64(parts[1]), let revision = UInt32(parts[2].dropFirst()),
      name == BundleContents.folderName(epoch: epoch, revision: revision)
    else { return nil }
    return Entry(
      profile: URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent, epoch: epoch,
      revision: revision, path: "\(folder)/\(name)")
  }
}
