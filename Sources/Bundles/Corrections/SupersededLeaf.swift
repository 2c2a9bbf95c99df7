import Foundation
import Ledger

/// The leaf that a correction replaces, which a contract wants to see.
public enum SupersededLeaf {
  /// Looks through the earlier revisions that lie beside the bundle of a correction.
  ///
  /// - Throws: `BundleError.malformed` for a verdict that supersedes nothing, or where the leaf that
  ///   it names is in none of them.
  public static func find(
    _ proof: ProofFile, beside bundle: BundleReader
  ) throws(BundleError) -> VerdictLeaf {
    let wanted = proof.leaf.supersedes
    guard wanted != .zero else { throw .malformed("the verdict supersedes none") }
    let parent = URL(fileURLWithPath: bundle.path).standardizedFileURL.deletingLastPathComponent()
    for entry in try EpochFolder(path: parent.path).entries.reversed()
    where entry.epoch == proof.record.epoch && entry.revision < proof.revision {
      let reader = BundleReader(path: entry.path)
      guard let record = try reader.verdictIfPresent(on: proof.record.verdict.node) else {
        continue
      }
      let leaf = record.leaf(bits: try reader.reasonBits())
      if leaf.hash == wanted { return leaf }
    }
    throw .malformed("the leaf \(wanted) that it supersedes is in no revision beside it")
  }
}
