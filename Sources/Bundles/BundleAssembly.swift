import Contributions
import Ledger
import Verdicts

/// What turns verdicts and documents into the files of a bundle: lines, leaves, root, statement,
/// envelope and checksums.
struct BundleAssembly {
  let profile: String
  let epoch: UInt64
  let revision: UInt32
  /// In node order, numbered from zero.
  let records: [VerdictRecord]
  /// The bit of each reason code.
  let bits: [String: Int]
  /// With `0x`.
  let modelDigest: String
  /// The other files under the statement, by name; those ending in `.gz` as they are uncompressed.
  let documents: [String: [UInt8]]

  /// Every file of the bundle by name, as stored.
  ///
  /// - Throws: `BundleError`, `MerkleTreeError`, `DSSEError`.
  func files(keys: [SigningKey]) throws -> [String: [UInt8]] {
    var files = try verdictFiles()
    for (name, bytes) in documents { try files.add(name, bytes) }
    let root = try Self.root(of: files.leaves, epoch: epoch)
    let leafCount = max(files.leaves.count, 1)
    let statement = statement(of: files, root: root, leafCount: leafCount).json.bytes
    files.stored["statement.json"] = statement
    files.stored["manifest.dsse.json"] = try DSSEEnvelope(
      signing: statement, type: Documents.payloadType, with: keys
    ).canonicalJSON
    files.stored["SHA256SUMS"] = Self.checksums(of: files.stored)
    files.stored["ledger/root.json"] = RootFile(root: root, leafCount: leafCount).json.bytes
    return files.stored
  }

  private func statement(of files: Files, root: Digest32, leafCount: Int) -> Statement {
    var outcomes: [Outcome: Int] = [:]
    for record in records { outcomes[record.verdict.outcome, default: 0] += 1 }
    let subjects = files.digests.map { Statement.Subject(name: $0.key, sha256: $0.value) }
    return Statement(
      subject: subjects.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) },
      predicate: Statement.Predicate(
        epoch: epoch, profile: profile, revision: revision, counts: Statement.Counts(outcomes),
        merkleRoot: root.hex, leafCount: leafCount, model: modelDigest,
        policy: "0x" + (files.digests["policy.json"] ?? ""), tool: BundleContents.tool))
  }

  /// Files as stored, and the digests of what they hold uncompressed.
  private struct Files {
    var stored: [String: [UInt8]] = [:]
    var digests: [String: String] = [:]
    var leaves: [Digest32] = []

    mutating func add(_ name: String, _ bytes: [UInt8]) throws(BundleError) {
      stored[name] = name.hasSuffix(".gz") ? try Gzip.compress(bytes) : bytes
      digests[name] = Documents.sha256(bytes)
    }
  }

  private func verdictFiles() throws(BundleError) -> Files {
    var files = Files()
    var lines: [UInt8] = []
    var fileIndex = 0
    for (sequence, record) in records.enumerated() {
      let leaf = record.leaf(bits: bits)
      files.leaves.append(leaf.hash)
      record.json(leaf: leaf).append(to: &lines)
      lines.append(10)
      if (sequence + 1) % Documents.verdictsPerFile == 0 {
        try files.add(Documents.verdictFile(fileIndex), lines)
        lines.removeAll(keepingCapacity: true)
        fileIndex += 1
      }
    }
    if !lines.isEmpty || fileIndex == 0 {
      try files.add(Documents.verdictFile(fileIndex), lines)
    }
    return files
  }

  static func root(of leaves: [Digest32], epoch: UInt64) throws(MerkleTreeError) -> Digest32 {
    try StandardMerkleTree.root(ofLeafHashes: leafHashes(leaves, epoch: epoch))
  }

  /// The leaf hashes of an epoch's tree: the sentinel's where there is no node.
  static func leafHashes(_ leaves: [Digest32], epoch: UInt64) -> [Digest32] {
    leaves.isEmpty ? [VerdictLeaf.sentinel(epoch: epoch).hash] : leaves
  }

  /// `sha256sum` lines over the stored bytes of every file given.
  static func checksums(of files: [String: [UInt8]]) -> [UInt8] {
    let sorted = files.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return Array(sorted.map { "\(Documents.sha256($1))  \($0)\n" }.joined().utf8)
  }
}
