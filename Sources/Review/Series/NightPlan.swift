import Bundles
import Contributions
import Crypto
import Foundation
import Verdicts

/// What an index takes of each node of a night, decided from the bundle before the logs are read: so
/// much is kept and no more, however long the log.
struct NightPlan: Sendable {
  struct Node: Sendable {
    let evidence: [UInt8]
    /// The item that the node's series are for; `nil` for a node that is not in the queue.
    let item: Int64?
    /// The group whose band the node is one of.
    let group: Int?
  }

  /// Nodes of a group that its band is drawn from. With 200 of them the band's edges are at the
  /// 10 ± 2nd and 90 ± 2nd percentile of a larger group.
  static let peersPerGroup = 200

  /// By the bytes of their names.
  private(set) var nodes: [[UInt8]: Node] = [:]
  /// Groups of items.
  private(set) var groups: [String] = []

  /// - Parameters:
  ///   - reader: a bundle that was imported as `bundle`.
  ///   - items: the queue's items of its epoch, by the node's name.
  /// - Throws: `ReviewError.badInput` for another bundle than the imported one; `BundleError`.
  init(_ reader: BundleReader, _ bundle: ImportedBundle, items: [Data: Int64]) throws {
    let source = try ImportedFiles(reader, bundle)
    var candidates: [[UInt8]: [(rank: UInt64, node: [UInt8])]] = [:]
    var groupOfItem: [[UInt8]: String] = [:]
    for name in try reader.verdictFiles() {
      for line in try source.bytes(name).split(separator: 10) {
        let verdict = try VerdictRecord(line: Array(line)).verdict
        let key = Array(verdict.node.utf8)
        let group = Array(verdict.group.utf8)
        let item = items[Data(key)]
        nodes[key] = Node(evidence: verdict.evidence, item: item, group: nil)
        if item != nil { groupOfItem[group] = verdict.group }
        guard verdict.outcome == .accept else { continue }
        // Nobody chooses a name by which to be among them: the statement is part of the hash.
        let rank = StableHash.of(bundle.statement + verdict.node)
        candidates[group, default: []].append((rank, key))
        if candidates[group, default: []].count > 2 * Self.peersPerGroup {
          candidates[group] = Self.first(candidates[group] ?? [])
        }
      }
    }
    for (key, name) in groupOfItem.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      for (_, node) in Self.first(candidates[key] ?? []) {
        guard let own = nodes[node] else { continue }
        nodes[node] = Node(evidence: own.evidence, item: own.item, group: groups.count)
      }
      groups.append(name)
    }
  }

  private static func first(
    _ candidates: [(rank: UInt64, node: [UInt8])]
  ) -> [(rank: UInt64, node: [UInt8])] {
    let sorted = candidates.sorted {
      $0.rank != $1.rank ? $0.rank < $1.rank : $0.node.lexicographicallyPrecedes($1.node)
    }
    return Array(sorted.prefix(peersPerGroup))
  }
}

/// The files of a bundle as they were when it was imported.
struct ImportedFiles: Sendable {
  private let reader: BundleReader
  private let digests: [String: String]

  /// - Throws: `ReviewError.badInput` where the folder holds another bundle by now; `BundleError`.
  init(_ reader: BundleReader, _ bundle: ImportedBundle) throws {
    guard Self.sha256(try reader.stored("statement.json")) == bundle.statement else {
      throw ReviewError.badInput("\(reader.path) is not the bundle that was imported")
    }
    self.reader = reader
    digests = Dictionary(
      try reader.statement().subject.map { ($0.name, $0.sha256) },
      uniquingKeysWith: { first, _ in first })
  }

  func bytes(_ name: String) throws -> [UInt8] {
    let bytes = try reader.bytes(name)
    guard digests[name] == Self.sha256(bytes) else {
      throw ReviewError.badInput("\(name) of \(reader.path) is not what was imported")
    }
    return bytes
  }

  static func sha256(_ bytes: [UInt8]) -> String {
    Hex.encode(Array(SHA256.hash(data: bytes)))
  }
}
