import ExactMath

extension Ensemble {
  func store(in file: inout Safetensors) {
    scales.store(in: &file)
    file.set("active_columns", activeColumns)
    file.set("spaces", texts: spaces.map(\.geometry.rawValue))
    for (index, space) in spaces.enumerated() {
      space.store(in: &file, prefix: "space.\(index).")
    }
    for (index, surprise) in surprises.enumerated() {
      file.set("surprise.\(index)", surprise.reference)
    }
    file.set("surprise.joined", joined.reference)
  }

  init(from file: Safetensors, columns: Int) throws {
    let scales = try PeerScales(from: file, columns: columns)
    let active = try file.indices("active_columns")
    guard !active.isEmpty, active.allSatisfy({ (0..<columns).contains($0) }) else {
      throw DetectionError.badModel("no columns, or some that do not exist")
    }
    guard active.allSatisfy({ scales.scales[0].columns[$0] != nil }) else {
      throw DetectionError.badModel("columns without a scale")
    }
    let geometries = try file.texts("spaces")
    guard !geometries.isEmpty else { throw DetectionError.badModel("no detectors") }
    let spaces = try geometries.enumerated().map { index, name in
      guard let geometry = Geometry(rawValue: name) else {
        throw DetectionError.badModel("the geometry \(name) is not known")
      }
      return try ReferenceSpace(
        from: file, prefix: "space.\(index).", geometry: geometry, columns: active.count)
    }
    let count = spaces.reduce(0) { $0 + $1.measures.count }
    let rows = spaces[0].reference.rows
    guard count > 0, spaces.allSatisfy({ $0.reference.rows == rows && !$0.measures.isEmpty }) else {
      throw DetectionError.badModel("geometries of other reference rows, or without detectors")
    }
    guard file.doubles["surprise.\(count)"] == nil,
      file.doubles["space.\(spaces.count).reference"] == nil
    else { throw DetectionError.badModel("detectors that no list names") }
    func surprise(_ name: String, tail: TailSurprise.Tail = .exponential) throws -> TailSurprise {
      let scores = try file.finite("surprise.\(name)")
      guard scores.count == rows else {
        throw DetectionError.badModel("the array surprise.\(name) is not of the reference rows")
      }
      return TailSurprise(reference: scores, tail: tail)
    }
    self.init(
      scales: scales, activeColumns: active, spaces: spaces,
      surprises: try (0..<count).map { try surprise("\($0)") },
      joined: try surprise("joined", tail: .power))
  }
}

extension PeerScales {
  /// A column without a scale has a factor of zero.
  func store(in file: inout Safetensors) {
    let all = scales.flatMap(\.columns)
    func set(_ name: String, _ value: (ColumnScale) -> Double) {
      file.set("scales.\(name)", all.map { $0.map(value) ?? 0 })
    }
    file.set("scales.groups", texts: scales.map(\.group))
    set("factor", \.factor)
    set("median", \.median)
    set("spread", \.spread)
    set("mean", \.mean)
    set("deviation", \.deviation)
    set("low", \.low)
    set("high", \.high)
    file.set("scales.knot_counts", all.map { $0?.knots.count ?? 0 })
    file.set("scales.knots", all.flatMap { $0?.knots ?? [] })
  }

  init(from file: Safetensors, columns: Int) throws(DetectionError) {
    let groups = try file.texts("scales.groups")
    guard !groups.isEmpty, Set(groups).count == groups.count else {
      throw .badModel("no groups, or one twice")
    }
    let count = groups.count * columns
    func values(_ name: String) throws(DetectionError) -> [Double] {
      let values = try file.finite("scales.\(name)")
      guard values.count == count else { throw .badModel("scales of another number of columns") }
      return values
    }
    let factor = try values("factor")
    let median = try values("median")
    let spread = try values("spread")
    let mean = try values("mean")
    let deviation = try values("deviation")
    let low = try values("low")
    let high = try values("high")
    let knots = try Split(
      try file.finite("scales.knots"), counts: try file.indices("scales.knot_counts"))
    guard knots.parts.count == count else { throw .badModel("scales without knots") }
    var all: [ColumnScale?] = []
    for index in 0..<count {
      guard factor[index] != 0 else {
        all.append(nil)
        continue
      }
      let own = knots.parts[index]
      guard factor[index] > 0, spread[index] > 0, deviation[index] > 0, !own.isEmpty,
        zip(own, own.dropFirst()).allSatisfy({ $0 <= $1 })
      else { throw .badModel("a scale that is none") }
      all.append(
        ColumnScale(
          factor: factor[index], median: median[index], spread: spread[index], mean: mean[index],
          deviation: deviation[index], low: low[index], high: high[index], knots: own))
    }
    self.init(
      scales: groups.enumerated().map { place, group in
        PeerScale(group: group, columns: Array(all[(place * columns)..<((place + 1) * columns)]))
      })
  }
}

extension ReferenceSpace {
  func store(in file: inout Safetensors, prefix: String) {
    file.set("\(prefix)measures", texts: measures.map(\.name))
    file.set("\(prefix)reference", reference.values)
    if !ownDistances.isEmpty { file.set("\(prefix)own_distances", ownDistances) }
    if let kernel {
      file.set("\(prefix)kernel.bandwidth", [kernel.bandwidth])
      file.set("\(prefix)kernel.map", kernel.transform.weights)
      file.set("\(prefix)kernel.shift", [kernel.transform.shift])
      file.set("\(prefix)kernel.left_out", kernel.leftOut)
    }
    if let mixture { mixture.store(in: &file, prefix: prefix) }
    if let mahalanobis {
      file.set("\(prefix)mahalanobis.centre", mahalanobis.centre)
      file.set("\(prefix)mahalanobis.whitening", mahalanobis.whitening.weights)
      file.set("\(prefix)mahalanobis.shift", [mahalanobis.whitening.shift])
    }
  }

