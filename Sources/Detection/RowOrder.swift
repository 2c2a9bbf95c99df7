/// An order of rows that looks random and depends on nothing but what the rows hold.
///
/// Where a reference is thinned, rows are dealt into folds or subsets are drawn, this order decides,
/// so that a table's rows may come in any order and give the same model. Equal rows are told apart
/// by counting them, and are spread like any others. What rows hold is their values, groups and
/// extra strangeness, and whether they stand for honest ones.
enum RowOrder {
  /// The given rows, reordered.
  static func shuffled(_ rows: [Int], of table: FeatureTable) -> [Int] {
    var seen: [UInt64: UInt64] = [:]
    seen.reserveCapacity(rows.count)
    let widest = table.widestGroup
    let keys = rows.map { row in
      var state: UInt64 = 0x9E37_79B9_7F4A_7C15
      for column in table.columns.indices {
        let value = table.value(row, column)
        state = mix(state ^ (value.isNaN ? 0x7FF8_0000_0000_0000 : (value + 0).bitPattern))
      }
      state = mix(state ^ table.extra[row].bitPattern)
      if !table.isReference[row] { state = mix(state) }
      for group in table.groups[row] where group != widest {
        for byte in group.utf8 { state = mix(state ^ UInt64(byte)) }
      }
      let copy = seen[state, default: 0]
      seen[state] = copy + 1
      return mix(state &+ copy &* 0xD1B5_4A32_D192_ED03)
    }
    return rows.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.map { rows[$0] }
  }

  /// The finaliser of SplitMix64 (Steele, Lea & Flood 2014).
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
