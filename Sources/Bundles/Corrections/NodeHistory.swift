import Contributions
import Ledger

/// Every verdict on one node in an output folder, and which of them hold.
public struct NodeHistory: Sendable {
  /// One verdict.
  public struct Item: Sendable {
    public let entry: EpochFolder.Entry
    public let record: VerdictRecord
    public let leaf: Digest32
    /// What reviewers decided, where this revision brought the verdict.
    public let correction: Correction?
    /// Whether it is the one that holds: that of the epoch's latest revision.
    public var isCurrent: Bool
  }

  /// By profile, epoch and revision; a revision that restates a verdict adds nothing.
  public let items: [Item]

  /// Reads the bundles of a folder.
  ///
  /// - Throws: `BundleError`; `.noSuchNode` where no bundle has a verdict on the node;
  ///   `.malformed` where a correction supersedes no verdict that is there.
  public init(of node: String, in folder: EpochFolder) throws(BundleError) {
    var items: [Item] = []
    for entry in folder.entries {
      let before = items.last.flatMap { last in
        last.entry.epoch == entry.epoch && last.entry.profile == entry.profile ? last : nil
      }
      guard let item = try Self.item(node, entry) else {
        // A run again that does not judge the node leaves it without a verdict.
        if before != nil { items[items.count - 1].isCurrent = false }
        continue
      }
      if let last = before {
        // A verdict that a revision restates is the same leaf; the earlier one stands for both.
        if last.leaf == item.leaf {
          items[items.count - 1].isCurrent = true
          continue
        }
        guard item.record.supersedes == .zero || item.record.supersedes == last.leaf else {
          throw .malformed(
            "\(entry.path): the verdict on the node supersedes \(item.record.supersedes), which is "
              + "not the verdict before it, \(last.leaf)")
        }
        items[items.count - 1].isCurrent = false
      }
      items.append(item)
    }
    guard !items.isEmpty else { throw .noSuchNode(node) }
    self.items = items
  }

  private static func item(
    _ node: String, _ entry: EpochFolder.Entry
  ) throws(BundleError) -> Item? {
    let reader = BundleReader(path: entry.path)
    guard let record = try reader.verdictIfPresent(on: node) else { return nil }
    let bits = try reader.reasonBits()
    let correction = try reader.corrections().last {
      $0.revision == entry.revision && $0.decision.node.utf8.elementsEqual(node.utf8)
    }
    return Item(
      entry: entry, record: record, leaf: record.leaf(bits: bits).hash, correction: correction,
      isCurrent: true)
  }
}
