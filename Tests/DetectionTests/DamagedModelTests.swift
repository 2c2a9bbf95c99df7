import Testing

@testable import Detection

struct DamagedModelTests {
  private struct Stored {
    let file: Safetensors
    let columns: [FeatureTable.Column]
    let night: FeatureTable
  }

  /// A model with a decision head and two groups, as small as they can be.
  private func stored(_ recipe: Recipe) async throws -> Stored {
    var generator = SplitMix64(seed: 77)
    let table = try featureTable(
      generator.normals(80, 3), groups: (0..<80).map { _ in ["near", "all"] })
    let small = Recipe(
      spaces: recipe.spaces, trimmedShare: recipe.trimmedShare, referenceRows: 12)
    let model = try await DetectionModel.fit(
      table, recipe: small, decisions: [Decision(row: 0, isSpoofed: true)], tasks: 1)
    var file = Safetensors()
    model.store(in: &file)
    return Stored(
      file: file, columns: model.columns,
      night: try featureTable(generator.normals(5, 3), columns: table.columns))
  }

  /// Loads and uses a model that may be damaged: it must be refused with `badModel`, or work.
  private func isRefused(_ bytes: [UInt8], night: FeatureTable) async throws -> Bool {
    let model: DetectionModel
    do {
      model = try DetectionModel.load(bytes)
    } catch DetectionError.badModel {
      return true
    }
    guard model.columns == night.columns else { return false }
    let rows = try await model.detect(night, tasks: 1).rows
    #expect(rows.count == night.rows)
    _ = model.baseline.stabilityIndices(night)
    _ = model.baseline.wassersteinDistances(night, scales: model.ensemble.scales)
    return false
  }

  private func copy(
    _ file: Safetensors, without name: String
  ) -> Safetensors {
    var copy = Safetensors()
    for (key, values) in file.doubles where key != name { copy.set(key, values) }
    for (key, values) in file.integers where key != name { copy.set(key, values.map { Int($0) }) }
    for (key, text) in file.strings where key != name { copy.set(key, text: text) }
    return copy
  }

  @Test func `a file cut anywhere is refused`() async throws {
    let bytes = try await stored(.contaminated).file.bytes
    let cuts = Set(0..<40).union(stride(from: 40, to: bytes.count, by: 97))
      .union((bytes.count - 20)..<bytes.count)
    for cut in cuts {
      #expect(throws: DetectionError.self) { try Safetensors(bytes: Array(bytes[..<cut])) }
    }
    #expect(throws: DetectionError.self) { try Safetensors(bytes: bytes + [0]) }
  }

  @Test(arguments: RecipeCase.shipped)
  func `a flipped bit is refused or harmless`(recipe: RecipeCase) async throws {
    let stored = try await stored(recipe.recipe)
    let bytes = stored.file.bytes
    var generator = SplitMix64(seed: 8)
    for _ in 0..<150 {
      var damaged = bytes
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      _ = try await isRefused(damaged, night: stored.night)
    }
  }

  private func expectRefusal(
    _ recipe: RecipeCase, without isMissing: (String) -> Bool
  ) async throws {
    let stored = try await stored(recipe.recipe)
    let file = stored.file
    let names = Array(file.doubles.keys) + Array(file.integers.keys) + Array(file.strings.keys)
    for name in names where isMissing(name) {
      let isRefused = try await isRefused(
        copy(file, without: name).bytes, night: stored.night)
      #expect(isRefused, "without \(name)")
    }
  }

  @Test(arguments: RecipeCase.shipped)
  func `a missing part is refused`(recipe: RecipeCase) async throws {
    try await expectRefusal(recipe) { $0 != "head.weights" }
  }

  // BUG: the model loads without its decisions.
  @Test(.disabled("a head without weights is no head"), arguments: RecipeCase.shipped)
  func `a head whose weights are missing is refused`(recipe: RecipeCase) async throws {
    try await expectRefusal(recipe) { $0 == "head.weights" }
  }

