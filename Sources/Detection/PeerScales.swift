import ExactMath

/// The scales of a peer group's columns.
public struct PeerScale: Sendable, Equatable {
  /// Rows a group needs before it is compared with itself.
  public static let minimumRows = 50

  public let group: String
  /// `nil` for a column that too few reference rows measured, in the group and in the widest one.
  public let columns: [ColumnScale?]

  public init(group: String, columns: [ColumnScale?]) {
    self.group = group
    self.columns = columns
  }
}

/// The scales of all peer groups that are large enough, and the way to a row's own.
public struct PeerScales: Sendable, Equatable {
  /// Widest group first, then in order of their names.
  public let scales: [PeerScale]
  private let index: [String: Int]

  public init(scales: [PeerScale]) {
    self.scales = scales
    index = Dictionary(uniqueKeysWithValues: scales.enumerated().map { ($1.group, $0) })
  }

  /// The scales of the groups with at least `PeerScale.minimumRows` among `rows`.
  init(of table: FeatureTable, rows: [Int], tasks: Int) async {
    var members: [String: [Int]] = [:]
    for row in rows {
      for group in table.groups[row] { members[group, default: []].append(row) }
    }
    let widest = table.widestGroup
    let everyone = PeerScale(
      group: widest,
      columns: await Self.columns(of: table, rows: rows, tasks: tasks))
    var scales = [everyone]
    for (group, rows) in members.sorted(by: { $0.key < $1.key })
    where group != widest && rows.count >= PeerScale.minimumRows {
      let own = await Self.columns(of: table, rows: rows, tasks: tasks)
      scales.append(
        PeerScale(group: group, columns: zip(own, everyone.columns).map { $0 ?? $1 }))
    }
    self.init(scales: scales)
  }

  private static func columns(
    of table: FeatureTable, rows: [Int], tasks: Int
  ) async -> [ColumnScale?] {
    let count = table.columns.count
    let workers = rows.count * count < 10_000 ? 1 : min(max(tasks, 1), max(count, 1))
    return await withTaskGroup(of: [(Int, ColumnScale?)].self) { group in
      for worker in 0..<workers {
        group.addTask {
          stride(from: worker, to: count, by: workers).map { column in
            var values: [Double] = []
            values.reserveCapacity(rows.count)
            for row in rows {
              let value = table.value(row, column)
              if !value.isNaN { values.append(value) }
            }
            values.sort()
            return (
              column, ColumnScale(sorted: values, resolution: table.columns[column].resolution)
            )
          }
        }
      }
      var scales = [ColumnScale?](repeating: nil, count: count)
      for await part in group {
        for (column, scale) in part { scales[column] = scale }
      }
      return scales
    }
  }

  /// The scale of the narrowest of a row's groups that has one.
  func scale(for groups: [String]) -> PeerScale { scales[place(of: groups)] }

  private func place(of groups: [String]) -> Int {
    for group in groups {
      if let place = index[group] { return place }
    }
    return 0
  }

  /// The lattice of the given columns of some rows, each by its own group's scale.
  func lattice(
    of table: FeatureTable, rows: [Int], columns: [Int], in geometry: Geometry, tasks: Int
  ) async throws -> LatticeMatrix {
    let parts = await inBlocks(rows.count, tasks: tasks) { range in
      latticeValues(of: table, rows: rows[range], columns: columns, in: geometry)
    }
    return try LatticeMatrix(
      rows: rows.count, columns: columns.count, bits: Lattice.bits,
      values: parts.count == 1 ? parts[0] : Array(parts.joined()))
  }

  private func latticeValues(
    of table: FeatureTable, rows: ArraySlice<Int>, columns: [Int], in geometry: Geometry
  ) -> [Double] {
    let places = scales.count == 1 ? [] : rows.map { place(of: table.groups[$0]) }
    // Few rows are of few groups: the others' ways to the lattice are not needed.
    var isUsed = [Bool](repeating: places.isEmpty, count: scales.count)
    for place in places { isUsed[place] = true }
    var values = [Double](repeating: 0, count: rows.count * columns.count)
    values.withUnsafeMutableBufferPointer { values in
      for (position, column) in columns.enumerated() {
        let side = table.columns[column].side
        let own = scales.indices.map { place in
          isUsed[place] ? scales[place].columns[column]?.lattice(in: geometry, side: side) : nil
        }
        for (index, row) in rows.enumerated() {
          guard let lattice = own[places.isEmpty ? 0 : places[index]] else { continue }
          values[index * columns.count + position] = lattice(table.value(row, column))
        }
      }
    }
    return values
  }
}

/// Calls `body` for contiguous parts of `0..<count`, one a task, and returns the results in order.
func inBlocks<Part: Sendable>(
  _ count: Int, tasks: Int, _ body: @escaping @Sendable (Range<Int>) -> Part
) async -> [Part] {
  let size = max(256, (count + tasks - 1) / max(tasks, 1))
  guard count > size else { return [body(0..<count)] }
  return await withTaskGroup(of: (Int, Part).self) { group in
    for (place, start) in stride(from: 0, to: count, by: size).enumerated() {
      group.addTask { (place, body(start..<min(start + size, count))) }
    }
    var parts: [Int: Part] = [:]
    for await (place, part) in group { parts[place] = part }
    return parts.sorted { $0.key < $1.key }.map(\.value)
  }
}
