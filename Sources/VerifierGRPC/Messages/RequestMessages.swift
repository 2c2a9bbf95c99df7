import Assay

extension VerifyRequest {
  /// Reads a request message.
  ///
  /// - Throws: `RequestError` where the same request as JSON would be refused, with the same code. A
  ///   field that the proto does not know is passed over, as protobuf has it.
  init(_ message: WireVerifyRequest, limits: VerifierLimits) throws(RequestError) {
    guard !message.apiVersion.isEmpty else { throw .missing("api_version") }
    guard message.apiVersion == Verifier.apiVersion else {
      throw RequestError(.unsupportedVersion, "api_version must be \(Verifier.apiVersion)")
    }
    guard !message.requestID.isEmpty else { throw .missing("request_id") }
    guard message.hasEpoch else { throw .missing("epoch") }
    guard message.items.count <= limits.maxItems else {
      throw RequestError(.tooManyItems, "a request may have \(limits.maxItems) items")
    }
    var items: [VerifyItem] = []
    items.reserveCapacity(message.items.count)
    var records = 0
    for (place, item) in message.items.enumerated() {
      let item = try VerifyItem(item, place: place, mostRecords: limits.maxRecords - records)
      records += item.records.count
      items.append(item)
    }
    try self.init(
      requestID: message.requestID, epoch: message.epoch,
      asOf: message.hasAsOf ? message.asOf : nil, mode: VerifyMode(message.mode),
      deadlineMs: message.hasDeadlineMs ? Int(message.deadlineMs) : nil, items: items,
      limits: limits)
  }
}

extension VerifyItem {
  fileprivate init(
    _ message: WireItem, place: Int, mostRecords: Int
  ) throws(RequestError) {
    guard !message.itemID.isEmpty else { throw .missing("items[\(place)].item_id") }
    guard !message.profile.isEmpty else { throw .missing("items[\(place)].profile") }
    guard let records = RecordLines(ndjson: Array(message.records), upTo: mostRecords) else {
      throw RequestError(.tooManyRecords, "the request has more records than one may have")
    }
    self.init(itemID: message.itemID, profile: message.profile, records: records)
  }
}

extension VerifyMode {
  /// Unspecified is ENFORCE.
  ///
  /// - Throws: for a number that is no mode.
  fileprivate init(_ mode: WireMode) throws(RequestError) {
    switch mode {
    case .unspecified, .enforce: self = .enforce
    case .shadow: self = .shadow
    case .UNRECOGNIZED(let number):
      throw RequestError(.badField, "mode must be MODE_ENFORCE or MODE_SHADOW, not \(number)")
    }
  }
}

extension RequestError {
  fileprivate static func missing(_ name: String) -> RequestError {
    RequestError(.missingField, "\(name) is missing")
  }
}
