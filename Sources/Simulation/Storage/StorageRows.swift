/// The records of one provider's day, by kind, before they are put in order.
struct StorageRows {
  struct Retrieval {
    var checker: Int
    /// Place on the provider's shelf.
    var item: Int
    /// Key of the checksum seen; `nil`: none was.
    var checksum: UInt64?
    var ttfbMs: Double
    var elapsedMs: Double
    var bytes: Double
    var status: Int
    var isTimeout: Bool
  }

  struct Audit {
    var outcome: String
    var bytes: Double
    var elapsedMs: Double
  }

  struct Proof {
    var sectors: Int
    var lateMs: Double
    var isValid: Bool
  }

  enum Kind: UInt64 { case claim, retrieval, audit, proof, drive }

  static let dayMs = 86_400_000.0

  private var keys: [UInt64] = []
  private(set) var retrievals: [Retrieval] = []
  private(set) var audits: [Audit] = []
  private(set) var proofs: [Proof] = []
  private(set) var drives: [(index: Int, hour: Double)] = []

  private mutating func add(_ kind: Kind, _ ms: Double, _ index: Int) -> Bool {
    guard ms >= 0, ms < Self.dayMs else { return false }
    keys.append(UInt64(ms) << 24 | kind.rawValue << 20 | UInt64(index))
    return true
  }

  mutating func claim(at ms: Double) { _ = add(.claim, ms, 0) }

  mutating func append(_ row: Retrieval, at ms: Double) {
    if add(.retrieval, ms, retrievals.count) { retrievals.append(row) }
  }

  mutating func append(_ row: Audit, at ms: Double) {
    if add(.audit, ms, audits.count) { audits.append(row) }
  }

  mutating func append(_ row: Proof, at ms: Double) {
    if add(.proof, ms, proofs.count) { proofs.append(row) }
  }

  mutating func append(drive: Int, at ms: Double) {
    if add(.drive, ms, drives.count) { drives.append((drive, ms / 3_600_000)) }
  }

  /// Every record in time order: (ms within the day, kind, index within the kind).
  var inOrder: [(ms: Int64, kind: Kind, index: Int)] {
    keys.sorted().map { key in
      let kind = Kind(rawValue: key >> 20 & 0xF) ?? .claim
      return (Int64(key >> 24), kind, Int(key & 0xF_FFFF))
    }
  }
}
