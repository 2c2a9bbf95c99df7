import Ingestion

extension VerifyRequest {
  /// Reads a request.
  ///
  /// Strict: a member that is not known, or stands twice, is refused, since a misspelt `as_of` would
  /// otherwise judge other records than were meant. `null` means absent. Record objects are taken as
  /// the bytes they are.
  ///
  /// - Throws: `RequestError`, which names the mistake.
  public init(
    json: [UInt8], limits: VerifierLimits = VerifierLimits()
  ) throws(RequestError) {
    guard json.count <= limits.maxBytes else {
      throw RequestError(.tooLarge, "a request may have \(limits.maxBytes) bytes")
    }
    var reader = RequestReader(json, limits: limits)
    let parts = try reader.read()
    guard let version = parts.version else { throw .missing("api_version") }
    guard version == Verifier.apiVersion else {
      throw RequestError(
        .unsupportedVersion, "api_version must be \(Verifier.apiVersion)")
    }
    guard let requestID = parts.requestID else { throw .missing("request_id") }
    guard let epoch = parts.epoch else { throw .missing("epoch") }
    guard let items = parts.items else { throw .missing("items") }
    try self.init(
      requestID: requestID, epoch: epoch, asOf: parts.asOf, mode: parts.mode ?? .enforce,
      deadlineMs: parts.deadlineMs, items: items, limits: limits)
  }
}

extension RequestError {
  fileprivate static func missing(_ name: String) -> RequestError {
    RequestError(.missingField, "\(name) is missing")
  }

  fileprivate static func bad(_ name: String, _ expected: String) -> RequestError {
    RequestError(.badField, "\(name) must be \(expected)")
  }
}

/// What a request's object holds.
private struct RequestParts {
  var version: String?
  var requestID: String?
  var epoch: Int64?
  var asOf: Int64?
  var mode: VerifyMode?
  var deadlineMs: Int?
  var items: [VerifyItem]?
}

/// Reads a request's object member by member.
private struct RequestReader {
  private var scanner: JSONScanner
  /// The request and the padding that its last record needs.
  private let bytes: [UInt8]
  private let limits: VerifierLimits
  private var records = 0

  init(_ json: [UInt8], limits: VerifierLimits) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(json.count + RecordTexts.padding)
    bytes += json
    bytes.append(contentsOf: repeatElement(0, count: RecordTexts.padding))
    self.bytes = bytes
    self.limits = limits
    scanner = JSONScanner(bytes, end: json.count)
  }

  mutating func read() throws(RequestError) -> RequestParts {
    var parts = RequestParts()
    var seen: Set<String> = []
    try scanner.expect(UInt8(ascii: "{"))
    if !scanner.take(UInt8(ascii: "}")) {
      repeat {
        let name = try memberName(&seen, of: "the request")
        if try scanner.null() { continue }
        try readMember(name, into: &parts)
      } while scanner.take(UInt8(ascii: ","))
      try scanner.expect(UInt8(ascii: "}"))
    }
    scanner.skipSpace()
    guard scanner.isAtEnd else {
      throw RequestError(
        .notJSON, "the request is not JSON: something follows it at byte \(scanner.position)")
    }
    return parts
  }

  private mutating func memberName(
    _ seen: inout Set<String>, of owner: String
  ) throws(RequestError) -> String {
    guard let name = try scanner.string() else {
      throw RequestError(
        .notJSON, "the request is not JSON: a name was expected at byte \(scanner.position)")
    }
    try scanner.expect(UInt8(ascii: ":"))
    guard seen.insert(name).inserted else {
      throw RequestError(.repeatedField, "\(owner) has \(name.prefix(64)) more than once")
    }
    return name
  }

  private mutating func readMember(
    _ name: String, into parts: inout RequestParts
  ) throws(RequestError) {
    switch name {
    case "api_version": parts.version = try text(name)
    case "request_id": parts.requestID = try text(name)
    case "epoch": parts.epoch = try integer(name)
    case "as_of": parts.asOf = try integer(name)
    case "deadline_ms": parts.deadlineMs = Int(try integer(name))
    case "mode":
      guard let mode = VerifyMode(rawValue: try text(name)) else {
        throw .bad(name, "ENFORCE or SHADOW")
      }
      parts.mode = mode
    case "items": parts.items = try items()
    default:
      throw RequestError(.unknownField, "the request has an unknown member \(name.prefix(64))")
    }
  }

  private mutating func text(_ name: String) throws(RequestError) -> String {
    guard let text = try scanner.string() else { throw .bad(name, "a string") }
    return text
  }

  private mutating func integer(_ name: String) throws(RequestError) -> Int64 {
    guard let value = try scanner.integer() else { throw .bad(name, "an integer") }
    return value
  }

  private mutating func items() throws(RequestError) -> [VerifyItem] {
    var items: [VerifyItem] = []
    guard scanner.take(UInt8(ascii: "[")) else { throw .bad("items", "an array") }
    if scanner.take(UInt8(ascii: "]")) { return [] }
    repeat {
      guard items.count < limits.maxItems else { throw .tooManyItems(limits) }
      items.append(try item("items[\(items.count)]"))
    } while scanner.take(UInt8(ascii: ","))
    try scanner.expect(UInt8(ascii: "]"))
    return items
  }

  private mutating func item(_ owner: String) throws(RequestError) -> VerifyItem {
    var itemID: String?
    var profile: String?
    var records: RecordLines?
    var seen: Set<String> = []
    guard scanner.take(UInt8(ascii: "{")) else { throw .bad(owner, "an object") }
    if !scanner.take(UInt8(ascii: "}")) {
      repeat {
        let name = try memberName(&seen, of: owner)
        if try scanner.null() { continue }
        switch name {
        case "item_id": itemID = try text("\(owner).\(name)")
        case "profile": profile = try text("\(owner).\(name)")
        case "records": records = try recordTexts("\(owner).\(name)")
        default:
          throw RequestError(.unknownField, "\(owner) has an unknown member \(name.prefix(64))")
        }
      } while scanner.take(UInt8(ascii: ","))
      try scanner.expect(UInt8(ascii: "}"))
    }
    guard let itemID else { throw .missing("\(owner).item_id") }
    guard let profile else { throw .missing("\(owner).profile") }
    guard let records else { throw .missing("\(owner).records") }
    return VerifyItem(itemID: itemID, profile: profile, records: records)
  }

  private mutating func recordTexts(_ owner: String) throws(RequestError) -> RecordLines {
    var ranges: [Range<Int>] = []
    guard scanner.take(UInt8(ascii: "[")) else { throw .bad(owner, "an array") }
    if !scanner.take(UInt8(ascii: "]")) {
      repeat {
        records += 1
        guard records <= limits.maxRecords else { throw .tooManyRecords(limits) }
        ranges.append(try scanner.value())
      } while scanner.take(UInt8(ascii: ","))
      try scanner.expect(UInt8(ascii: "]"))
    }
    return RecordLines(RecordTexts(bytes: bytes, ranges: ranges))
  }
}
