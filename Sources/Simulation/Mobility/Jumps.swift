/// Moments of a day at which a node claims to be elsewhere: on the way, where fixes follow each
/// other closely.
struct Jumps {
  private let times: [Int64]
  private var due: Set<Int> = []
  /// Entries left out while the node is silent.
  private var silence: Range<Int> = 0..<0
  private let reach: Int64

  /// Picks 6–8 fixes of the day.
  init(_ journal: Journal, interval: Double, _ random: inout RandomStream) {
    times = journal.entries.map(\.time)
    reach = Int64(interval * 2500)
    var choices: [Int] = []
    var last: Int64?
    for (index, entry) in journal.entries.enumerated() where entry.isFix {
      if let last, entry.time - last < reach { choices.append(index) }
      last = entry.time
    }
    guard choices.count > 8 else { return }
    let count = random.integer(6...8)
    for number in 0..<count {
      let (from, to) = (number * choices.count / count, (number + 1) * choices.count / count)
      due.insert(choices[random.integer(from...(to - 1))])
    }
  }

  func isDue(_ index: Int) -> Bool { due.contains(index) && !silence.contains(index) }

  func isSilent(_ index: Int) -> Bool { silence.contains(index) }

  /// Falls silent at an entry for about that long; the seconds until the next entry sent, counted
  /// from the entry before.
  mutating func wait(from index: Int, seconds: Double) -> Double {
    var next = index
    while next < times.count - 1, Double(times[next] - times[index]) < seconds * 1000 { next += 1 }
    silence = index..<next
    let before = index > 0 ? times[index - 1] : times[index]
    return Double(times[next] - before) / 1000
  }
}

extension Journal.Entry {
  /// Moves the position, degrees.
  mutating func move(by offset: (latitude: Double, longitude: Double)) {
    switch content {
    case .fix(var fix):
      fix.latitude += offset.latitude
      fix.longitude += offset.longitude
      content = .fix(fix)
    case .frame(let hash, let latitude, let longitude):
      content = .frame(
        hash: hash, latitude: latitude + offset.latitude, longitude: longitude + offset.longitude)
    case .signals: break
    }
  }
}
