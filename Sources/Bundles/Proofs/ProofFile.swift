import Contributions
import Foundation
import Ledger
import Verdicts

/// One verdict with its proof against the root: what a node's owner hands to a contract or a court.
///
/// Format `assay-proof-1`: a JSON object that stands alone. `value` and `proof` are what
/// OpenZeppelin's `StandardMerkleTree.verify` takes with `leaf_encoding`.
public struct ProofFile: Sendable, Equatable {
  public static let format = "assay-proof-1"

  public let revision: UInt32
  /// The verdict in words and numbers; ``leaf`` is what the root commits to.
  public let record: VerdictRecord
  public let leaf: VerdictLeaf
  public let proof: [Digest32]
  /// The root, and who signed it for which ledger.
  public let root: RootFile

  init(
    revision: UInt32, record: VerdictRecord, leaf: VerdictLeaf, proof: [Digest32], root: RootFile
  ) {
    self.revision = revision
    self.record = record
    self.leaf = leaf
    self.proof = proof
    self.root = root
  }

  /// The proof of the verdict on `node`.
  ///
  /// - Throws: `BundleError`, among them `.noSuchNode`.
  public init(of node: String, in bundle: BundleReader) throws(BundleError) {
    let record = try bundle.verdict(on: node)
    let leaf = record.leaf(bits: try bundle.reasonBits())
    let tree = try BundleTree(bundle)
    let proof: [Digest32]
    do {
      proof = try tree.tree.proof(for: leaf.hash)
    } catch {
      throw .malformed("\(error)")
    }
    let root = try bundle.rootFile()
    guard root.root == tree.tree.root else {
      throw .malformed("\(RootFile.name) is not the root of these verdicts")
    }
    self.init(
      revision: try bundle.statement().predicate.revision, record: record, leaf: leaf,
      proof: proof, root: root)
  }

  /// The one JSON form.
  public var json: CanonicalJSON {
    .object([
      "format": .string(Self.format), "revision": .integer(Int64(revision)),
      "verdict": record.json(leaf: leaf), "leaf": .string(leaf.hash.hex),
      "value": .array(leaf.values.map { .string($0) }),
      "proof": .array(proof.map { .string($0.hex) }), "root": root.json,
    ])
  }

  /// Reads a proof; nothing is checked but its form.
  ///
  /// - Throws: `BundleError.malformed`.
  public init(json bytes: [UInt8]) throws(BundleError) {
    do {
      guard let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
        object["format"] as? String == Self.format
      else { throw BundleError.malformed("it is no proof of the format \(Self.format)") }
      func part(_ name: String) throws -> [UInt8] {
        guard let value = object[name], JSONSerialization.isValidJSONObject(value) else {
          throw BundleError.malformed("member '\(name)' is missing or wrong")
        }
        return try Self.canonical(value)
      }
      func texts(_ name: String) throws -> [String] {
        guard let texts = object[name] as? [String] else {
          throw BundleError.malformed("member '\(name)' is not a list of texts")
        }
        return texts
      }
      guard let revision = (object["revision"] as? Int).flatMap(UInt32.init(exactly:)) else {
        throw BundleError.malformed("member 'revision' is missing or wrong")
      }
      self.init(
        revision: revision, record: try VerdictRecord(line: try part("verdict")),
        leaf: try VerdictLeaf(values: texts("value")),
        proof: try texts("proof").map { try Digest32(hex: $0) },
        root: try RootFile(json: try part("root")))
      guard object["leaf"] as? String == leaf.hash.hex else {
        throw BundleError.malformed("'leaf' is not the hash of 'value'")
      }
      // Members that follow from others, such as the score, are believed as well.
      let again = try JSONSerialization.jsonObject(with: Data(json.bytes))
      guard try Self.canonical(again) == Self.canonical(object) else {
        throw BundleError.malformed("members do not follow from the others, or there are others")
      }
    } catch let error as BundleError {
      throw error
    } catch {
      throw .malformed("not a proof: \(error)")
    }
  }

  private static func canonical(_ value: Any) throws -> [UInt8] {
    Array(
      try JSONSerialization.data(
        withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes]))
  }

  /// What does not hold of it; empty for a good proof.
  ///
  /// A good proof says that the root commits to the verdict. Whether the root is the one that the
  /// network took must be known from elsewhere: from its contract, or from signers one trusts.
  public var failures: [String] {
    var failures: [String] = []
    let verdict = record.verdict
    let expected = record.leaf(bits: [:])
    if leaf.contribution != expected.contribution || leaf.subject != expected.subject
      || leaf.epoch != record.epoch || leaf.seq != record.sequence
    {
      failures.append("the leaf is not about node \(verdict.node) in epoch \(record.epoch)")
    }
    if leaf.code != expected.code { failures.append("the leaf does not say \(verdict.outcome)") }
    if leaf.scorePpm != expected.scorePpm || leaf.unitsMicro != expected.unitsMicro
      || leaf.evidence != expected.evidence || leaf.supersedes != expected.supersedes
    {
      failures.append("the leaf has another score, units, evidence or superseded leaf")
    }
    let reasons = Set(verdict.reasons.map(\.code)).count
    if leaf.reasonBits.nonzeroBitCount != reasons {
      failures.append("the leaf has \(leaf.reasonBits.nonzeroBitCount) reasons, not \(reasons)")
    }
    if !StandardMerkleTree.verify(leaf: leaf.hash, proof: proof, root: root.root) {
      failures.append("the proof does not lead to the root \(root.root)")
    }
    if let message = root.commitment?.message,
      message.root != root.root || message.epoch != record.epoch || message.revision != revision
        || message.leafCount != UInt64(clamping: root.leafCount)
    {
      failures.append("what was signed is another root")
    }
    do { _ = try root.signers() } catch { failures.append("\(error)") }
    return failures
  }
}
