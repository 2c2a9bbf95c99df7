import Ledger

/// The Merkle tree of a bundle's verdicts, built again from the bundle.
public struct BundleTree: Sendable {
  public let tree: StandardMerkleTree
  /// In the order of the verdicts; the sentinel alone where there is none.
  public let leafHashes: [Digest32]

  /// Reads every verdict.
  ///
  /// - Throws: `BundleError.malformed` where the root is not the one that the statement names, too.
  public init(_ bundle: BundleReader) throws(BundleError) {
    let bits = try bundle.reasonBits()
    let predicate = try bundle.statement().predicate
    var hashes: [Digest32] = []
    try bundle.forEachVerdictLine { line throws(BundleError) in
      hashes.append(try VerdictRecord(line: line).leaf(bits: bits).hash)
      return true
    }
    leafHashes = BundleAssembly.leafHashes(hashes, epoch: predicate.epoch)
    do {
      tree = try StandardMerkleTree(leafHashes: leafHashes)
    } catch {
      throw .malformed("\(error)")
    }
    guard tree.root.hex == predicate.merkleRoot else {
      throw .malformed(
        "the verdicts have the root \(tree.root), the statement says \(predicate.merkleRoot)")
    }
  }
}
