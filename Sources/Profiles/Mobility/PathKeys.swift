/// What stretches of paths are found again by: equal keys are likely the same piece, driven alike.
package struct PathKey: Sendable {
  package enum Kind: UInt8, Sendable {
    /// Four cells of 250 m in turn, and about the time between the first border and the last.
    case timed
    /// The same, driven the other way.
    case timedBack
    /// Three moves in turn: the same wherever it is.
    case moved
    /// One position on the move, to the last digit.
    case exact
  }

  package let hash: UInt64
  /// Middle of the piece, tenths of a second since 1970.
  package let moment: Int64
  package let kind: Kind
}

extension PathTrace {
  /// Metres of a cell's side.
  private static let cellSide = 250.0

  /// The path's keys with hashes that are multiples of 2^`thinning`: the same pieces of every path.
  package func keys(thinning: Int) -> [PathKey] {
    let mask = (UInt64(1) << UInt64(thinning)) - 1
    var found: [PathKey] = []
    func add(_ hash: UInt64, _ moment: Int64, _ kind: PathKey.Kind) {
      // The upper bits choose, the whole compares.
      if (hash >> 40) & mask == 0 { found.append(PathKey(hash: hash, moment: moment, kind: kind)) }
    }
    addTimed(add)
    addMoved(add)
    for (place, point) in points.enumerated().dropFirst()
    where Self.metres(points[place - 1], point) >= 20 {
      let hash = Self.mix(
        Self.mix(3, UInt64(bitPattern: Int64(point.latitude))),
        UInt64(bitPattern: Int64(point.longitude)))
      add(hash, time(place), .exact)
    }
    return found
  }

  private func addTimed(_ add: (UInt64, Int64, PathKey.Kind) -> Void) {
    // Cells and the times at which they were entered, in tenths of a second since the start.
    var cells: [UInt64] = []
    var entries: [Double] = []
    func enter(_ cell: UInt64, _ time: Double) {
      guard cells.last != cell else { return }
      cells.append(cell)
      entries.append(time)
      guard cells.count >= 4 else { return }
      let piece = cells.suffix(4)
      let (first, last) = (piece[piece.startIndex], piece[piece.endIndex - 1])
      let start = entries[entries.count - 3]
      let duration = time - start
      let isBack = last < first
      var hash = Self.mix(1, Self.bucket(duration))
      for place in 0..<4 {
        let index = isBack ? piece.endIndex - 1 - place : piece.startIndex + place
        hash = Self.mix(hash, piece[index])
      }
      let middle = self.start / 100 + Int64(((start + time) / 2).rounded())
      add(hash, middle, isBack ? .timedBack : .timed)
    }
    for (place, point) in points.enumerated() {
      if place > 0 {
        let before = points[place - 1]
        let metres = Self.metres(before, point)
        let seconds = Double(point.time - before.time)
        if seconds > 1800 && metres > 50 || metres > 10_000 {
          cells.removeAll()
          entries.removeAll()
        } else {
          let parts = Int(metres / 60) + 1
          for part in 1..<max(parts, 1) {
            let share = Double(part) / Double(parts)
            enter(
              Self.cell(before, point, share), Double(before.time) + share * seconds)
          }
        }
      }
      enter(Self.cell(point, point, 0), Double(point.time))
    }
  }

  /// Fifths of a doubling, at least 5 s: a drive played a little faster or slower, or sampled at
  /// other moments, keeps most of its buckets.
  private static func bucket(_ duration: Double) -> UInt64 {
    duration <= 50 ? 0 : UInt64((Statistics.log2(duration / 50) * 5).rounded(.down)) + 1
  }

  /// The cell of a point between two.
  private static func cell(_ one: Point, _ other: Point, _ share: Double) -> UInt64 {
    let latitude = Double(one.latitude) + share * (Double(other.latitude) - Double(one.latitude))
    let longitude =
      Double(one.longitude) + share * (Double(other.longitude) - Double(one.longitude))
    // One width of a column per degree of latitude, so that neighbours agree on it.
    let band = Int32((latitude / 1e7).rounded(.down)) * 10_000_000
    let row = Int32((latitude * metresPerUnit / cellSide).rounded(.down))
    let column = Int32(
      (longitude * metresPerUnit * max(shrink(band), 0.01) / cellSide).rounded(.down))
    return UInt64(UInt32(bitPattern: row)) << 32 | UInt64(UInt32(bitPattern: column))
  }

  /// Straight roads are all alike: only pieces that turn say where they are from.
  private func addMoved(_ add: (UInt64, Int64, PathKey.Kind) -> Void) {
    guard points.count > 6 else { return }
    for first in 0..<(points.count - 6) {
      let seconds = points[first + 6].time - points[first].time
      guard seconds <= 12_000 else { continue }
      let moves = [0, 2, 4].map {
        Self.offset(points[first + $0], points[first + $0 + 2])
      }
      guard moves.allSatisfy({ $0.east * $0.east + $0.north * $0.north > 900 }) else { continue }
      let turn = moves[0].east * moves[2].north - moves[0].north * moves[2].east
      let along = moves[0].east * moves[2].east + moves[0].north * moves[2].north
      guard abs(turn) > 0.5 * along else { continue }
      var hash = Self.mix(2, UInt64(seconds / 50))
      for move in moves {
        for part in [move.east, move.north] {
          hash = Self.mix(hash, UInt64(bitPattern: Int64((part / 40).rounded(.down))))
        }
      }
      add(hash, (time(first) + time(first + 6)) / 2, .moved)
    }
  }

  /// SplitMix64's finaliser over both.
  private static func mix(_ hash: UInt64, _ value: UInt64) -> UInt64 {
    var z = (hash &* 0x9E37_79B9_7F4A_7C15) ^ value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
