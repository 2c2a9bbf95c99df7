import ExactMath

/// When a path passes each piece of the map, in a form that comes again only with the drive itself.
///
/// A commuter passes the same places every day, at other seconds: the time since the day's first
/// fix, modulo `period`, is uniform after a few lights. A day played again, at any hour, gives every
/// place its old phase. Each cell of the map has two places in the series, 0 and the sine of the
/// phase, so that the step between the two is the sine.
enum DrivenPassages {
  static let channel = "passages"
  /// Seconds. A metre or two of jitter moves a passage by a third of a second; two drives of one
  /// road part by more than this within a kilometre or two.
  private static let period = 10.0
  /// Metres of a cell's side, and by how much of it a path must run through it to count.
  private static let side = 150.0
  private static let shortest = 90.0
  /// Cells that the map is folded to.
  private static let slots = 288

  /// - Parameter drive: without jumps.
  /// - Returns: `nil` for paths through fewer cells than a comparison takes.
  static func series(_ drive: Drive) -> NodeSeries? {
    guard drive.count >= 12, let start = drive.times.first else { return nil }
    var values = [Float](repeating: .nan, count: 2 * slots)
    var filled = 0
    var current: (row: Int64, column: Int64)?
    var run = (metres: 0.0, entered: 0.0, left: 0.0)
    func leave() {
      guard let current, run.metres >= shortest else { return }
      let slot = Int(hash(current.row, current.column) % UInt64(slots))
      // Of several cells in one slot, the first counts.
      guard values[2 * slot].isNaN else { return }
      filled += 1
      values[2 * slot] = 0
      let middle = (run.entered + run.left) / 2
      values[2 * slot + 1] = Float(Portable.sin(middle / period * 2 * Double.pi))
    }
    for row in 1..<drive.count {
      let metres = drive.metres(from: row - 1, to: row)
      // At rest noise alone moves; across gaps nobody knows the way.
      guard metres >= 10, metres <= 3000 else { continue }
      let (from, to) = (place(drive, row - 1, like: row - 1), place(drive, row, like: row - 1))
      let elapsed = Double(drive.times[row - 1] - start) / 1000
      let step = Double(drive.times[row] - drive.times[row - 1]) / 1000
      let parts = Int(metres / 8) + 1
      for part in 0..<parts {
        let share = (Double(part) + 0.5) / Double(parts)
        let down = Int64((from.down + share * (to.down - from.down)).rounded(.down))
        let across = Int64((from.across + share * (to.across - from.across)).rounded(.down))
        if current == nil || current?.row != down || current?.column != across {
          leave()
          current = (down, across)
          run = (0, elapsed + share * step, 0)
        }
        run.left = elapsed + share * step
        run.metres += metres / Double(parts)
      }
    }
    leave()
    guard filled >= 48 else { return nil }
    return NodeSeries(channel: channel, firstStep: 0, step: 86_400_000, values: values)
  }

  /// A fix's position in cells; columns are as wide as at the whole degree of the fix `like`.
  private static func place(_ drive: Drive, _ row: Int, like: Int) -> (down: Double, across: Double)
  {
    let band = Int32(drive.latitude[like].rounded(.down)) * 10_000_000
    let cells = Drive.metresPerDegree / side
    return (
      drive.latitude[row] * cells, drive.longitude[row] * cells * max(PathTrace.shrink(band), 0.01)
    )
  }

  /// SplitMix64's finaliser.
  private static func hash(_ row: Int64, _ column: Int64) -> UInt64 {
    var z = UInt64(bitPattern: row) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(bitPattern: column)
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
