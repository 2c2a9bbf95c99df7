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
    /// Accounts whose signatures on the root are good, for ``ledger``.
    public var rootSigners: [EthereumAddress] = []
    /// The ledger that the root is signed for; `nil` before the first signature.
    public var ledger: LedgerConfiguration?
    /// Verdicts that replace earlier ones.
    public var corrections = 0
    /// The transparency log that the statement is in, as of when the bundle was made; `nil` for a
    /// bundle outside any log.
    public var log: Checkpoint?

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
    step("ledger") { verifier throws(BundleError) in try verifier.checkLedger() }
    step("log") { verifier throws(BundleError) in try verifier.checkLog() }
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

  /// The only ones there may be.
  private static let unlisted: Set<String> = [
    "SHA256SUMS", RootFile.name, RootSigning.configurationFile, RootSigning.transactionFile,
    BundleLog.checkpointName, BundleLog.proofName,
  ]

  private mutating func checkSums() throws(BundleError) {
    for name in try reader.fileNames() where Self.isUnlisted(name) {
      expect(Self.unlisted.contains(name), "\(name) is no file of a bundle")
    }
    var files: [String: [UInt8]] = [:]
    for name in try reader.fileNames() where !Self.isUnlisted(name) {
      files[name] = try reader.stored(name)
    }
    let listed = try reader.stored("SHA256SUMS")
    let expected = BundleAssembly.checksums(of: files)
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
    let root = try? BundleAssembly.root(of: walk.leaves, epoch: statement.epoch)
    let leafCount = max(walk.leaves.count, 1)
    expect(root?.hex == statement.merkleRoot, "statement: the Merkle root differs")
    expect(leafCount == statement.leafCount, "statement: the leaf count differs")
    report.root = root?.hex ?? ""
    report.leafCount = leafCount
    try checkCorrections(walk, revision: statement.revision)
  }

  /// Every verdict that replaces another is listed with who decided it, and no other is.
  private mutating func checkCorrections(
    _ walk: VerdictWalk, revision: UInt32
  ) throws(BundleError) {
    let names = try reader.fileNames()
    report.corrections = walk.superseding.count
    expect(revision > 0 || walk.superseding.isEmpty, "verdicts: revision 0 supersedes nothing")
    let listed =
      names.contains(Documents.corrections) ? try reader.bytes(Documents.corrections) : []
    expect(
      listed == walk.superseding.flatMap { $0.line + [10] },
      "\(Documents.corrections) does not list the verdicts that supersede others")
    let check = CorrectionCheck(
      corrections: try reader.corrections(), revision: revision, bits: walk.bits)
    let file = names.contains(Documents.decisions) ? try reader.bytes(Documents.decisions) : []
    expect(file == check.lines, "\(Documents.decisions) is not in its one form")
    expect(check.isInOrder, "\(Documents.decisions): revisions or nodes are out of order")
    expect(
      check.isApproved, "\(Documents.decisions): a reject was overturned without a second person")
    expect(
      check.leads(to: walk.superseding.map(\.record)),
      "\(Documents.decisions) does not agree with the verdicts")
  }

  /// The root's own file: what it commits to, and whose signatures it bears.
  private mutating func checkLedger() throws(BundleError) {
    let predicate = try reader.statement().predicate
    let file = try reader.rootFile()
    expect(
      file.root.hex == report.root && file.leafCount == report.leafCount,
      "\(RootFile.name) is not the root of these verdicts")
    report.rootSigners = try file.signers()
    report.checks += report.rootSigners.count
    guard let commitment = file.commitment else { return }
    let message = commitment.message
    let statement = Keccak256.hash(try reader.stored("statement.json"))
    expect(
      message.root == file.root && message.leafCount == UInt64(clamping: file.leafCount)
        && message.epoch == predicate.epoch && message.revision == predicate.revision
        && message.manifestHash == statement,
      "\(RootFile.name): what is signed is not this bundle")
    guard let configuration = try reader.ledgerConfiguration() else {
      return report.failures.append("\(RootSigning.configurationFile) is missing")
    }
    expect(
      configuration.digest == message.configDigest && configuration.domain == commitment.domain,
      "\(RootSigning.configurationFile) is not the ledger that the root is signed for")
    expect(
      report.rootSigners.allSatisfy(configuration.signers.contains)
        && report.rootSigners.count <= configuration.threshold,
      "\(RootFile.name): a signature is not of the ledger's signers, or there are too many")
    report.ledger = configuration
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

  /// That the statement is in the log whose checkpoint the bundle has, and that whoever signed the
  /// bundle signed the checkpoint.
  private mutating func checkLog() throws(BundleError) {
    let names = try reader.fileNames().filter { $0.hasPrefix("log/") }
    guard !names.isEmpty else { return }
    do {
      let checkpoint = try reader.stored(BundleLog.checkpointName)
      let origin = try Checkpoint(text: try SignedNote(bytes: checkpoint).text).origin
      let keys = try report.signers.map { try LogVerifierKey(name: origin, publicKeyHex: $0) }
      // Without keys nothing would be said about who signed the checkpoint.
      guard !keys.isEmpty else { throw LogFolderError.notSigned(path: BundleLog.checkpointName) }
      report.log = try BundleLog.verify(
        statement: try reader.stored("statement.json"), checkpoint: checkpoint,
        proof: try reader.stored(BundleLog.proofName), keys: keys
      ).checkpoint
      report.checks += 1
    } catch {
      report.failures.append("log: \(error)")
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
