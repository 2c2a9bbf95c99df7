import Contributions
import Foundation
import Ledger
import Profiles
import Verdicts

/// Checks a bundle with nothing but the bundle: every hash, count and signature, and that every
/// derived value is the one that follows from the others.
public struct BundleVerifier {
  /// What verification found.
  public struct Report: Sendable, Equatable {
    /// What is wrong; empty for a good bundle.
    public var failures: [String] = []
    /// Checks made.
    public var checks = 0
    /// Public keys whose signatures on the statement are good. Whether to believe them is the
    /// reader's to decide.
    public var signers: [String] = []
    public var leafCount = 0
    public var root = ""

    public var isGood: Bool { failures.isEmpty }
  }

  private let reader: BundleReader
  private var report = Report()

  public init(path: String) {
    reader = BundleReader(path: path)
  }

  /// Checks everything that can be checked, and reports every failure, not the first.
  ///
  /// - Throws: `BundleError.cannotRead` when there is no bundle at all.
  public static func verify(path: String) throws(BundleError) -> Report {
    var verifier = BundleVerifier(path: path)
    guard !(try verifier.reader.fileNames()).isEmpty else {
      throw .cannotRead(path: path, reason: "there is nothing in it")
    }
    verifier.run()
    return verifier.report
  }

  private mutating func run() {
    step("SHA256SUMS") { verifier throws(BundleError) in try verifier.checkSums() }
    step("statement") { verifier throws(BundleError) in try verifier.checkStatement() }
    step("signatures") { verifier throws(BundleError) in try verifier.checkSignatures() }
    step("verdicts") { verifier throws(BundleError) in try verifier.checkVerdicts() }
    step("books") { verifier throws(BundleError) in try verifier.checkBooks() }
  }

  private mutating func step(
    _ name: String, _ body: (inout BundleVerifier) throws(BundleError) -> Void
  ) {
    do {
      try body(&self)
    } catch {
      report.failures.append("\(name): \(error)")
    }
  }

  private mutating func expect(_ condition: Bool, _ failure: @autoclosure () -> String) {
    report.checks += 1
    if !condition { report.failures.append(failure()) }
  }

  /// Files outside the checksums: they are checked by recomputing, and by their own signatures.
  private static func isUnlisted(_ name: String) -> Bool {
    name == "SHA256SUMS" || name.hasPrefix("ledger/") || name.hasPrefix("log/")
  }

  private mutating func checkSums() throws(BundleError) {
    var files: [String: [UInt8]] = [:]
    for name in try reader.fileNames() where !Self.isUnlisted(name) {
      files[name] = try reader.stored(name)
    }
    let listed = try reader.stored("SHA256SUMS")
    let expected = BundleWriter.checksums(of: files)
    report.checks += files.count
    guard listed != expected else { return }
    let present = Set(Self.lines(expected))
    let claimed = Set(Self.lines(listed))
    for line in present.symmetricDifference(claimed).sorted() {
      report.failures.append("SHA256SUMS does not agree with the files: \(line)")
    }
    if present == claimed { report.failures.append("SHA256SUMS is not in its one form") }
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
  }

  private static let notSubjects: Set<String> = [
    "statement.json", "manifest.dsse.json", "SHA256SUMS",
  ]

  private mutating func checkStatement() throws(BundleError) {
    let statement = try reader.statement()
    expect(
      statement.json.bytes == (try reader.stored("statement.json")),
      "statement.json is not in its one form")
    let names = statement.subject.map(\.name)
    let expected = try reader.fileNames().filter {
      !Self.notSubjects.contains($0) && !Self.isUnlisted($0)
    }
    expect(
      names.map { Array($0.utf8) } == expected.map { Array($0.utf8) },
      "statement: its subjects are not the bundle's files in order")
    // Nothing outside the bundle is read, whatever the statement names.
    let present = Set(expected)
    for subject in statement.subject where present.contains(subject.name) {
      let digest = Documents.sha256(try reader.bytes(subject.name))
      expect(digest == subject.sha256, "statement: digest of \(subject.name) differs")
    }
    let policy = "0x" + Documents.sha256(try reader.bytes("policy.json"))
    expect(statement.predicate.policy == policy, "statement: digest of policy.json differs")
    let model = try reader.model().digest
    expect(statement.predicate.model == model, "statement: model differs from model.json")
  }

