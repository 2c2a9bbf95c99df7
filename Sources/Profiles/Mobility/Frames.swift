import Contributions

/// The images of a node: which come again, and where they were taken.
struct Frames: Sendable {
  /// Different images that came again over ten minutes later, with other images between.
  private(set) var repeated = 0
  /// Images in the longest run of one and the same.
  private(set) var frozenRun = 0
  /// Frames with a place, and those of them far from the whole path.
  private(set) var placed = 0
  private(set) var elsewhere = 0
  /// FNV-1a of each different image, and when it came first in tenths of a second since 1970,
  /// ascending by hash; at most `capacity`.
  private(set) var images: [MobilityTrace.Image] = []
  let count: Int

  static let capacity = 256

  init(_ records: RecordTable, _ drive: Drive) {
    count = records.count
    guard count > 0 else { return }
    addImages(records)
    addPlaces(records, drive)
  }

  private mutating func addImages(_ records: RecordTable) {
    var first: [Int32: Int64] = [:]
    var again: Set<Int32> = []
    var order: [Int32] = []
    var last: Int32 = -1
    var run = 0
    for (row, code) in records.codes("image_hash").enumerated() where code >= 0 {
      run = code == last ? run + 1 : 1
      frozenRun = max(frozenRun, run)
      if let before = first[code] {
        if code != last, records.timestamps[row] - before > 600_000 { again.insert(code) }
      } else {
        first[code] = records.timestamps[row]
        order.append(code)
      }
      last = code
    }
    repeated = again.count
    images = order.prefix(Self.capacity).map {
      MobilityTrace.Image(hash: Self.hash(records.text($0)), time: (first[$0] ?? 0) / 100)
    }.sorted { ($0.hash, $0.time) < ($1.hash, $1.time) }
  }

  /// Frames may be uploaded long after they were taken: a place counts as visited at any time.
  private mutating func addPlaces(_ records: RecordTable, _ drive: Drive) {
    guard drive.count >= 12 else { return }
    var visited: Set<Int64> = []
    func cell(_ latitude: Double, _ longitude: Double, _ down: Int64, _ across: Int64) -> Int64 {
      // About a kilometre; degrees of longitude shrink, and with them the margin, to the poles.
      (Int64((latitude * 100).rounded(.down)) + down) * 100_000
        + Int64((longitude * 50).rounded(.down)) + across
    }
    for row in 0..<drive.count {
      let next = min(row + 1, drive.count - 1)
      let parts = min(Int(drive.metres(from: row, to: next) / 500) + 1, 100)
      for part in 0..<parts {
        let share = Double(part) / Double(parts)
        visited.insert(
          cell(
            drive.latitude[row] + share * (drive.latitude[next] - drive.latitude[row]),
            drive.longitude[row] + share * (drive.longitude[next] - drive.longitude[row]), 0, 0))
      }
    }
    for (latitude, longitude) in zip(records.numbers("lat"), records.numbers("lon"))
    where !latitude.isNaN && !longitude.isNaN && !(latitude == 0 && longitude == 0) {
      placed += 1
      let isNear = (-1...1).contains { down in
        (-1...1).contains { visited.contains(cell(latitude, longitude, Int64(down), Int64($0))) }
      }
      if !isNear { elsewhere += 1 }
    }
  }

  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
