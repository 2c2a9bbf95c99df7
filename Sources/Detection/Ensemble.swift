import ExactMath

/// The detectors of a recipe, fitted to one set of reference rows.
public struct Ensemble: Sendable, Equatable {
  public let scales: PeerScales
  /// Columns that enough of the reference rows measured; the others are left out.
  public let activeColumns: [Int]
  let spaces: [ReferenceSpace]
  /// From each detector's scores to its surprise, space by space.
  let surprises: [TailSurprise]
  /// The same of the detectors' mean: −ln of the share of reference rows that score as high.
  public let joined: TailSurprise

  /// Rows below which there is nothing to learn a geometry from.
  public static let minimumRows = 3
  /// Rows that a fit looks at; more change no scale by as much as a lattice step is worth.
  static let largestFit = 131_072

  /// An ensemble, and for each row of its table which reference row it is, −1 for none.
  struct Fit: Sendable {
    let ensemble: Ensemble
    let places: [Int]
  }

  /// Fits to `rows` of a table; `nil` when they are too few or say nothing.
  ///
  /// - Throws: `DetectionError.shape` for more columns than distances can be exact over.
  static func fit(
    _ table: FeatureTable, rows: [Int], recipe: Recipe, tasks: Int
  ) async throws -> Fit? {
    guard recipe.isUsable else {
      throw DetectionError.shape("a recipe needs detectors, neighbours from 1 to 1024, and rows")
    }
    guard rows.count >= minimumRows, !table.columns.isEmpty else { return nil }
    guard table.columns.count <= Lattice.largestColumns else {
      throw DetectionError.shape(
        "\(table.columns.count) columns, but distances are exact over at most "
          + "\(Lattice.largestColumns)")
    }
    let sample = Array(RowOrder.shuffled(rows, of: table).prefix(largestFit))
    var scales = await PeerScales(of: table, rows: sample, tasks: tasks)
    let active = table.columns.indices.filter { scales.scales[0].columns[$0] != nil }
    guard !active.isEmpty else { return nil }
    let measured = active.map { column in
      Double(sample.count { !table.value($0, column).isNaN }) / Double(sample.count)
    }
    var kept = sample
    if recipe.trimmedShare > 0 {
      let pass = TrimmingPass(
        table: table, scales: scales, columns: active, measured: measured, tasks: tasks)
      let strangeness = try await pass.strangeness(
        of: sample, referenceRows: recipe.referenceRows)
      kept = Self.calmest(sample, strangeness, leavingOut: recipe.trimmedShare)
      scales = await PeerScales(of: table, rows: kept, tasks: tasks)
    }
    let stillActive = active.filter { scales.scales[0].columns[$0] != nil }
    guard !stillActive.isEmpty else { return nil }
    return try await Builder(
      table: table, kept: kept, scales: scales, active: stillActive, recipe: recipe, tasks: tasks
    ).fit()
  }

  /// The rows with the smallest strangeness, in the order they came in.
  private static func calmest(
    _ rows: [Int], _ strangeness: [Double], leavingOut share: Double
  ) -> [Int] {
    let order = rows.indices.sorted { (strangeness[$0], $0) < (strangeness[$1], $1) }
    let count = max(Int((Double(rows.count) * (1 - share)).rounded()), min(rows.count, minimumRows))
    return order.prefix(count).sorted().map { rows[$0] }
  }
}

/// Builds the spaces of an ensemble and measures what its detectors say of the reference itself.
private struct Builder {
  let table: FeatureTable
  let kept: [Int]
  let scales: PeerScales
  let active: [Int]
  let recipe: Recipe
  let tasks: Int

  func fit() async throws -> Ensemble.Fit {
    let reference = Array(kept.prefix(recipe.referenceRows))
    let own = Array(reference.indices)
    var spaces: [ReferenceSpace] = []
    var surprises: [TailSurprise] = []
    var sums = [Double](repeating: 0, count: reference.count)
    for space in recipe.spaces {
      let built = try await self.space(space, reference: reference)
      let scores = try await built.score(built.reference, excluding: own, tasks: tasks)
      for values in scores.byMeasure {
        let surprise = TailSurprise(reference: values)
        surprises.append(surprise)
        for row in own { sums[row] += surprise(values[row]) }
      }
      spaces.append(built)
    }
    let count = Double(surprises.count)
    let ensemble = Ensemble(
      scales: scales, activeColumns: active, spaces: spaces, surprises: surprises,
      joined: TailSurprise(reference: sums.map { $0 / count }, tail: .power))
    var places = [Int](repeating: -1, count: table.rows)
    for (place, row) in reference.enumerated() { places[row] = place }
    return Ensemble.Fit(ensemble: ensemble, places: places)
  }

  private func space(
    _ space: Recipe.Space, reference: [Int]
  ) async throws -> ReferenceSpace {
    let needsAll = space.measures.contains(.mahalanobis)
    let fitted = try await scales.lattice(
      of: table, rows: needsAll ? kept : reference, columns: active, in: space.geometry,
      tasks: tasks)
    let measured = active.map { column in
      Double(kept.count { !table.value($0, column).isNaN }) / Double(kept.count)
    }
    return try await ReferenceSpace(
      geometry: space.geometry, measures: space.measures,
      reference: needsAll ? try fitted.selecting(rows: Array(0..<reference.count)) : fitted,
      fitted: fitted, measured: measured, tasks: tasks)
  }
}
