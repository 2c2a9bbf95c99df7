import ExactMath

extension Ensemble {
  func store(in file: inout Safetensors, prefix: String) {
    let scales = scales.scales
    file.set("\(prefix)scales.groups", texts: scales.map(\.group))
    file.set("\(prefix)scales.median", scales.flatMap(\.median))
    file.set("\(prefix)scales.spread", scales.flatMap(\.spread))
    file.set("\(prefix)scales.low", scales.flatMap(\.low))
    file.set("\(prefix)scales.high", scales.flatMap(\.high))
    file.set("\(prefix)active_columns", activeColumns)
    file.set("\(prefix)mahalanobis.centre", mahalanobis.centre)
    file.set("\(prefix)mahalanobis.whitening", mahalanobis.whitening.weights)
    file.set("\(prefix)mahalanobis.shift", [mahalanobis.whitening.shift])
    file.set("\(prefix)nearest.reference", nearest.reference.values)
  }

  init(from file: Safetensors, columns: Int) throws {
    let groups = try file.texts("scales.groups")
    let count = groups.count * columns
    let median = try file.array("scales.median", count: count)
    let spread = try file.array("scales.spread", count: count)
    let low = try file.array("scales.low", count: count)
    let high = try file.array("scales.high", count: count)
    let active = try file.indices("active_columns")
    guard !groups.isEmpty, Set(groups).count == groups.count else {
      throw DetectionError.badModel("no groups, or one twice")
    }
    guard !active.isEmpty, active.allSatisfy({ (0..<columns).contains($0) }) else {
      throw DetectionError.badModel("no columns, or some that do not exist")
    }
    // Where a median is NaN the column is not used.
    guard zip(median, spread).allSatisfy({ $0.isNaN || ($0.isFinite && $1 > 0 && $1.isFinite) })
    else { throw DetectionError.badModel("a scale that is none") }
    let scales = groups.enumerated().map { place, group in
      let range = (place * columns)..<((place + 1) * columns)
      return PeerScale(
        group: group, median: Array(median[range]), spread: Array(spread[range]),
        low: Array(low[range]), high: Array(high[range]))
    }
    guard let shift = try file.indices("mahalanobis.shift").first else {
      throw DetectionError.badModel("the whitening has no scale")
    }
    let whitening = try IntegerTransform(
      storedWeights: try file.array("mahalanobis.whitening", count: active.count * active.count),
      shift: shift, inputs: active.count, outputs: active.count,
      inputBits: RobustMahalanobis.centredBits, outputBits: RobustMahalanobis.outputBits)
    let centre = try LatticeMatrix(
      rows: 1, columns: active.count, bits: PeerScale.latticeBits,
      values: try file.array("mahalanobis.centre", count: active.count))
    let nearest = try file.array("nearest.reference")
    let reference = try LatticeMatrix(
      rows: nearest.count / active.count, columns: active.count, bits: PeerScale.latticeBits,
      values: nearest)
    guard reference.rows > 0 else { throw DetectionError.badModel("no reference rows") }
    self.init(
      scales: PeerScales(scales: scales), activeColumns: active,
      mahalanobis: RobustMahalanobis(centre: centre.values, whitening: whitening),
      nearest: NearestReference(reference: reference))
  }
}

extension DetectionModel {
  /// Puts the model into a container.
  public func store(in file: inout Safetensors) {
    file.set("columns.names", texts: columns.map(\.name))
    file.set("columns.sides", texts: columns.map(\.side.rawValue))
    file.set("columns.resolution", columns.map(\.resolution))
    ensemble.store(in: &file, prefix: "")
    for (index, tail) in tails.enumerated() { file.set("tail.\(index)", tail.reference) }
    calibration.store(in: &file)
    file.set("baseline.edges", baseline.edges.flatMap { $0 })
    file.set("baseline.edge_counts", baseline.edges.map(\.count))
    file.set("baseline.shares", baseline.shares.flatMap { $0 })
  }

  /// Takes the model out of a container.
  ///
  /// - Throws: `DetectionError.badModel` for parts that are missing or do not fit.
  public init(from file: Safetensors) throws {
    do {
      try self.init(parts: file)
    } catch let error as ExactMathError {
      throw DetectionError.badModel(error.description)
    }
  }

  private init(parts file: Safetensors) throws {
    let names = try file.texts("columns.names")
    let sides = try file.texts("columns.sides").compactMap { FeatureTable.Side(rawValue: $0) }
    let resolutions = try file.array("columns.resolution", count: names.count)
    guard sides.count == names.count else {
      throw DetectionError.badModel("columns without a side")
    }
    guard resolutions.allSatisfy({ $0 > 0 && $0 < .infinity }) else {
      throw DetectionError.badModel("columns without a resolution")
    }
    var tails: [TailSurprise] = []
    for index in Ensemble.detectors.indices {
      tails.append(TailSurprise(reference: try file.finite("tail.\(index)")))
    }
    let baseline = try DriftBaseline(from: file)
    guard baseline.edges.count == names.count else {
      throw DetectionError.badModel("columns without a baseline")
    }
    self.init(
      columns: names.indices.map {
        FeatureTable.Column(name: names[$0], resolution: resolutions[$0], side: sides[$0])
      },
      ensemble: try Ensemble(from: file, columns: names.count), tails: tails,
      calibration: try Calibration(from: file), baseline: baseline)
  }
}

extension Calibration {
  func store(in file: inout Safetensors) {
    let sorted = scores.sorted { $0.key < $1.key }
    file.set("calibration.groups", texts: sorted.map(\.key))
    file.set("calibration.counts", sorted.map(\.value.count))
    file.set("calibration.scores", sorted.flatMap(\.value))
  }

  init(from file: Safetensors) throws(DetectionError) {
    let groups = try file.texts("calibration.groups")
    let parts = try Split(
      try file.finite("calibration.scores"), counts: try file.indices("calibration.counts"))
    guard parts.parts.count == groups.count, Set(groups).count == groups.count else {
      throw .badModel("calibration groups and scores differ in number")
    }
    self.init(scores: Dictionary(uniqueKeysWithValues: zip(groups, parts.parts)))
  }
}

extension DriftBaseline {
  init(from file: Safetensors) throws(DetectionError) {
    let counts = try file.indices("baseline.edge_counts")
    let edges = try Split(try file.finite("baseline.edges"), counts: counts)
    let shares = try Split(try file.finite("baseline.shares"), counts: counts.map { $0 + 2 })
    self.init(edges: edges.parts, shares: shares.parts)
  }
}

/// An array cut into parts of given lengths.
private struct Split {
  private static let unequal = DetectionError.badModel("parts that do not add up to their whole")

  var parts: [[Double]] = []

  init(_ values: [Double], counts: [Int]) throws(DetectionError) {
    var start = 0
    for count in counts {
      guard (0...(values.count - start)).contains(count) else { throw Self.unequal }
      parts.append(Array(values[start..<(start + count)]))
      start += count
    }
    guard start == values.count else { throw Self.unequal }
  }
}

extension DetectionResult {
  /// Puts what a run fitted itself into a container, so that it has a digest.
  public func store(in file: inout Safetensors) {
    for (fold, ensemble) in ensembles.enumerated() {
      ensemble.store(in: &file, prefix: "fold.\(fold).")
    }
    for (index, tail) in tails.enumerated() { file.set("tail.\(index)", tail.reference) }
    calibration.store(in: &file)
  }
}
