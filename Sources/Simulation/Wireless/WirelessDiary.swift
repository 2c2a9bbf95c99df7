extension WirelessNetwork {
  /// One node's records of a day before they are put in order.
  struct Diary: Sendable {
    let day: Int64
    private var times: [Int64] = []
    private var entries: [Entry] = []

    init(day: Int64) {
      self.day = day
      times.reserveCapacity(256)
      entries.reserveCapacity(256)
    }

    var start: Int64 { day * WirelessNetwork.dayLength }

    enum Entry: Sendable {
      case claim(Place)
      case beacon(radio: Int, number: Int)
      case heard(Reception)
      case transfer(Transfer)
      case heartbeat(Place, StaticString?)
      case speedTest(SpeedTest)
    }

    struct Dated {
      let time: Int64
      let entry: Entry
    }

    /// Records that reach the coordinator on another day are that day's, and are left out; so are
    /// those before the day's first claim.
    mutating func add(_ entry: Entry, at time: Double) {
      add(entry, at: Int64(time.rounded(.down)), from: start + 2_000)
    }

    /// A claim, which may come first of all.
    mutating func addClaim(_ place: Place, at time: Int64) {
      add(.claim(place), at: time, from: start)
    }

    private mutating func add(_ entry: Entry, at time: Int64, from earliest: Int64) {
      guard time >= earliest, time < start + WirelessNetwork.dayLength else { return }
      times.append(time)
      entries.append(entry)
    }

    /// By time; records of one millisecond keep the order in which they were added.
    func inOrder() -> [Dated] {
      times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
        .map { Dated(time: times[$0], entry: entries[$0]) }
    }
  }

  /// 16 lower-case hexadecimal digits.
  static func digits(_ value: UInt64) -> String {
    String(unsafeUninitializedCapacity: 16) { buffer in
      for place in 0..<16 {
        let nibble = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * place)) & 15
        buffer[place] = nibble < 10 ? 48 + nibble : 87 + nibble
      }
      return 16
    }
  }
}