  init(from file: Safetensors, prefix: String, geometry: Geometry, columns: Int) throws {
    let measures = try file.texts("\(prefix)measures").map { name in
      guard let measure = Measure(name: name) else {
        throw DetectionError.badModel("the detector \(name) is not known")
      }
      return measure
    }
    let values = try file.array("\(prefix)reference")
    let reference = try LatticeMatrix(
      rows: values.count / columns, columns: columns, bits: Lattice.bits, values: values)
    guard reference.rows > 0 else { throw DetectionError.badModel("no reference rows") }
    var ownDistances: [Double] = []
    if !measures.ratios.isEmpty {
      ownDistances = try file.finite("\(prefix)own_distances")
      guard ownDistances.count == reference.rows, ownDistances.allSatisfy({ $0 >= 0 }) else {
        throw DetectionError.badModel("reference rows without their distances")
      }
    }
    self.init(
      geometry: geometry, measures: measures, reference: reference, ownDistances: ownDistances,
      kernel: measures.contains(.kernelVariance)
        ? try KernelVariance(from: file, prefix: prefix, reference: reference) : nil,
      mahalanobis: measures.contains(.mahalanobis)
        && columns <= RobustMahalanobis.largestColumns
        ? try RobustMahalanobis(from: file, prefix: prefix, columns: columns) : nil,
      mixture: measures.contains(.mixture) && columns <= GaussianMixture.largestColumns
        ? try GaussianMixture(from: file, prefix: prefix, columns: columns) : nil)
  }
}

extension KernelVariance {
  init(from file: Safetensors, prefix: String, reference: LatticeMatrix) throws {
    let leftOut = try file.finite("\(prefix)kernel.left_out")
    guard (1...reference.rows).contains(leftOut.count),
      case let bandwidth = try file.single("\(prefix)kernel.bandwidth"), bandwidth > 0
    else { throw DetectionError.badModel("a kernel without landmarks") }
    let shift = try file.singleIndex("\(prefix)kernel.shift")
    self.init(
      landmarks: try reference.selecting(rows: Array(leftOut.indices)), bandwidth: bandwidth,
      transform: try IntegerTransform(
        storedWeights: try file.array(
          "\(prefix)kernel.map", count: leftOut.count * leftOut.count),
        shift: shift, inputs: leftOut.count, outputs: leftOut.count, inputBits: Self.kernelBits,
        outputBits: Self.outputBits),
      leftOut: leftOut)
  }
}

extension RobustMahalanobis {
  init(from file: Safetensors, prefix: String, columns: Int) throws {
    let shift = try file.singleIndex("\(prefix)mahalanobis.shift")
    let centre = try LatticeMatrix(
      rows: 1, columns: columns, bits: Lattice.bits,
      values: try file.array("\(prefix)mahalanobis.centre", count: columns))
    self.init(
      centre: centre.values,
      whitening: try IntegerTransform(
        storedWeights: try file.array(
          "\(prefix)mahalanobis.whitening", count: columns * columns),
        shift: shift, inputs: columns, outputs: columns, inputBits: Self.centredBits,
        outputBits: Self.outputBits))
  }
}

extension GaussianMixture {
  func store(in file: inout Safetensors, prefix: String) {
    file.set("\(prefix)mixture.log_weights", components.map(\.logWeight))
    file.set("\(prefix)mixture.centres", components.flatMap(\.centre))
    file.set("\(prefix)mixture.whitenings", components.flatMap(\.whitening.weights))
    file.set("\(prefix)mixture.shifts", components.map(\.whitening.shift))
  }

  init(from file: Safetensors, prefix: String, columns: Int) throws {
    let weights = try file.finite("\(prefix)mixture.log_weights")
    let shifts = try file.indices("\(prefix)mixture.shifts")
    guard !weights.isEmpty, shifts.count == weights.count else {
      throw DetectionError.badModel("a mixture without components")
    }
    let centres = try LatticeMatrix(
      rows: weights.count, columns: columns, bits: Lattice.bits,
      values: try file.array(
        "\(prefix)mixture.centres", count: weights.count * columns))
    let maps = try file.array(
      "\(prefix)mixture.whitenings", count: weights.count * columns * columns)
    self.init(
      components: try weights.indices.map { index in
        Component(
          centre: Array(centres.row(index)),
          whitening: try IntegerTransform(
            storedWeights: Array(
              maps[(index * columns * columns)..<((index + 1) * columns * columns)]),
            shift: shifts[index], inputs: columns, outputs: columns,
            inputBits: Component.centredBits, outputBits: Component.outputBits),
          logWeight: weights[index])
      })
  }
}

extension Measure {
  /// What files call it.
  var name: String {
    switch self {
    case .neighbour(let k): "neighbour \(k)"
    case .localRatio(let k): "local_ratio \(k)"
    case .kernelVariance: "kernel_variance"
    case .mahalanobis: "mahalanobis"
    case .mixture: "mixture"
    }
  }

  init?(name: String) {
    let words = name.split(separator: " ", maxSplits: 1)
    let k = words.count == 2 ? Int(words[1]).flatMap { (1...1024).contains($0) ? $0 : nil } : nil
    switch (words.first, k) {
    case ("neighbour", let k?): self = .neighbour(k)
    case ("local_ratio", let k?): self = .localRatio(k)
    case ("kernel_variance", nil): self = .kernelVariance
    case ("mahalanobis", nil): self = .mahalanobis
    case ("mixture", nil): self = .mixture
    default: return nil
    }
  }
}
