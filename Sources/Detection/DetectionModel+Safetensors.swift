import ExactMath

extension DetectionModel {
  /// The model as the bytes of a safetensors file.
  public func save() -> [UInt8] {
    var file = Safetensors()
    store(in: &file)
    return file.bytes
  }

  /// The model that `save` wrote.
  ///
  /// - Throws: `DetectionError.badModel` for parts that are missing or do not fit.
  public static func load(_ bytes: [UInt8]) throws -> DetectionModel {
    try DetectionModel(from: try Safetensors(bytes: bytes))
  }

  /// Puts the model into a container that may hold more.
  public func store(in file: inout Safetensors) {
    file.set("columns.names", texts: columns.map(\.name))
    file.set("columns.sides", texts: columns.map(\.side.rawValue))
    file.set("columns.resolution", columns.map(\.resolution))
    ensemble.store(in: &file)
    head?.store(in: &file)
    calibration.store(in: &file)
    baseline.store(in: &file)
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
    let sides = try file.texts("columns.sides").map { name in
      guard let side = FeatureTable.Side(rawValue: name) else {
        throw DetectionError.badModel("the side \(name) is not known")
      }
      return side
    }
    let resolutions = try file.array("columns.resolution", count: names.count)
    guard sides.count == names.count else {
      throw DetectionError.badModel("columns without a side")
    }
    guard resolutions.allSatisfy({ $0 >= 0 && $0 < .infinity }) else {
      throw DetectionError.badModel("columns without a resolution")
    }
    let baseline = try DriftBaseline(from: file)
    guard baseline.edges.count == names.count else {
      throw DetectionError.badModel("columns without a baseline")
    }
    let ensemble = try Ensemble(from: file, columns: names.count)
    let head = try DecisionHead(from: file)
    guard head.map({ $0.regression.weights.count == ensemble.activeColumns.count + 1 }) ?? true
    else { throw DetectionError.badModel("a decision head of other columns") }
    self.init(
      columns: names.indices.map {
        FeatureTable.Column(name: names[$0], resolution: resolutions[$0], side: sides[$0])
      },
      ensemble: ensemble, head: head, calibration: try Calibration(from: file), baseline: baseline)
  }
}

extension DetectionResult {
  /// Puts what a run fitted itself into a container, so that it has a digest.
  public func store(in file: inout Safetensors) {
    ensemble?.store(in: &file)
    calibration.store(in: &file)
  }
}

extension DecisionHead {
  func store(in file: inout Safetensors) {
    file.set("head.weights", regression.weights)
    file.set("head.intercept", [regression.intercept])
    file.set("head.iterations", [regression.iterations])
    file.set("head.surprise", surprise.reference)
  }

  /// `nil` of a model that has none.
  init?(from file: Safetensors) throws(DetectionError) {
    guard file.doubles["head.weights"] != nil || file.doubles["head.intercept"] != nil else {
      return nil
    }
    let weights = try file.finite("head.weights")
    let intercept = try file.single("head.intercept")
    let iterations = try file.singleIndex("head.iterations")
    guard !(try file.finite("head.surprise").isEmpty) else {
      throw .badModel("a decision head without a reference")
    }
    self.init(
      regression: LogisticRegression(
        weights: weights, intercept: intercept, unit: Lattice.unit, iterations: iterations),
      surprise: TailSurprise(reference: try file.finite("head.surprise"), tail: .power))
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
  func store(in file: inout Safetensors) {
    file.set("baseline.edges", edges.flatMap { $0 })
    file.set("baseline.edge_counts", edges.map(\.count))
    file.set("baseline.shares", shares.flatMap { $0 })
    file.set("baseline.quantiles", quantiles.flatMap { $0 })
    file.set("baseline.quantile_counts", quantiles.map(\.count))
  }

  init(from file: Safetensors) throws(DetectionError) {
    let counts = try file.indices("baseline.edge_counts")
    let edges = try Split(try file.finite("baseline.edges"), counts: counts)
    let shares = try Split(try file.finite("baseline.shares"), counts: counts.map { $0 + 2 })
    let quantileCounts = try file.indices("baseline.quantile_counts")
    guard quantileCounts.count == counts.count,
      quantileCounts.allSatisfy({ $0 == 0 || $0 == Self.quantilePoints })
    else { throw .badModel("a baseline without quantiles") }
    let quantiles = try Split(try file.finite("baseline.quantiles"), counts: quantileCounts)
    self.init(edges: edges.parts, shares: shares.parts, quantiles: quantiles.parts)
  }
}

/// An array cut into parts of given lengths.
struct Split {
  private static let unequal = DetectionError.badModel("parts that do not add up to their whole")

  private(set) var parts: [[Double]] = []

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
