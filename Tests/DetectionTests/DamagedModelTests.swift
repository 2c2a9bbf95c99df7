import Testing

@testable import Detection

/// A saved model, as small as can be: with a decision head and two groups.
struct StoredModel {
  let file: Safetensors
  /// Rows to score with what is left of it.
  let night: FeatureTable

  init(_ recipe: Recipe) async throws {
    var generator = SplitMix64(seed: 77)
    let table = try featureTable(
      generator.normals(80, 3), groups: (0..<80).map { _ in ["near", "all"] })
    let small = Recipe(
      spaces: recipe.spaces, trimmedShare: recipe.trimmedShare, referenceRows: 12)
    let model = try await DetectionModel.fit(
      table, recipe: small, decisions: [Decision(row: 0, isSpoofed: true)], tasks: 1)
    var file = Safetensors()
    model.store(in: &file)
    self.file = file
    night = try featureTable(generator.normals(5, 3), columns: table.columns)
  }

  /// Loads and uses a damaged model: it must be refused with `badModel`, or work.
  func isRefused(_ bytes: [UInt8]) async throws -> Bool {
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
}

struct DamagedModelTests {
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
    let bytes = try await StoredModel(.contaminated).file.bytes
    let cuts = Set(0..<40).union(stride(from: 40, to: bytes.count, by: 97))
      .union((bytes.count - 20)..<bytes.count)
    for cut in cuts {
      #expect(throws: DetectionError.self) { try Safetensors(bytes: Array(bytes[..<cut])) }
    }
    #expect(throws: DetectionError.self) { try Safetensors(bytes: bytes + [0]) }
  }

  @Test(arguments: RecipeCase.shipped)
  func `a flipped bit is refused or harmless`(recipe: RecipeCase) async throws {
    let stored = try await StoredModel(recipe.recipe)
    let bytes = stored.file.bytes
    var generator = SplitMix64(seed: 8)
    for _ in 0..<100 {
      var damaged = bytes
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      _ = try await stored.isRefused(damaged)
    }
  }

  private func expectRefusal(
    _ recipe: RecipeCase, without isMissing: (String) -> Bool
  ) async throws {
    let stored = try await StoredModel(recipe.recipe)
    let file = stored.file
    let names = Array(file.doubles.keys) + Array(file.integers.keys) + Array(file.strings.keys)
    for name in names where isMissing(name) {
      let isRefused = try await stored.isRefused(copy(file, without: name).bytes)
      #expect(isRefused, "without \(name)")
    }
  }

  @Test(arguments: RecipeCase.shipped)
  func `a missing part is refused`(recipe: RecipeCase) async throws {
    try await expectRefusal(recipe) { $0 != "head.weights" }
  }

  @Test(arguments: RecipeCase.shipped)
  func `a head whose weights are missing is refused`(recipe: RecipeCase) async throws {
    try await expectRefusal(recipe) { $0 == "head.weights" }
  }

  private func expectRefusal(
    _ recipe: RecipeCase, ofOtherLengths isChanged: (_ name: String, _ count: Int) -> Bool
  ) async throws {
    let stored = try await StoredModel(recipe.recipe)
    func expect(_ damaged: Safetensors, _ name: String, _ count: Int) async throws {
      let isRefused = try await stored.isRefused(damaged.bytes)
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

  @Test(arguments: RecipeCase.shipped)
  func `arrays of other lengths are refused, all of them`(recipe: RecipeCase) async throws {
    // A decision head may have any number of reference rows.
    try await expectRefusal(recipe) { isUnchecked($0, $1) && $0 != "head.surprise" }
  }

  @Test(arguments: RecipeCase.shipped)
  func `single numbers that are missing, and surprises of other lengths, do no harm`(
    recipe: RecipeCase
  ) async throws {
    let stored = try await StoredModel(recipe.recipe)
    for (name, values) in stored.file.doubles where isUnchecked(name, values.count) {
      for changed in [Array(values.dropLast()), values + values.prefix(1), [], values + values] {
        var damaged = stored.file
        damaged.set(name, changed)
        _ = try await stored.isRefused(damaged.bytes)
      }
    }
  }
}