  private mutating func checkSignatures() throws(BundleError) {
    let stored = try reader.stored("manifest.dsse.json")
    do {
      let envelope = try DSSEEnvelope(json: stored)
      expect(envelope.canonicalJSON == stored, "manifest.dsse.json is not in canonical form")
      expect(
        envelope.payloadType == Documents.payloadType, "manifest.dsse.json: wrong payload type")
      expect(
        envelope.payload == (try reader.stored("statement.json")),
        "manifest.dsse.json signs another statement")
      report.signers = try envelope.verifiedKeyIDs()
      report.checks += report.signers.count
    } catch {
      report.failures.append("manifest.dsse.json: \(error)")
    }
  }

  private mutating func checkVerdicts() throws(BundleError) {
    let statement = try reader.statement().predicate
    let reasons = try reader.reasons()
    let bits = reasons.map(\.bit)
    expect(
      Set(reasons.map(\.code)).count == reasons.count
        && zip(bits, bits.dropFirst()).allSatisfy(<) && bits.allSatisfy { (0..<64).contains($0) },
      "reasons.json: codes or bits stand twice or out of order, or a bit is outside 0–63")
    expect(
      reasons.allSatisfy { ReasonClass(rawValue: $0.class) != nil },
      "reasons.json: a class is not known")
    var walk = VerdictWalk(
      epoch: statement.epoch, profile: statement.profile, reasons: reasons)
    try checkVerdictFiles(&walk)
    report.checks += walk.count
    report.failures += walk.failures
    expect(
      statement.counts == Statement.Counts(walk.outcomes), "statement: counts of verdicts differ")
    expect(walk.qValuesAgree, "verdicts: q-values do not follow from the p-values")
    let root = try? BundleWriter.root(of: walk.leaves, epoch: statement.epoch)
    let leafCount = max(walk.leaves.count, 1)
    expect(root?.hex == statement.merkleRoot, "statement: the Merkle root differs")
    expect(leafCount == statement.leafCount, "statement: the leaf count differs")
    if let root {
      let ledger = try reader.stored("ledger/root.json")
      expect(
        ledger == Documents.root(root, leafCount: leafCount).bytes,
        "ledger/root.json is not the root of these verdicts")
      report.root = root.hex
    }
    report.leafCount = leafCount
  }

  /// Names in a row, full files but the last, plain gzip, every line ended.
  private mutating func checkVerdictFiles(_ walk: inout VerdictWalk) throws(BundleError) {
    let names = try reader.verdictFiles()
    expect(
      names == names.indices.map { Documents.verdictFile($0) }, "verdicts: files are not numbered")
    for (index, name) in names.enumerated() {
      let content = try reader.bytes(name)
      expect(
        Gzip.hasPlainHeader(try reader.stored(name)),
        "\(name): its gzip header has a time, a name or other extras")
      expect(content.isEmpty || content.last == 10, "\(name): the last line is not ended")
      let before = walk.count
      for line in content.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
        walk.take(Array(line))
      }
      expect(
        index == names.count - 1 || walk.count - before == Documents.verdictsPerFile,
        "\(name): has \(walk.count - before) verdicts")
    }
  }

  private mutating func checkBooks() throws(BundleError) {
    let inputs = try reader.inputs()
    let counts = inputs.counts
    expect(
      Self.sum([counts.used, counts.duplicate, counts.quarantined]) == counts.read,
      "inputs.json: read is not used + duplicate + quarantined")
    expect(
      Self.sum(inputs.files.map(\.records)) == counts.read,
      "inputs.json: the files' records are not those read")
    expect(
      Gzip.hasPlainHeader(try reader.stored("quarantine.ndjson.gz")),
      "quarantine.ndjson.gz: its gzip header has a time, a name or other extras")
    let lines = try reader.bytes("quarantine.ndjson.gz").split(separator: 10)
    expect(
      lines.count == counts.quarantined, "quarantine.ndjson.gz does not hold what inputs.json says")
  }

  /// The sum of counts; `nil` when one is negative or the sum is no integer of JSON.
  private static func sum(_ counts: [Int]) -> Int? {
    var sum = 0
    for count in counts {
      guard count >= 0, count <= Int(CanonicalJSON.largestInteger) - sum else { return nil }
      sum += count
    }
    return sum
  }
}
