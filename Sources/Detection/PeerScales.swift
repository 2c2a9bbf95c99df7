import ExactMath

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
  init(of table: FeatureTable, rows: [Int]) {
    var members: [String: [Int]] = [:]
    for row in rows {
      for group in table.groups[row] { members[group, default: []].append(row) }
    }
    let widest = table.groups.first?.last ?? ""
    let everyone = PeerScale(group: widest, of: table, rows: rows, wider: nil)
    var scales = [everyone]
    for (group, rows) in members.sorted(by: { $0.key < $1.key })
    where group != widest && rows.count >= PeerScale.minimumRows {
      scales.append(PeerScale(group: group, of: table, rows: rows, wider: everyone))
    }
    self.init(scales: scales)
  }

  /// The scale of the narrowest of a row's groups that has one.
  func scale(for groups: [String]) -> PeerScale {
    for group in groups {
      if let place = index[group] { return scales[place] }
    }
    return scales[0]
  }

  /// The lattice of the given columns of some rows, each by its own group's scale.
  func lattice(
    of table: FeatureTable, rows: [Int], columns: [Int], tasks: Int
  ) async throws -> LatticeMatrix {
    let blockSize = max(256, (rows.count + tasks - 1) / max(tasks, 1))
    let blocks = stride(from: 0, to: rows.count, by: blockSize).map {
      Array(rows[$0..<min($0 + blockSize, rows.count)])
    }
    let parts = await withTaskGroup(of: (Int, [Double]).self) { group in
      for (place, block) in blocks.enumerated() {
        group.addTask { (place, latticeValues(of: table, rows: block, columns: columns)) }
      }
      var parts = [[Double]](repeating: [], count: blocks.count)
      for await (place, values) in group { parts[place] = values }
      return parts
    }
    return try LatticeMatrix(
      rows: rows.count, columns: columns.count, bits: PeerScale.latticeBits,
      values: parts.count == 1 ? parts[0] : Array(parts.joined()))
  }

  private func latticeValues(
    of table: FeatureTable, rows: [Int], columns: [Int]
  ) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(rows.count * columns.count)
    for row in rows {
      let scale = scale(for: table.groups[row])
      for column in columns {
        values.append(
          scale.lattice(
            table.value(row, column), column: column, side: table.columns[column].side))
      }
    }
    return values
  }
}
