import Ledger

/// The tree of a bundle in the dump format of OpenZeppelin's merkle-tree library (`standard-v1`).
public struct TreeDump {
  private let bundle: BundleReader

  public init(_ bundle: BundleReader) {
    self.bundle = bundle
  }

  /// Hands the dump on in pieces: it is about 480 bytes a leaf, and never in memory as a whole.
  ///
  /// Values are in the order of the verdicts.
  ///
  /// - Throws: `BundleError`.
  public func write(_ emit: (String) -> Void) throws(BundleError) {
    let tree = try BundleTree(bundle)
    let encoding = VerdictLeaf.encoding.map { "\"\($0)\"" }.joined(separator: ",")
    emit(#"{"format":"standard-v1","leafEncoding":[\#(encoding)],"tree":["#)
    for (index, node) in tree.tree.nodes.enumerated() {
      emit("\(index == 0 ? "" : ",")\"\(node.hex)\"")
    }
    emit(#"],"values":["#)
    try writeValues(of: tree, emit)
    emit("]}\n")
  }

  private func writeValues(
    of tree: BundleTree, _ emit: (String) -> Void
  ) throws(BundleError) {
    let bits = try bundle.reasonBits()
    var places = TreePlaces(tree)
    var isFirst = true
    func emitValue(_ leaf: VerdictLeaf) throws(BundleError) {
      let texts = leaf.values.map { "\"\($0)\"" }.joined(separator: ",")
      let separator = isFirst ? "" : ","
      emit(#"\#(separator){"value":[\#(texts)],"treeIndex":\#(places.next())}"#)
      isFirst = false
    }
    try bundle.forEachVerdictLine { line throws(BundleError) in
      try emitValue(try VerdictRecord(line: line).leaf(bits: bits))
      return true
    }
    if isFirst {
      try emitValue(.sentinel(epoch: try bundle.statement().predicate.epoch))
    }
  }
}

/// The tree index of each verdict's leaf, in the order of the verdicts.
private struct TreePlaces {
  private var places: [UInt32]
  private var position = 0
  private let nodeCount: Int

  init(_ tree: BundleTree) {
    nodeCount = tree.tree.nodes.count
    let hashes = tree.leafHashes
    let order = hashes.indices.sorted { hashes[$0] < hashes[$1] }
    places = [UInt32](repeating: 0, count: hashes.count)
    for (rank, index) in order.enumerated() { places[index] = UInt32(clamping: rank) }
  }

  /// 2N − 2 − j for the sorted leaf j.
  mutating func next() -> Int {
    defer { position += 1 }
    return nodeCount - 1 - Int(places[position])
  }
}
