/// A node's receptions by who sent them: links in the order of their senders' codes, each in the
/// order of the records.
struct SenderLinks: Sendable {
  private let rows: [Int]
  private let starts: [Int]

  var count: Int { starts.count }

  init(_ senders: [Int32]) {
    rows = senders.indices.filter { senders[$0] >= 0 }.sorted {
      (senders[$0], $0) < (senders[$1], $1)
    }
    var starts: [Int] = []
    for (place, row) in rows.enumerated()
    where place == 0 || senders[row] != senders[rows[place - 1]] {
      starts.append(place)
    }
    self.starts = starts
  }

  /// The rows of one link.
  subscript(link: Int) -> ArraySlice<Int> {
    rows[starts[link]..<(link + 1 < starts.count ? starts[link + 1] : rows.count)]
  }
}
