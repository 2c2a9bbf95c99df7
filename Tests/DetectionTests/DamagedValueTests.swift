import Testing

@testable import Detection

struct DamagedValueTests {
  @Test(arguments: RecipeCase.shipped)
  func `numbers that cannot be are refused`(recipe: RecipeCase) async throws {
    let stored = try await StoredModel(recipe.recipe)
    for (name, values) in stored.file.doubles {
      for wrong in [Double.nan, .infinity, -.infinity] {
        for place in Set([0, values.count / 2, values.count - 1]) {
          var changed = values
          changed[place] = wrong
          var damaged = stored.file
          damaged.set(name, changed)
          let isRefused = try await stored.isRefused(damaged.bytes)
          #expect(isRefused, "\(name)[\(place)] as \(wrong)")
        }
      }
    }
    for (name, values) in stored.file.integers where name != "head.iterations" {
      for wrong in [-2000, Int.max, Int.min] {
        var damaged = stored.file
        damaged.set(name, values.map { _ in wrong })
        let isRefused = try await stored.isRefused(damaged.bytes)
        #expect(isRefused, "\(name) as \(wrong)")
      }
    }
  }

  /// Whatever numbers a file holds: a model that loads scores without a crash.
  @Test(arguments: RecipeCase.shipped)
  func `numbers of any size are refused or harmless`(recipe: RecipeCase) async throws {
    let stored = try await StoredModel(recipe.recipe)
    for (name, values) in stored.file.doubles {
      for wrong in [0, -1, .leastNonzeroMagnitude, 1e308, -1e308] {
        var damaged = stored.file
        damaged.set(name, values.map { _ in wrong })
        _ = try await stored.isRefused(damaged.bytes)
      }
    }
    for (name, values) in stored.file.integers {
      for wrong in [0, 1, 1000] {
        var damaged = stored.file
        damaged.set(name, values.map { _ in wrong })
        _ = try await stored.isRefused(damaged.bytes)
      }
    }
  }

  private func expectRefusal(
    _ recipe: RecipeCase, ofTexts isChanged: (String) -> Bool,
    as changes: ([String]) -> [[String]]
  ) async throws {
    let stored = try await StoredModel(recipe.recipe)
    for name in stored.file.strings.keys where isChanged(name) {
      for changed in changes(try stored.file.texts(name)) {
        var damaged = stored.file
        damaged.set(name, texts: changed)
        let isRefused = try await stored.isRefused(damaged.bytes)
        #expect(isRefused, "\(name) as \(changed)")
      }
    }
  }

  @Test(arguments: RecipeCase.shipped)
  func `texts that are no lists are refused`(recipe: RecipeCase) async throws {
    let stored = try await StoredModel(recipe.recipe)
    for name in stored.file.strings.keys {
      for text in ["", "{", "[1]", "null", "{}", "[\"", "\"\""] {
        var damaged = stored.file
        damaged.set(name, text: text)
        let isRefused = try await stored.isRefused(damaged.bytes)
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

  @Test(arguments: RecipeCase.shipped)
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
    let stored = try await StoredModel(.contaminated)
    var damaged = stored.file
    damaged.set(name, texts: texts)
    #expect(try await stored.isRefused(damaged.bytes))
  }

  @Test(arguments: ["neighbour 1024", "local_ratio 5", "kernel_variance", "mixture", "mahalanobis"])
  func `a detector without what it needs is refused`(measure: String) async throws {
    let stored = try await StoredModel(.contaminated)
    var damaged = stored.file
    let others = try stored.file.texts("space.0.measures").dropFirst()
    damaged.set("space.0.measures", texts: [measure] + others)
    let isRefused = try await stored.isRefused(damaged.bytes)
    #expect(isRefused == (measure != "neighbour 1024"))
  }
}
