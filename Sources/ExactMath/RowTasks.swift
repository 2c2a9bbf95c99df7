/// Runs `body` over contiguous parts of `0..<rows`, one part a task, and returns the results in
/// row order.
///
/// Parts are whole multiples of `grain` rows but the last; there are at most `tasks` of them. A
/// single part runs in the caller's task. Callers keep their results independent of where the
/// parts are cut.
func mapRows<Part: Sendable>(
  _ rows: Int, grain: Int, tasks: Int, _ body: @escaping @Sendable (Range<Int>) throws -> Part
) async throws -> [Part] {
  try check("tasks", tasks, in: 1...1024)
  let grains = (rows + grain - 1) / grain
  let parts = min(tasks, grains)
  guard parts > 1 else { return [try body(0..<rows)] }
  return try await withThrowingTaskGroup(of: (Int, Part).self) { group in
    for part in 0..<parts {
      let lower = part * grains / parts * grain
      let upper = min(rows, (part + 1) * grains / parts * grain)
      group.addTask { (part, try body(lower..<upper)) }
    }
    var results = [Part?](repeating: nil, count: parts)
    for try await (part, result) in group { results[part] = result }
    return results.compactMap(\.self)
  }
}

/// The parts one after the other, without a copy if there is only one.
func concatenated<Element>(_ parts: [[Element]]) -> [Element] {
  if parts.count == 1 { return parts[0] }
  var whole: [Element] = []
  whole.reserveCapacity(parts.reduce(0) { $0 + $1.count })
  for part in parts { whole.append(contentsOf: part) }
  return whole
}

/// Calls `body` for consecutive blocks of at most `size` of a range.
func forEachBlock(of range: Range<Int>, size: Int, _ body: (Range<Int>) throws -> Void) rethrows {
  var start = range.lowerBound
  while start < range.upperBound {
    let end = min(start + size, range.upperBound)
    try body(start..<end)
    start = end
  }
}
