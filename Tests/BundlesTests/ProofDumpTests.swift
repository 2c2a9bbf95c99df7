import Foundation
import Ledger
import Testing
import Verdicts

@testable import Bundles

/// The dump against the rules of OpenZeppelin's merkle-tree 1.0 for the format `standard-v1`, applied
/// here without the tree that made it.
@Suite struct ProofDumpTests {
  private struct Dump: Decodable {
    struct Value: Decodable {
      let value: [String]
      let treeIndex: Int
    }
    let format: String
    let leafEncoding: [String]
    let tree: [String]
    let values: [Value]
  }

  private func text(of bundle: BundleReader) throws -> String {
    var text = ""
    try TreeDump(bundle).write { text += $0 }
    return text
  }

  private func dump(of contents: BundleContents) throws -> Dump {
    let fixture = try SigningFixture(contents)
    return try JSONDecoder().decode(Dump.self, from: Data(try text(of: fixture.bundle).utf8))
  }

  private func check(_ dump: Dump, leaves: Int) throws {
    #expect(dump.format == "standard-v1" && dump.leafEncoding == VerdictLeaf.encoding)
    try #require(dump.tree.count == 2 * leaves - 1 && dump.values.count == leaves)
    let nodes = try dump.tree.map { try Digest32(hex: $0) }
    for index in 0..<leaves - 1 {
      let pair = [nodes[2 * index + 1], nodes[2 * index + 2]].sorted { $0 < $1 }
      #expect(nodes[index] == Keccak256.hash(pair[0].bytes + pair[1].bytes))
    }
    // The leaves are the last nodes, descending.
    let last = nodes[(leaves - 1)...]
    #expect(zip(last, last.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(Set(dump.values.map(\.treeIndex)) == Set(leaves - 1..<2 * leaves - 1))
    for value in dump.values {
      let leaf = try VerdictLeaf(values: value.value)
      #expect(Keccak256.hash(Keccak256.hash(leaf.abiEncoded).bytes) == nodes[value.treeIndex])
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 33])
  func everyLeafIsWhereTheDumpSays(count: Int) throws {
    var contents = BundleContents.tiny
    contents.verdicts = (0..<count).map { .sample("n\(100 + $0)", reasons: [.unusual]) }
    BundleContents.setQ(&contents.verdicts)
    let dump = try dump(of: contents)
    try check(dump, leaves: count)
    // Values come in the order of the verdicts.
    #expect(dump.values.map { $0.value[1] } == (0..<count).map { "\($0)" })
    let fixture = try SigningFixture(contents)
    #expect(try dump.tree[0] == fixture.bundle.statement().predicate.merkleRoot)
  }

  @Test func aNightWithoutNodesHasTheSentinel() throws {
    var contents = BundleContents.tiny
    contents.verdicts = []
    let dump = try dump(of: contents)
    try check(dump, leaves: 1)
    let zero = Digest32.zero.hex
    #expect(
      dump.values[0].value == ["20412", "0", zero, zero, "0", "0", "0", "0", zero, zero])
  }

  @Test func theDumpIsTheTextThatTheLibraryWrites() throws {
    var contents = BundleContents.tiny
    contents.verdicts = [.sample("only")]
    BundleContents.setQ(&contents.verdicts)
    let fixture = try SigningFixture(contents)
    let leaf = try ProofFile(of: "only", in: fixture.bundle).leaf
    let types = VerdictLeaf.encoding.map { "\"\($0)\"" }.joined(separator: ",")
    let values = leaf.values.map { "\"\($0)\"" }.joined(separator: ",")
    #expect(
      try text(of: fixture.bundle)
        == "{\"format\":\"standard-v1\",\"leafEncoding\":[\(types)],\"tree\":[\"\(leaf.hash)\"],"
        + "\"values\":[{\"value\":[\(values)],\"treeIndex\":0}]}\n")
  }

  @Test func aBundleWithAnotherRootIsNotDumped() throws {
    var bundle = try LooseBundle()
    try bundle.replace(
      #""verdict":"hold""#, by: #""verdict":"accept""#, in: "verdicts/00000.ndjson.gz")
    let folder = try TemporaryFolder()
    try bundle.write(to: folder)
    let reader = BundleReader(path: folder.path)
    #expect(throws: BundleError.self) { try text(of: reader) }
    #expect(throws: BundleError.self) { try ProofFile(of: "c", in: reader) }
  }
}
