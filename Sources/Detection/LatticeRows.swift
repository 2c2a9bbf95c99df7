import ExactMath

extension LatticeMatrix {
  /// Every row less `centre`: a lattice of one bit more.
  func centred(on centre: [Double], tasks: Int) async throws -> LatticeMatrix {
    let columns = columns
    let parts = await inBlocks(rows, tasks: tasks) { range in
      values.withUnsafeBufferPointer { values in
        [Double](unsafeUninitializedCapacity: range.count * columns) { buffer, count in
          for row in 0..<range.count {
            let start = (range.lowerBound + row) * columns
            for column in 0..<columns {
              buffer[row * columns + column] = values[start + column] - centre[column]
            }
          }
          count = range.count * columns
        }
      }
    }
    return try LatticeMatrix(
      rows: rows, columns: columns, bits: bits + 1,
      values: parts.count == 1 ? parts[0] : Array(parts.joined()))
  }

  /// Σ x² of each row.
  var squaredLengths: [Double] {
    values.withUnsafeBufferPointer { values in
      (0..<rows).map { row in
        var sum = 0.0
        for index in (row * columns)..<((row + 1) * columns) {
          sum += values[index] * values[index]
        }
        return sum
      }
    }
  }
}
