import ExactMath
import Profiles

/// Drives that several nodes list, and drives larger than their model.
struct StorageDriveRelation {
  private let network: StorageNetwork
  /// By node: number of drives shared with any other node, and with which.
  private var shared: [Int: Int] = [:]
  private var partners: [Int: [Int: Int]] = [:]
  /// By node: drives that at least two others list at the same age, or one other in turns with it.
  private var certain: [Int: Int] = [:]
  /// Identities above which one is a placeholder.
  private static let genericCount = 20
  /// Share of the rows of a real table of drives whose identity occurs twice.
  private static let baseRate = 0.043

  init(_ network: StorageNetwork) {
    self.network = network
    findShared()
  }

  private struct Entry {
    let drive: StorageTrace.Drive
    let node: Int
  }

  private mutating func findShared() {
    var entries: [Entry] = []
    for (node, trace) in network.traces.enumerated() {
      for drive in trace?.drives ?? [] { entries.append(Entry(drive: drive, node: node)) }
    }
    entries.sort {
      ($0.drive.identity, $0.node) < ($1.drive.identity, $1.node)
    }
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].drive.identity == entries[start].drive.identity {
        end += 1
      }
      if (2...Self.genericCount).contains(end - start) { count(entries[start..<end]) }
      start = end
    }
  }

  /// No identity of 33,039 real rows occurs more than twice; one that three nodes have, at ages
  /// that are not one drive's, is a placeholder.
  private mutating func count(_ sharers: ArraySlice<Entry>) {
    var isSeenTwice = sharers.count == 2
    for one in sharers {
      let same = sharers.filter { $0.node != one.node && Self.areOne($0.drive, one.drive) }
      let isAtOnce = same.contains { Self.areAtOnce($0.drive, one.drive) }
      if same.count >= 2 || isAtOnce { certain[one.node, default: 0] += 1 }
      if same.count >= 2 || one.drive.hours.isNaN { isSeenTwice = true }
    }
    guard isSeenTwice else { return }
    for one in sharers {
      shared[one.node, default: 0] += 1
      for other in sharers where other.node != one.node {
        partners[one.node, default: [:]][other.node, default: 0] += 1
      }
    }
  }

  /// Whether two readings can be of one drive on one day: its hours say so. Identities that
  /// placeholders share belong to drives of different ages.
  private static func areOne(_ one: StorageTrace.Drive, _ other: StorageTrace.Drive) -> Bool {
    let between = Double((one.last - other.last).magnitude) / 3_600_000
    return one.model == other.model && (one.hours - other.hours).magnitude <= 25 + between
  }

  /// Whether each node read the drive between two readings of the other.
  private static func areAtOnce(_ one: StorageTrace.Drive, _ other: StorageTrace.Drive) -> Bool {
    min(one.sightings, other.sightings) >= 2 && one.first < other.last && other.first < one.last
  }

  func report(to outcome: inout StorageOutcome) {
    for (node, trace) in network.traces.enumerated() {
      guard let trace, !trace.drives.isEmpty else { continue }
      outcome.set(.drives, of: node, to: share(node))
      let count = max(shared[node] ?? 0, certain[node] ?? 0)
      guard certain[node] != nil || count >= 2 && isBeyondChance(node, count) else { continue }
      guard !isCopiedFrom(node) else { continue }
      let peers = (partners[node] ?? [:]).keys.sorted()
      outcome.add(
        .storageSharedDrives, to: node, observed: Double(count), high: 0, occurrences: count,
        peers: peers)
    }
    reportModels(to: &outcome)
  }

  private func share(_ node: Int) -> Double {
    let count = network.traces[node]?.drives.count ?? 0
    return count == 0 ? 0 : Double(shared[node] ?? 0) / Double(count)
  }

  /// Whether each node that shares drives with this one shares more of them, with others besides:
  /// there they were put together from several nodes' lists.
  private func isCopiedFrom(_ node: Int) -> Bool {
    let own = shared[node] ?? 0
    let others = (partners[node] ?? [:]).keys
    return !others.isEmpty && others.allSatisfy { (shared[$0] ?? 0) > own }
  }

  /// One drive in 23 occurs twice in honest tables: moved, or read in two computers. Two with the
  /// same node are no chance; the one of the two that has the smaller part of its drives so is
  /// where they were copied from. Otherwise it takes one chance in 500.
  private func isBeyondChance(_ node: Int, _ count: Int) -> Bool {
    let own = share(node)
    let ties = (partners[node] ?? [:]).filter { $0.value >= 2 }
    if ties.contains(where: { share($0.key) < own + 0.3 }) { return true }
    if !ties.isEmpty { return false }
    let drives = network.traces[node]?.drives.count ?? 0
    return StorageCheckTable.surprise(count, of: drives, expected: Self.baseRate) >= 6.2
  }

  // MARK: - Models

  /// Capacity of a model where at least eight nodes have it and nineteen in twenty drives agree
  /// within a twentieth. Makers sell some model names in several sizes: those are left out.
  private func reportModels(to outcome: inout StorageOutcome) {
    struct Entry {
      let model: UInt64
      let capacity: Double
      let node: Int
    }
    var entries: [Entry] = []
    for (node, trace) in network.traces.enumerated() {
      for drive in trace?.drives ?? [] where drive.model != 0 && drive.capacity > 0 {
        entries.append(Entry(model: drive.model, capacity: drive.capacity, node: node))
      }
    }
    entries.sort { ($0.model, $0.capacity, $0.node) < ($1.model, $1.capacity, $1.node) }
    var worst: [Int: (ratio: Double, count: Int)] = [:]
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].model == entries[start].model { end += 1 }
      let drives = entries[start..<end]
      let usual = entries[(start + end) / 2].capacity
      let agreeing = drives.filter { ($0.capacity / usual - 1).magnitude < 0.05 }
      if Set(agreeing.map(\.node)).count >= 8, agreeing.count * 20 >= drives.count * 19 {
        for drive in drives {
          let ratio = drive.capacity / usual
          let before = worst[drive.node] ?? (0, 0)
          worst[drive.node] = (
            max(before.ratio, ratio), before.count + (ratio > 1.15 ? 1 : 0)
          )
        }
      }
      start = end
    }
    for (node, found) in worst.sorted(by: { $0.key < $1.key }) {
      outcome.set(.model, of: node, to: Portable.log(found.ratio) / 0.6931471805599453)
      guard found.count > 0 else { continue }
      outcome.add(
        .storageModelCapacity, to: node, observed: found.ratio, high: 1.15,
        occurrences: found.count)
    }
  }
}
