import Contributions
import Foundation
import Ledger
import Testing
import Verdicts

@testable import Bundles

@Suite struct ProofTests {
  /// A proof of node `a` out of a bundle signed by two of three.
  private func signed() throws -> (proof: ProofFile, ledger: LedgerConfiguration) {
    let fixture = try SigningFixture()
    let copy = try fixture.copy("signed", signedBy: [0, 2], parent: Keccak256.hash("p".utf8))
    return (try ProofFile(of: "a", in: copy), fixture.ledger.configuration)
  }

  /// Whether one who knows the ledger believes it.
  private func isBelieved(_ json: Any, under ledger: LedgerConfiguration) -> Bool {
    guard let data = try? JSONSerialization.data(withJSONObject: json),
      let proof = try? ProofFile(json: Array(data)), proof.failures.isEmpty
    else { return false }
    return (try? RootSigning.approval(of: proof.root, under: ledger, path: "proof")) != nil
  }

  @Test func everyVerdictHasAProof() throws {
    let fixture = try SigningFixture()
    for node in ["a", "b", "c", "d"] {
      let proof = try ProofFile(of: node, in: fixture.bundle)
      #expect(proof.failures == [] && proof.record.verdict.node == node)
      #expect(try ProofFile(json: proof.json.bytes) == proof)
      #expect(
        StandardMerkleTree.verify(
          leaf: proof.leaf.hash, proof: proof.proof, root: proof.root.root))
    }
    #expect(throws: BundleError.noSuchNode("e")) { try ProofFile(of: "e", in: fixture.bundle) }
  }

  @Test func otherWhiteSpaceAndOrderAreTheSameProof() throws {
    let proof = try signed().proof
    let object = try JSONSerialization.jsonObject(with: Data(proof.json.bytes))
    let pretty = try JSONSerialization.data(withJSONObject: object, options: .prettyPrinted)
    #expect(try ProofFile(json: Array(pretty)) == proof)
  }

  /// What the leaf does not hold: words and intervals, which take the bundle to check.
  private static func isWords(_ path: String) -> Bool {
    ["group", "raw_micro", "p_ppb", "q_ppb"].contains { path == ".verdict.\($0)" }
      || path.hasPrefix(".verdict.reasons")
  }

  @Test func everyChangedOrMissingPartIsFound() throws {
    let (proof, ledger) = try signed()
    let object = try JSONSerialization.jsonObject(with: Data(proof.json.bytes))
    #expect(isBelieved(object, under: ledger))
    var changes = 0
    for (path, changed) in Variants.of(object) where !Self.isWords(path) {
      #expect(!isBelieved(changed, under: ledger), "\(path)")
      changes += 1
    }
    #expect(changes > 150)
  }

  @Test func asManyReasonsAsTheLeafHasBits() throws {
    let proof = try signed().proof
    for codes in [[], ["SHARED"], ["SHARED", "UNUSUAL", "MORE"], ["SHARED", "SHARED"]] {
      var verdict = proof.record.verdict
      verdict.reasons = codes.map { Reason(code: $0, reasonClass: "spoof", sharePpm: 1) }
      let record = VerdictRecord(
        epoch: proof.record.epoch, sequence: proof.record.sequence, profile: proof.record.profile,
        verdict: verdict)
      let changed = ProofFile(
        revision: 0, record: record, leaf: proof.leaf, proof: proof.proof, root: proof.root)
      #expect(changed.failures == ["the leaf has 2 reasons, not \(Set(codes).count)"])
    }
  }

  @Test func membersThatFollowFromOthersHaveToFollow() throws {
    let text = try signed().proof.json.text
    for (old, new) in [
      ("\"score_ppm\":999000", "\"score_ppm\":0"), ("\"subject\":\"0x", "\"subject\":\"0y"),
      ("\"contribution\":\"0x", "\"contribution\":\""), ("\"format\"", "\"extra\":1,\"format\""),
      ("\"epoch\":20412,\"evidence\"", "\"e\":1,\"epoch\":20412,\"evidence\""),
    ] {
      #expect(text.contains(old), "\(old)")
      let changed = text.replacingOccurrences(of: old, with: new)
      #expect(throws: BundleError.self, "\(new)") { try ProofFile(json: Array(changed.utf8)) }
    }
  }

  @Test func anotherNodesLeafDoesNotServe() throws {
    let fixture = try SigningFixture()
    let own = try ProofFile(of: "a", in: fixture.bundle)
    let other = try ProofFile(of: "c", in: fixture.bundle)
    let forged = ProofFile(
      revision: 0, record: own.record, leaf: other.leaf, proof: other.proof, root: other.root)
    #expect(forged.failures.count >= 2)
    #expect(forged.failures.first?.contains("not about node a") == true)
    // The verdict that the node would like, with the proof of the one it got.
    var verdict = own.record.verdict
    verdict.outcome = .accept
    let record = VerdictRecord(
      epoch: own.record.epoch, sequence: own.record.sequence, profile: own.record.profile,
      verdict: verdict)
    let bits = try fixture.bundle.reasonBits()
    let wishful = ProofFile(
      revision: 0, record: record, leaf: record.leaf(bits: bits), proof: own.proof, root: own.root)
    #expect(wishful.failures == ["the proof does not lead to the root \(own.root.root)"])
  }

  @Test func aProofOfOneRevisionIsNoneOfAnother() throws {
    let chain = try CorrectionFixture.chain()
    let old = try ProofFile(of: "a", in: chain.reader(0))
    let new = try ProofFile(of: "a", in: chain.reader(1))
    #expect(new.leaf.supersedes == old.leaf.hash && new.failures == [])
    let forged = ProofFile(
      revision: 1, record: old.record, leaf: old.leaf, proof: old.proof, root: new.root)
    #expect(!forged.failures.isEmpty)
  }

  @Test func aTreeOfOneLeafNeedsNoSiblings() throws {
    var contents = BundleContents.tiny
    contents.verdicts = [.sample("only", .hold)]
    BundleContents.setQ(&contents.verdicts)
    let fixture = try SigningFixture(contents)
    let proof = try ProofFile(of: "only", in: fixture.bundle)
    #expect(proof.proof == [] && proof.root.root == proof.leaf.hash && proof.failures == [])
    #expect(try ProofFile(json: proof.json.bytes) == proof)
  }

  @Test func aNightWithoutNodesProvesNothing() throws {
    var contents = BundleContents.tiny
    contents.verdicts = []
    let fixture = try SigningFixture(contents)
    let bundle = fixture.bundle
    for node in ["a", "", "\u{0}"] {
      #expect(throws: BundleError.noSuchNode(node)) { try ProofFile(of: node, in: bundle) }
    }
    let tree = try BundleTree(bundle)
    #expect(tree.leafHashes == [VerdictLeaf.sentinel(epoch: 20_412).hash])
  }

  /// Names that JSON has to escape, that begin one another, or that Swift takes for the same.
  static let names: [String] = [
    "", " ", "n", "n1", "n1\"", "n1\\", "n1\\\"", "n1\n", "n1\t\u{1}", "n1\u{7F}", "n1/",
    "n1\",\"node\":\"n2", "n2", "\u{E9}", "e\u{301}", "\u{2028}", "😀", "😀😀", "\u{FFFF}", "\u{0}",
  ]

  @Test func anyNameHasItsOwnProof() throws {
    var contents = BundleContents.tiny
    contents.verdicts = Self.names.map { .sample($0, reasons: [.unusual]) }.sorted {
      $0.node.utf8.lexicographicallyPrecedes($1.node.utf8)
    }
    BundleContents.setQ(&contents.verdicts)
    let fixture = try SigningFixture(contents)
    let bundle = fixture.bundle
    #expect(try BundleVerifier.verify(path: bundle.path).failures == [])
    for name in Self.names {
      let proof = try ProofFile(of: name, in: bundle)
      #expect(proof.record.verdict.node.utf8.elementsEqual(name.utf8), "\(name.debugDescription)")
      let read = try ProofFile(json: proof.json.bytes)
      #expect(read == proof && read.failures == [], "\(name.debugDescription)")
      #expect(read.record.verdict.node.utf8.elementsEqual(name.utf8))
    }
  }

  /// A line may hold another node's name in a place where no canonical one has it.
  @Test func aVerdictIsFoundByItsOwnNodeOnly() throws {
    var bundle = try LooseBundle()
    let file = "verdicts/00000.ndjson.gz"
    try bundle.replace(#"{"contribution""#, by: #"{"":{"node":"c"},"contribution""#, in: file)
    let folder = try TemporaryFolder()
    try bundle.write(to: folder)
    let record = try BundleReader(path: folder.path).verdict(on: "c")
    #expect(record.verdict.node == "c")
  }

  @Test func whatIsNoProofIsRefusedWithoutACrash() throws {
    let text = try signed().proof.json.text
    let deep = String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000)
    for (old, new) in [
      ("\"revision\":0,\"root\"", "\"revision\":-1,\"root\""),
      ("\"revision\":0,\"root\"", "\"revision\":4294967296,\"root\""),
      ("\"revision\":0,\"root\"", "\"revision\":1e400,\"root\""),
      ("\"p_ppb\":1000000", "\"p_ppb\":9223372036854775807"),
      ("\"units_micro\":42000000", "\"units_micro\":-1"),
      ("\"units_micro\":42000000", "\"units_micro\":1e999"),
      ("\"proof\":[", "\"proof\":[5,"), ("\"value\":[", "\"value\":[\"0\","),
      ("\"value\":[\"20412\"", "\"value\":[\"020412\""), ("assay-proof-1", "assay-proof-2"),
      ("\"proof\":[", "\"proof\":[\(deep),"),
    ] {
      #expect(text.contains(old), "\(old)")
      let changed = text.replacingOccurrences(of: old, with: new)
      #expect(throws: BundleError.self, "\(new.prefix(40))") {
        try ProofFile(json: Array(changed.utf8))
      }
    }
    for text in ["", "null", "5", "[]", "{}", "\u{FF}", "{\"format\":\"assay-proof-1\"}"] {
      #expect(throws: BundleError.self) { try ProofFile(json: Array(text.utf8)) }
    }
  }
}

/// Every value that differs from another in one place.
enum Variants {
  static func of(_ value: Any) -> [(path: String, value: Any)] {
    switch value {
    case let members as [String: Any]:
      return members.keys.sorted().flatMap { key -> [(path: String, value: Any)] in
        var without = members
        without[key] = nil
        return [(".\(key)", without)]
          + of(members[key] ?? NSNull()).map { inner in
            (".\(key)\(inner.path)", members.merging([key: inner.value]) { $1 })
          }
      }
    case let elements as [Any]:
      var variants: [(path: String, value: Any)] = [("", elements + [elements.first ?? "x"])]
      for index in elements.indices {
        var without = elements
        without.remove(at: index)
        variants.append((".\(index)", without))
        variants += of(elements[index]).map { inner in
          var changed = elements
          changed[index] = inner.value
          return (".\(index)\(inner.path)", changed)
        }
      }
      return variants
    case let text as String:
      return [("", text + "0"), ("", String(text.dropLast()) + (text.hasSuffix("1") ? "2" : "1"))]
    case let number as Int:
      return [("", number + 1), ("", "\(number)")]
    default:
      return [("", "x")]
    }
  }
}
