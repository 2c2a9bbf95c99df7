import Contributions
import Crypto

/// One batch in an epoch's journal: a line of text that says where its bytes are, and what they
/// are.
///
/// Fields are parted by tabs: group, rest, part, offset, bytes, accepted, quarantined, refused,
/// SHA-256 of the bytes, SHA-256 of the batch as sent, the batch id; at last the first 16
/// hexadecimal digits of the SHA-256 of all before, by which a torn line is known.
struct JournalEntry: Equatable {
  /// Batches of a group were written and synced together; the next group begins after that. So
  /// where a group is followed by another, all of it was acknowledged.
  var group: Int64
  /// How many entries of the group follow this one. A group is whole, or it is not there.
  var rest: Int
  var part: Int
  var offset: Int64
  var bytes: Int64
  var accepted: Int
  var quarantined: Int
  var refused: Int
  var digest: [UInt8]
  var requestDigest: [UInt8]
  var batchID: String

  /// More than any line has.
  static let longestLine = 1024

  static func isValid(batchID: String) -> Bool {
    (1...256).contains(batchID.utf8.count) && batchID.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  static func partName(_ part: Int) -> String {
    let digits = String(part)
    return "part-" + String(repeating: "0", count: max(6 - digits.count, 0)) + digits + ".ndjson"
  }

  /// The line, with its line feed.
  var line: [UInt8] {
    let place = "\(group)\t\(rest)\t\(part)\t\(offset)\t\(bytes)"
    let counts = "\(accepted)\t\(quarantined)\t\(refused)"
    let digests = "\(Hex.encode(digest))\t\(Hex.encode(requestDigest))"
    let text = "\(place)\t\(counts)\t\(digests)\t\(batchID)\t"
    return Array((text + Self.checksum(text) + "\n").utf8)
  }

  private static func checksum(_ text: String) -> String {
    Hex.encode(Array(SHA256.hash(data: Array(text.utf8))).prefix(8))
  }

  /// Reads a line without its line feed; `nil` for one that is torn or not of this form.
  init?(line: ArraySlice<UInt8>) {
    let fields = line.split(separator: 9, omittingEmptySubsequences: false)
    guard fields.count == 12 else { return nil }
    let signed = String(decoding: line.prefix(line.count - fields[11].count), as: UTF8.self)
    guard Self.checksum(signed).utf8.elementsEqual(fields[11]) else { return nil }
    let numbers = fields[..<8].compactMap { Int64(String(decoding: $0, as: UTF8.self)) }
    guard numbers.count == 8, numbers.allSatisfy({ $0 >= 0 }),
      let digest = Hex.decode(String(decoding: fields[8], as: UTF8.self)), digest.count == 32,
      let sent = Hex.decode(String(decoding: fields[9], as: UTF8.self)), sent.count == 32
    else { return nil }
    group = numbers[0]
    rest = Int(numbers[1])
    part = Int(numbers[2])
    offset = numbers[3]
    bytes = numbers[4]
    accepted = Int(numbers[5])
    quarantined = Int(numbers[6])
    refused = Int(numbers[7])
    self.digest = digest
    requestDigest = sent
    batchID = String(decoding: fields[10], as: UTF8.self)
  }

  init(
    group: Int64, rest: Int, part: Int, offset: Int64, id: String, batch: CheckedBatch
  ) {
    self.group = group
    self.rest = rest
    self.part = part
    self.offset = offset
    bytes = Int64(batch.bytes.count)
    accepted = batch.accepted
    quarantined = batch.quarantined
    refused = batch.refused
    digest = batch.digest
    requestDigest = batch.requestDigest
    batchID = id
  }

  func receipt(
    _ place: EpochPlace, problems: [IntakeReceipt.Problem], duplicate: Bool
  ) -> IntakeReceipt {
    IntakeReceipt(
      batchID: batchID, profile: place.profile, epoch: place.epoch, accepted: accepted,
      quarantined: quarantined, refused: refused, problems: problems,
      part: Self.partName(part), offset: offset, bytes: bytes, sha256: digest,
      duplicate: duplicate)
  }
}

/// A batch id as the index holds it: 16 bytes of its SHA-256, whatever its length.
struct BatchKey: Hashable {
  private let high: UInt64
  private let low: UInt64

  init(_ batchID: String) {
    let digest = Array(SHA256.hash(data: Array(batchID.utf8)))
    high = digest[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    low = digest[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
  }
}
