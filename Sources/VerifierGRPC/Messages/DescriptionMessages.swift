import Assay

extension WireDescribeResponse {
  /// The same as the description's JSON, member for member.
  init(_ description: VerifierDescription) {
    name = description.name
    version = description.version
    apiVersions = description.apiVersions
    determinism = description.determinism
    profiles = description.profiles.map { WireProfile($0) }
    limits.maxItems = Int64(description.limits.maxItems)
    limits.maxRecords = Int64(description.limits.maxRecords)
    limits.maxBytes = Int64(description.limits.maxBytes)
    limits.maxDeadlineMs = Int64(description.limits.maxDeadlineMs)
  }
}

extension WireProfile {
  fileprivate init(_ entry: VerifierDescription.ProfileEntry) {
    name = entry.name
    policy = Wire.hex(entry.identity.policy)
    rules = Wire.hex(entry.identity.rules)
    if let model = entry.model {
      self.model.name = model.name
      self.model.version = model.version
      self.model.digest = Wire.hex(model.digest)
    }
    minimumRecords = Int64(entry.minimumRecords)
    reasons = entry.reasons.map { reason in
      .with {
        $0.code = reason.code
        $0.bit = Int32(reason.bit)
        $0.class = reason.reasonClass.rawValue
        $0.severity = reason.severity.rawValue
        $0.text = reason.text
      }
    }
    kinds = entry.kinds
  }
}