  private func expectRefusal(
    _ recipe: RecipeCase, ofOtherLengths isChanged: (_ name: String, _ count: Int) -> Bool
  ) async throws {
    let stored = try await stored(recipe.recipe)
    func expect(_ damaged: Safetensors, _ name: String, _ count: Int) async throws {
      let isRefused = try await isRefused(damaged.bytes, night: stored.night)
      #expect(isRefused, "\(name) of \(count) values")
    }
    for (name, values) in stored.file.doubles where isChanged(name, values.count) {
      for changed in [Array(values.dropLast()), values + values.prefix(1), [], values + values] {
        var damaged = stored.file
        damaged.set(name, changed)
        try await expect(damaged, name, changed.count)
      }
    }
    for (name, values) in stored.file.integers where isChanged(name, values.count) {
      let values = values.map { Int($0) }
      for changed in [Array(values.dropLast()), values + values.prefix(1), [], values + values] {
        var damaged = stored.file
        damaged.set(name, changed)
        try await expect(damaged, name, changed.count)
      }
    }
  }

  /// Lengths that nothing is held against when a file is read.
  private func isUnchecked(_ name: String, _ count: Int) -> Bool {
    name.contains("surprise") || name.hasSuffix(".reference") || count == 1
  }

  @Test(arguments: RecipeCase.shipped)
  func `arrays of other lengths are refused`(recipe: RecipeCase) async throws {
    try await expectRefusal(recipe) { !isUnchecked($0, $1) }
  }

  // BUG: surprises may have any number of values, twice as many reference rows are taken for more
  // rows, and of what should be one number the first of several is taken.
  @Test(.disabled("some lengths are not checked"), arguments: RecipeCase.shipped)
  func `arrays of other lengths are refused, all of them`(recipe: RecipeCase) async throws {
    try await expectRefusal(recipe) { isUnchecked($0, $1) }
  }

  @Test(arguments: RecipeCase.shipped)
  func `single numbers that are missing, and surprises of other lengths, do no harm`(
    recipe: RecipeCase
  ) async throws {
    let stored = try await stored(recipe.recipe)
    for (name, values) in stored.file.doubles where isUnchecked(name, values.count) {
      for changed in [Array(values.dropLast()), values + values.prefix(1), [], values + values] {
        var damaged = stored.file
        damaged.set(name, changed)
        _ = try await isRefused(damaged.bytes, night: stored.night)
      }
    }
  }

  @Test(arguments: RecipeCase.shipped)
  func `numbers that cannot be are refused`(recipe: RecipeCase) async throws {
    let stored = try await stored(recipe.recipe)
    for (name, values) in stored.file.doubles {
      for wrong in [Double.nan, .infinity, -.infinity] {
        for place in Set([0, values.count / 2, values.count - 1]) {
          var changed = values
          changed[place] = wrong
          var damaged = stored.file
          damaged.set(name, changed)
          let isRefused = try await isRefused(damaged.bytes, night: stored.night)
          #expect(isRefused, "\(name)[\(place)] as \(wrong)")
        }
      }
    }
    for (name, values) in stored.file.integers where name != "head.iterations" {
      for wrong in [-2000, Int.max, Int.min] {
        var damaged = stored.file
        damaged.set(name, values.map { _ in wrong })
        let isRefused = try await isRefused(damaged.bytes, night: stored.night)
        #expect(isRefused, "\(name) as \(wrong)")
      }
    }
  }

  /// Whatever numbers a file holds: a model that loads scores without a crash.
  @Test(arguments: RecipeCase.shipped)
  func `numbers of any size are refused or harmless`(recipe: RecipeCase) async throws {
    let stored = try await stored(recipe.recipe)
    for (name, values) in stored.file.doubles {
      for wrong in [0, -1, .leastNonzeroMagnitude, 1e308, -1e308] {
        var damaged = stored.file
        damaged.set(name, values.map { _ in wrong })
        _ = try await isRefused(damaged.bytes, night: stored.night)
      }
    }
    for (name, values) in stored.file.integers {
      for wrong in [0, 1, 1000] {
        var damaged = stored.file
        damaged.set(name, values.map { _ in wrong })
        _ = try await isRefused(damaged.bytes, night: stored.night)
      }
    }
  }

