import Assay
import Contributions

extension WireVerifyResponse {
  /// The same answer as the response's JSON, member for member.
  init(_ response: VerifyResponse) {
    apiVersion = Assay.Verifier.apiVersion
    requestID = response.requestID
    mode = response.mode == .shadow ? .shadow : .enforce
    epoch = response.epoch
    if let asOf = response.asOf { self.asOf = asOf }
    verifier.name = VerifierDescription.software.name
    verifier.version = VerifierDescription.software.version
    profiles = response.profiles.mapValues { WireJudge($0) }
    results = response.results.map { WireResult($0) }
    resultDigest = Wire.hex(response.digest)
  }
}

extension WireJudge {
  fileprivate init(_ identity: ProfileIdentity) {
    policy = Wire.hex(identity.policy)
    if let model = identity.model { self.model = Wire.hex(model) }
    rules = Wire.hex(identity.rules)
  }
}

extension WireResult {
  fileprivate init(_ result: ItemResult) {
    itemID = result.itemID
    status = WireStatus(result.status)
    outcome = result.outcome.map { WireOutcome($0) } ?? .unspecified
    if let message = result.message { self.message = message }
    nodes = result.nodes.map { WireNode($0) }
    counts.used = Int64(result.counts.used)
    counts.duplicate = Int64(result.counts.duplicate)
    counts.quarantined = Int64(result.counts.quarantined)
    counts.otherEpochs = Int64(result.counts.otherEpochs)
    counts.laterThanAsOf = Int64(result.counts.laterThanAsOf)
    quarantined = result.quarantined.map { input in
      .with {
        $0.index = Int64(input.index)
        $0.reason = input.reason
        $0.detail = input.detail
      }
    }
  }
}

extension WireNode {
  fileprivate init(_ result: NodeResult) {
    node = result.node
    verdict = result.outcome.verdict
    outcome = WireOutcome(result.outcome)
    scorePpm = result.scorePpm
    rawMicro = Wire.held(result.rawMicro)
    pPpb = result.pPpb
    qPpb = result.qPpb
    unitsMicro = Wire.held(result.unitsMicro)
    group = result.group
    evidence = Wire.hex(result.evidence)
    reasons = result.reasons.map { WireReason($0) }
  }
}

extension WireReason {
  fileprivate init(_ reason: Reason) {
    code = reason.code
    self.class = reason.reasonClass
    sharePpm = reason.sharePpm
    if let feature = reason.feature { self.feature = feature }
    if let observed = reason.observedMicro { observedMicro = Wire.held(observed) }
    if let low = reason.lowMicro { lowMicro = Wire.held(low) }
    if let high = reason.highMicro { highMicro = Wire.held(high) }
    if let unit = reason.unit { self.unit = unit }
    peers = reason.peers
  }
}

extension WireStatus {
  fileprivate init(_ status: ItemStatus) {
    self =
      switch status {
      case .ok: .ok
      case .transient: .transient
      case .invalidInput: .invalidInput
      case .unsupported: .unsupported
      }
  }
}

extension WireOutcome {
  fileprivate init(_ outcome: ItemOutcome) {
    self =
      switch outcome {
      case .pass: .pass
      case .flag: .flag
      case .fail: .fail
      case .abstain: .abstain
      }
  }
}

/// How values that JSON writes its own way are written here.
enum Wire {
  static func hex(_ bytes: [UInt8]) -> String { "0x" + Hex.encode(bytes) }

  /// Within ±(2⁵³ − 1), as the JSON is, so that both say the same.
  static func held(_ value: Int64) -> Int64 {
    min(max(value, -CanonicalJSON.largestInteger), CanonicalJSON.largestInteger)
  }
}
