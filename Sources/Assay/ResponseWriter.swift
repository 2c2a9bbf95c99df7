import Contributions
import Crypto

/// Writes an answer's canonical JSON: members in the order of RFC 8785, by hand, since building a tree
/// of values first costs more than judging a small item.
struct ResponseWriter {
  private var output: [UInt8] = []

  /// The answer's bytes and its digest.
  static func write(
    _ request: VerifyRequest, profiles: [String: ProfileIdentity], results: [ItemResult],
    version: String
  ) -> (json: [UInt8], digest: [UInt8]) {
    var writer = ResponseWriter()
    writer.raw("{")
    writer.member("api_version", text: Verifier.apiVersion)
    writer.raw(",")
    writer.name("as_of")
    if let asOf = request.asOf { writer.integer(asOf) } else { writer.raw("null") }
    writer.raw(",")
    writer.member("epoch", integer: request.epoch)
    writer.raw(",")
    writer.member("mode", text: request.mode.rawValue)
    writer.raw(",")
    writer.name("profiles")
    writer.identities(profiles)
    writer.raw(",")
    let head = writer.take()
    writer.name("results")
    writer.list(results) { $0.result($1) }
    writer.raw(",\"verifier\":{")
    writer.member("name", text: VerifierDescription.software.name)
    writer.raw(",")
    writer.member("version", text: version)
    writer.raw("}}")
    let tail = writer.take()
    var hasher = SHA256()
    hasher.update(data: head)
    hasher.update(data: tail)
    let digest = Array(hasher.finalize())
    writer.member("request_id", text: request.requestID)
    writer.raw(",")
    writer.member("result_digest", hash: digest)
    writer.raw(",")
    return (head + writer.take() + tail, digest)
  }

  private mutating func take() -> [UInt8] {
    defer { output.removeAll() }
    return output
  }

  private mutating func raw(_ text: StaticString) {
    text.withUTF8Buffer { output.append(contentsOf: $0) }
  }

  private mutating func name(_ name: StaticString) {
    raw("\"")
    raw(name)
    raw("\":")
  }

  private mutating func string(_ text: String) {
    CanonicalJSON.string(text).append(to: &output)
  }

  private mutating func integer(_ value: Int64) {
    CanonicalJSON.integer(value).append(to: &output)
  }

  private mutating func member(_ name: StaticString, text: String) {
    self.name(name)
    string(text)
  }

  private mutating func member(_ name: StaticString, integer value: Int64) {
    self.name(name)
    integer(value)
  }

  private mutating func list<Element>(
    _ elements: [Element], _ write: (inout ResponseWriter, Element) -> Void
  ) {
    raw("[")
    for (index, element) in elements.enumerated() {
      if index > 0 { raw(",") }
      write(&self, element)
    }
    raw("]")
  }

  private mutating func identities(_ profiles: [String: ProfileIdentity]) {
    raw("{")
    let sorted = profiles.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
    for (index, profile) in sorted.enumerated() {
      if index > 0 { raw(",") }
      string(profile.key)
      raw(":")
      raw("{")
      name("model")
      if let model = profile.value.model { hash(model) } else { raw("null") }
      raw(",")
      member("policy", hash: profile.value.policy)
      raw(",")
      member("rules", hash: profile.value.rules)
      raw("}")
    }
    raw("}")
  }

  private static let digits = Array("0123456789abcdef".utf8)

  /// `0x` and lower-case hexadecimal digits, as text.
  private mutating func hash(_ bytes: [UInt8]) {
    raw("\"0x")
    for byte in bytes {
      output.append(Self.digits[Int(byte >> 4)])
      output.append(Self.digits[Int(byte & 15)])
    }
    raw("\"")
  }

  private mutating func member(_ name: StaticString, hash bytes: [UInt8]) {
    self.name(name)
    hash(bytes)
  }

  private mutating func result(_ item: ItemResult) {
    raw("{")
    name("counts")
    counts(item.counts)
    raw(",")
    member("item_id", text: item.itemID)
    if let message = item.message {
      raw(",")
      member("message", text: message)
    }
    raw(",")
    name("nodes")
    list(item.nodes) { $0.node($1) }
    raw(",")
    name("outcome")
    if let outcome = item.outcome { string(outcome.rawValue) } else { raw("null") }
    raw(",")
    name("quarantined")
    list(item.quarantined) { $0.quarantined($1) }
    raw(",")
    member("status", text: item.status.rawValue)
    raw("}")
  }

  private mutating func counts(_ counts: RecordCounts) {
    raw("{")
    member("duplicate", integer: Int64(counts.duplicate))
    raw(",")
    member("later_than_as_of", integer: Int64(counts.laterThanAsOf))
    raw(",")
    member("other_epochs", integer: Int64(counts.otherEpochs))
    raw(",")
    member("quarantined", integer: Int64(counts.quarantined))
    raw(",")
    member("used", integer: Int64(counts.used))
    raw("}")
  }

  private mutating func quarantined(_ record: QuarantinedInput) {
    raw("{")
    member("detail", text: record.detail)
    raw(",")
    member("index", integer: Int64(record.index))
    raw(",")
    member("reason", text: record.reason)
    raw("}")
  }

  private mutating func node(_ node: NodeResult) {
    raw("{")
    member("evidence", hash: node.evidence)
    raw(",")
    member("group", text: node.group)
    raw(",")
    member("node", text: node.node)
    raw(",")
    member("outcome", text: node.outcome.rawValue)
    raw(",")
    member("p_ppb", integer: node.pPpb)
    raw(",")
    member("q_ppb", integer: node.qPpb)
    raw(",")
    member("raw_micro", integer: node.rawMicro)
    raw(",")
    name("reasons")
    list(node.reasons) { $0.reason($1) }
    raw(",")
    member("score_ppm", integer: node.scorePpm)
    raw(",")
    member("units_micro", integer: node.unitsMicro)
    raw(",")
    member("verdict", text: node.outcome.verdict)
    raw("}")
  }

  /// As in the lines of a bundle's verdict files.
  private mutating func reason(_ reason: Reason) {
    raw("{")
    member("class", text: reason.reasonClass)
    raw(",")
    member("code", text: reason.code)
    if let feature = reason.feature {
      raw(",")
      member("feature", text: feature)
    }
    optional("high_micro", reason.highMicro)
    optional("low_micro", reason.lowMicro)
    optional("observed_micro", reason.observedMicro)
    if !reason.peers.isEmpty {
      raw(",")
      name("peers")
      list(reason.peers) { $0.string($1) }
    }
    raw(",")
    member("share_ppm", integer: reason.sharePpm)
    if let unit = reason.unit {
      raw(",")
      member("unit", text: unit)
    }
    raw("}")
  }

  private mutating func optional(_ name: StaticString, _ value: Int64?) {
    guard let value else { return }
    raw(",")
    member(name, integer: value)
  }
}