  private func expectRefusal(
    _ recipe: RecipeCase, ofTexts isChanged: (String) -> Bool,
    as changes: ([String]) -> [[String]]
  ) async throws {
    let stored = try await stored(recipe.recipe)
    for name in stored.file.strings.keys where isChanged(name) {
      for changed in changes(try stored.file.texts(name)) {
        var damaged = stored.file
        damaged.set(name, texts: changed)
        let isRefused = try await isRefused(damaged.bytes, night: stored.night)
        #expect(isRefused, "\(name) as \(changed)")
      }
    }
  }

  @Test(arguments: RecipeCase.shipped)
  func `texts that are no lists are refused`(recipe: RecipeCase) async throws {
    let stored = try await stored(recipe.recipe)
    for name in stored.file.strings.keys {
      for text in ["", "{", "[1]", "null", "{}", "[\"", "\"\""] {
        var damaged = stored.file
        damaged.set(name, text: text)
        let isRefused = try await isRefused(damaged.bytes, night: stored.night)
        #expect(isRefused, "\(name) as \(text)")
      }
    }
  }

  private static func otherCounts(_ texts: [String]) -> [[String]] {
    [[], Array(texts.dropLast()), texts + ["x"], texts + texts]
  }

  private static let looseLists = ["columns.sides", "spaces"]

  @Test(arguments: RecipeCase.shipped)
  func `lists of more or fewer texts are refused`(recipe: RecipeCase) async throws {
    try await expectRefusal(
      recipe, ofTexts: { !Self.looseLists.contains($0) && !$0.hasSuffix("measures") },
      as: Self.otherCounts)
  }

  // BUG: geometries and detectors may be left out, all of a geometry's too; what is no side counts
  // as none at all.
  @Test(.disabled("some lists are not checked"), arguments: RecipeCase.shipped)
  func `lists of more or fewer texts are refused, all of them`(recipe: RecipeCase) async throws {
    try await expectRefusal(
      recipe, ofTexts: { Self.looseLists.contains($0) || $0.hasSuffix("measures") },
      as: Self.otherCounts)
  }

  @Test(arguments: [
    ("spaces", ["euclidean", "compressed", "copula"]), ("columns.sides", ["low", "high", "all"]),
    ("space.0.measures", ["neighbour"]), ("space.0.measures", ["neighbour 0"]),
    ("space.0.measures", ["neighbour 1025"]), ("space.0.measures", ["mixture 3"]),
    ("space.0.measures", ["neighbour 10 10"]), ("space.0.measures", ["local_ratio -5"]),
    ("scales.groups", ["all", "all"]), ("calibration.groups", ["all", "all"]),
  ])
  func `names that are not known, or come twice, are refused`(
    name: String, texts: [String]
  ) async throws {
    let stored = try await stored(.contaminated)
    var damaged = stored.file
    damaged.set(name, texts: texts)
    #expect(try await isRefused(damaged.bytes, night: stored.night))
  }

  @Test(arguments: ["neighbour 1024", "local_ratio 5", "kernel_variance", "mixture", "mahalanobis"])
  func `a detector without what it needs is refused`(measure: String) async throws {
    let stored = try await stored(.contaminated)
    var damaged = stored.file
    let others = try stored.file.texts("space.0.measures").dropFirst()
    damaged.set("space.0.measures", texts: [measure] + others)
    let isRefused = try await isRefused(damaged.bytes, night: stored.night)
    #expect(isRefused == (measure != "neighbour 1024"))
  }
}
