import Contributions
import Crypto

/// One thing to be judged: records of one or more nodes of a profile.
public struct VerifyItem: Sendable {
  /// 1–256 bytes; unique within a request.
  public let itemID: String
  public let profile: String
  public let records: RecordLines

  public init(itemID: String, profile: String, records: RecordLines) {
    self.itemID = itemID
    self.profile = profile
    self.records = records
  }
}

/// A question to the verifier.
public struct VerifyRequest: Sendable {
  /// The caller's name for the question, 1–128 printable ASCII characters; a host answers the same
  /// one once.
  public let requestID: String
  /// The day judged, in days since 1970-01-01; records of other days are left out and counted.
  public let epoch: Int64
  /// Records later than this moment (ms since 1970-01-01) are left out and counted; `nil` for none.
  public let asOf: Int64?
  public let mode: VerifyMode
  /// How long the answer may take from the call on, in milliseconds; `nil` for the verifier's limit.
  public let deadlineMs: Int?
  public let items: [VerifyItem]

  /// The last day that a time stamp within 2⁵³ − 1 ms can name.
  public static let lastEpoch: Int64 = CanonicalJSON.largestInteger / 86_400_000

  /// Makes a request of its parts.
  ///
  /// - Throws: `RequestError` for an id that is not allowed, a number out of range, a repeated item
  ///   id, no items, or more than `limits` allow. Bytes are the transport's to limit.
  public init(
    requestID: String, epoch: Int64, asOf: Int64? = nil, mode: VerifyMode = .enforce,
    deadlineMs: Int? = nil, items: [VerifyItem], limits: VerifierLimits = VerifierLimits()
  ) throws(RequestError) {
    let id = requestID.utf8
    guard (1...128).contains(id.count), id.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      throw RequestError(.badField, "request_id must be 1 to 128 printable ASCII characters")
    }
    guard (0...Self.lastEpoch).contains(epoch) else {
      throw RequestError(.badField, "epoch must be a day from 0 to \(Self.lastEpoch)")
    }
    guard asOf.map({ (0...CanonicalJSON.largestInteger).contains($0) }) ?? true else {
      throw RequestError(
        .badField, "as_of must be milliseconds from 0 to \(CanonicalJSON.largestInteger)")
    }
    guard deadlineMs.map({ $0 >= 1 && $0 <= limits.maxDeadlineMs }) ?? true else {
      throw RequestError(.badField, "deadline_ms must be from 1 to \(limits.maxDeadlineMs)")
    }
    try Self.check(items, limits: limits)
    self.requestID = requestID
    self.epoch = epoch
    self.asOf = asOf
    self.mode = mode
    self.deadlineMs = deadlineMs
    self.items = items
  }

  private static func check(
    _ items: [VerifyItem], limits: VerifierLimits
  ) throws(RequestError) {
    guard !items.isEmpty else { throw RequestError(.noItems, "items is empty") }
    guard items.count <= limits.maxItems else { throw .tooManyItems(limits) }
    guard items.reduce(0, { $0 + $1.records.count }) <= limits.maxRecords else {
      throw .tooManyRecords(limits)
    }
    // Bytes tell ids apart; Swift's strings take some different ones for equal.
    var seen: Set<[UInt8]> = []
    for (place, item) in items.enumerated() {
      let id = Array(item.itemID.utf8)
      guard (1...256).contains(id.count) else {
        throw RequestError(.badField, "items[\(place)].item_id must be 1 to 256 bytes")
      }
      guard seen.insert(id).inserted else {
        throw RequestError(.repeatedItem, "items[\(place)].item_id stands before already")
      }
    }
  }

  /// SHA-256 of what is asked: of the canonical JSON of `api_version`, `as_of`, `epoch`, `mode` and
  /// `items` (`item_id`, `profile`, `records`: their number), followed by every record's text without
  /// insignificant white space, preceded by its length (u32 LE). In a text that is no JSON, white
  /// space between two bytes neither of which is one of `{}[],:"` counts as one space.
  ///
  /// `request_id` and `deadline_ms` are left out: a retry may take longer and is the same question.
  public var digest: [UInt8] {
    let head = CanonicalJSON.object([
      "api_version": .string(Verifier.apiVersion), "as_of": asOf.map { .clamped($0) } ?? .null,
      "epoch": .clamped(epoch), "mode": .string(mode.rawValue),
      "items": .array(
        items.map {
          .object([
            "item_id": .string($0.itemID), "profile": .string($0.profile),
            "records": .clamped(Int64($0.records.count)),
          ])
        }),
    ])
    var hasher = SHA256()
    hasher.update(data: head.bytes)
    var text: [UInt8] = []
    for item in items {
      let bytes = item.records.texts.bytes
      for range in item.records.texts.ranges {
        text.replaceSubrange(0..., with: [0, 0, 0, 0])
        JSONByte.appendCompact(bytes[range], to: &text)
        let count = UInt32(clamping: text.count - 4)
        for byte in 0..<4 { text[byte] = UInt8(truncatingIfNeeded: count >> (8 * byte)) }
        hasher.update(data: text)
      }
    }
    return Array(hasher.finalize())
  }
}

extension RequestError {
  static func tooManyItems(_ limits: VerifierLimits) -> RequestError {
    RequestError(.tooManyItems, "a request may have \(limits.maxItems) items")
  }

  static func tooManyRecords(_ limits: VerifierLimits) -> RequestError {
    RequestError(.tooManyRecords, "a request may have \(limits.maxRecords) records")
  }
}
