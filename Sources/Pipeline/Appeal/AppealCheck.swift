import Bundles
import Contributions
import Crypto
import Foundation
import Ingestion
import Ledger
import Profiles
import Verdicts

/// Checks an appeal packet with nothing but the packet and the profile's schema.
public struct AppealCheck: Sendable {
  /// What does not hold; empty for a good packet.
  public let failures: [String]
  public let proof: ProofFile
  public let records: Int
  /// Public keys whose signatures on the statement are good.
  public let signers: [String]

  private struct Packet: Decodable {
    let format: String
    let profile: String
    let epoch: UInt64
    let node: String
    let selection: String
    let records: [String]
    let reasons: [BundleReader.ReasonEntry]
    let grounds: [Ground]
    let measurements: [Ground]
    let policy: String
    let statement: String
    let envelope: String
  }

  private struct Ground: Decodable {
    let code: String
    let brings: Outcome
    let feature: String?
    let unit: String?
    let observedMicro: Int64?
    let passesAtMicro: Int64?

    private enum CodingKeys: String, CodingKey {
      case code, brings, feature, unit
      case observedMicro = "observed_micro"
      case passesAtMicro = "passes_at_micro"
    }

    var value: VerdictGrounds.Ground {
      VerdictGrounds.Ground(
        code: code, brings: brings, feature: feature, unit: unit, observedMicro: observedMicro,
        passesAtMicro: passesAtMicro)
    }
  }

  /// - Parameter profile: the profile of the packet, where it is a profile file.
  /// - Throws: `PipelineError.badPacket`, `.unknownProfile`; `IngestionError`, `BundleError`.
  public init(json bytes: [UInt8], profile given: Profile? = nil) async throws {
    let packet = try Self.packet(bytes)
    let profile = given?.name == packet.profile ? given : Profile.named(packet.profile)
    guard let profile else {
      throw PipelineError.unknownProfile(packet.profile, known: Profile.builtIn.map(\.name))
    }
    let proof = try Self.proof(bytes)
    var failures = proof.failures
    let verdict = proof.record.verdict
    if !verdict.node.utf8.elementsEqual(packet.node.utf8) || proof.record.epoch != packet.epoch
      || proof.record.profile != packet.profile
    {
      failures.append("the proof is about another node, epoch or profile")
    }
    if try await Self.evidence(of: packet, profile: profile) != proof.leaf.evidence.bytes {
      failures.append("the records are not those that the leaf's evidence digest is of")
    }
    let statement = Array(packet.statement.utf8)
    failures += Self.statementFailures(statement, packet: packet, proof: proof)
    failures += Self.groundFailures(of: packet, proof: proof)
    var signers: [String] = []
    do {
      let envelope = try DSSEEnvelope(json: Array(packet.envelope.utf8))
      if envelope.payload != statement { failures.append("another statement was signed") }
      signers = try envelope.verifiedKeyIDs()
    } catch {
      failures.append("envelope: \(error)")
    }
    self.failures = failures
    self.proof = proof
    self.signers = signers
    records = packet.records.count
  }

  private static func packet(_ bytes: [UInt8]) throws(PipelineError) -> Packet {
    do {
      let packet = try JSONDecoder().decode(Packet.self, from: Data(bytes))
      guard packet.format == AppealPacket.format else {
        throw PipelineError.badPacket("its format is not \(AppealPacket.format)")
      }
      return packet
    } catch let error as PipelineError {
      throw error
    } catch {
      throw .badPacket("members are missing or have a wrong type")
    }
  }

  private static func proof(_ bytes: [UInt8]) throws -> ProofFile {
    guard let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
      let proof = object["proof"], JSONSerialization.isValidJSONObject(proof)
    else { throw PipelineError.badPacket("member 'proof' is missing") }
    return try ProofFile(json: Array(try JSONSerialization.data(withJSONObject: proof)))
  }

  /// The evidence digest of the packet's records, read as any log is.
  private static func evidence(of packet: Packet, profile: Profile) async throws -> [UInt8]? {
    let folder = try ScratchFolder()
    defer { withExtendedLifetime(folder) {} }
    try folder.write(
      Array(packet.records.map { $0 + "\n" }.joined().utf8), to: "records.ndjson")
    let reader = LogReader(
      schema: profile.schema.unmapped,
      selection: AppealPacket.selection(packet.selection, epoch: packet.epoch),
      memoryLimit: 256_000_000, tasks: 1)
    let log = try await reader.read(try LogFile.find(["\(folder.path)/records.ndjson"]))
    let wanted = Array(packet.node.utf8)
    let found = try await log.mapNodes { records in
      records.node.utf8.elementsEqual(wanted) ? records.evidence : nil
    }
    // Everything in the packet has to count: no record of somebody else, none twice, none of another
    // day, no field that the digest does not cover.
    let books = log.books
    guard found.count == 1, books.used == packet.records.count, books.ignoredFields == 0 else {
      return nil
    }
    return found[0]
  }

  private static func statementFailures(
    _ bytes: [UInt8], packet: Packet, proof: ProofFile
  ) -> [String] {
    guard let statement = try? JSONDecoder().decode(Statement.self, from: Data(bytes)) else {
      return ["the statement is no statement"]
    }
    var failures: [String] = []
    let predicate = statement.predicate
    if predicate.merkleRoot != proof.root.root.hex || predicate.epoch != proof.record.epoch
      || predicate.profile != proof.record.profile || predicate.revision != proof.revision
    {
      failures.append("the statement is of another root, epoch, profile or revision")
    }
    let table = sha256(CanonicalJSON.array(packet.reasons.map(\.json)).bytes)
    if !statement.subject.contains(where: { $0.name == "reasons.json" && $0.sha256 == table })
      || predicate.policy != "0x" + sha256(Array(packet.policy.utf8))
    {
      failures.append("the reason table or the policy is not that of the statement")
    }
    if let message = proof.root.commitment?.message, message.manifestHash != Keccak256.hash(bytes) {
      failures.append("the signed root names another statement")
    }
    return failures
  }

  private static func sha256(_ bytes: [UInt8]) -> String {
    Hex.encode(Array(SHA256.hash(data: bytes)))
  }

  /// That the reason codes are those whose bits the leaf has, and the grounds those that follow.
  private static func groundFailures(of packet: Packet, proof: ProofFile) -> [String] {
    var failures: [String] = []
    let verdict = proof.record.verdict
    let bits = Dictionary(
      packet.reasons.filter { (0..<64).contains($0.bit) }.map { ($0.code, $0.bit) },
      uniquingKeysWith: { first, _ in first })
    if proof.record.leaf(bits: bits).reasonBits != proof.leaf.reasonBits {
      failures.append("the reasons are not those whose bits the leaf has")
    }
    guard let policy = try? Policy(json: Array(packet.policy.utf8)) else {
      return failures + ["the policy is no policy"]
    }
    let grounds = VerdictGrounds(of: verdict, table: packet.reasons, policy: policy).grounds
    if packet.grounds.map(\.value) != grounds
      || packet.measurements.map(\.value) != VerdictGrounds.measurements(of: verdict)
    {
      failures.append("the grounds do not follow from the verdict, the table and the policy")
    }
    return failures
  }
}
