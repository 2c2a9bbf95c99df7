import Contributions
import ExactMath

/// What the relations of the profile `storage` need of one node.
package struct StorageTrace: Sendable {
  /// Hash of the node's own name, as checkers are named.
  package let name: UInt64
  /// Hashes of the last claims; zero where not reported.
  package let owner: UInt64
  package let region: UInt64
  package let inetGroup: UInt64
  /// Hashes of the checkers, by the rows' `checker`.
  package let checkers: [UInt64]
  package let rows: [Row]
  /// Seconds since 1970-01-01 UTC of failed retrievals and audits, ascending.
  package let faults: [UInt32]
  package let drives: [Drive]
  package let behaviour: Behaviour
  /// Deviation of the logarithm of times to first byte, and share of multiples of 10 ms.
  package let spread: Double
  package let tensShare: Double
  /// Ashman's D of the proofs' lateness, where the two kinds alternate, and whether it is beyond
  /// what a normal distribution gives.
  package let proofDistance: Double
  package let proofsSeparate: Bool
  package let proofCount: Int

  /// One retrieval, 28 bytes.
  package struct Row: Sendable {
    package let second: UInt32
    private let cidHigh: UInt32
    private let cidLow: UInt32
    /// 16 bits of the checksum's hash and of the byte count's; zero where not reported.
    package let checksum: UInt16
    package let size: UInt16
    /// ms; NaN where nothing came.
    package let ttfb: Float
    package let elapsed: Float
    /// Place in `checkers`; `noChecker` where not named.
    package let checker: UInt16
    package let flags: UInt16

    package static let noChecker = UInt16.max
    package var cid: UInt64 { UInt64(cidHigh) << 32 | UInt64(cidLow) }
    package var succeeded: Bool { flags & 1 != 0 }
    package var isImpossible: Bool { flags & 2 != 0 }

    fileprivate init(_ row: StorageRetrieval, cid: UInt64, checksum: UInt16, checker: UInt16) {
      second = UInt32(clamping: row.time / 1000)
      cidHigh = UInt32(truncatingIfNeeded: cid >> 32)
      cidLow = UInt32(truncatingIfNeeded: cid)
      self.checksum = checksum
      size = row.bytes.isNaN ? 0 : ShortHash.short(row.bytes.bitPattern)
      ttfb = row.succeeded && row.ttfb > 0 ? Float(row.ttfb) : .nan
      elapsed = row.succeeded ? Float(row.elapsed) : .nan
      self.checker = checker
      flags = (row.succeeded ? 1 : 0) | (row.isImpossible ? 2 : 0)
    }
  }

  /// One drive with an identity of its own.
  package struct Drive: Sendable {
    package let identity: UInt64
    package let model: UInt64
    package let capacity: Double
    package let hours: Double
    package let first: Int64
    package let last: Int64
    package let sightings: Int
  }
}

extension StorageTrace {
  init(_ evidence: StorageEvidence) {
    name = Self.hash(evidence.node)
    owner = evidence.owner.map(Self.hash) ?? 0
    region = evidence.region.map(Self.hash) ?? 0
    inetGroup = evidence.retrievals.inetGroup.map(Self.hash) ?? 0
    (rows, checkers) = Self.rows(evidence.retrievals)
    let failed = evidence.retrievals.rows.filter { !$0.succeeded }.map(\.time)
    faults = (failed + evidence.audits.faultTimes).sorted().map { UInt32(clamping: $0 / 1000) }
    let table = evidence.drives.table
    drives = evidence.drives.drives.map { drive in
      Drive(
        identity: Self.hash(table.text(drive.identity)),
        model: drive.model < 0 ? 0 : Self.hash(table.text(drive.model)),
        capacity: drive.capacity, hours: drive.hours, first: drive.first, last: drive.last,
        sightings: drive.sightings)
    }
    behaviour = Behaviour(evidence)
    spread = evidence.retrievals.spread
    tensShare = evidence.retrievals.tensShare
    let groups = evidence.proofs.groups
    proofDistance = groups?.distance ?? .nan
    proofsSeparate = groups.map { $0.isBimodalIfNormal && $0.gap > 0.4 } ?? false
    proofCount = groups?.count ?? 0
  }

  private static func hash(_ text: String) -> UInt64 {
    var text = text
    let hash = text.withUTF8 { ByteHash.hash(UnsafeRawBufferPointer($0)) }
    return hash == 0 ? 1 : hash
  }

  private static func rows(_ retrievals: StorageRetrievals) -> ([Row], [UInt64]) {
    var checkers: [UInt64] = []
    var places: [Int32: UInt16] = [:]
    var cids: [Int32: UInt64] = [:]
    let table = retrievals.table
    let rows = retrievals.rows.map { row in
      var checker = Row.noChecker
      if row.checker >= 0 {
        if let place = places[row.checker] {
          checker = place
        } else if checkers.count < Int(Row.noChecker) {
          checker = UInt16(checkers.count)
          places[row.checker] = checker
          checkers.append(hash(table.text(row.checker)))
        }
      }
      var cid: UInt64 = 0
      if row.cid >= 0, row.succeeded {
        cid = cids[row.cid] ?? hash(table.text(row.cid))
        cids[row.cid] = cid
      }
      let checksum = row.checksum < 0 ? 0 : ShortHash.short(table.text(row.checksum))
      return Row(row, cid: cid, checksum: checksum, checker: checker)
    }
    return (rows, checkers)
  }
}

/// Hashes that are the same in every process, for what only ever tells that two values differ.
enum ShortHash {
  /// 1 to 65,535.
  static func short(_ text: String) -> UInt16 {
    short(
      text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 })
  }

  static func short(_ bits: UInt64) -> UInt16 {
    var z = bits &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return UInt16(z % 65_535) + 1
  }
}
