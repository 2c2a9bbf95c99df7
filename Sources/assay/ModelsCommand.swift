import ArgumentParser
import Contributions
import Foundation
import Pipeline

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "Lists, shows and compares trained models.",
    subcommands: [List.self, Show.self, Diff.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the models of a folder.")

    @Argument(help: ArgumentHelp("A folder of .safetensors files.", valueName: "DIR"))
    var folder: String

    @Flag(name: .long, help: "Print the list as JSON.")
    var json = false

    func run() throws {
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
        throw PipelineError.cannotRead(path: folder)
      }
      let models = try names.filter { $0.hasSuffix(".safetensors") }.sorted().map { name in
        ModelLine(try TrainedModel(path: "\(folder)/\(name)"), file: name)
      }
      if json { return try Console.printJSON(models) }
      for model in models { Console.printLines(model.lines) }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows a model: its card, and what it learnt of each feature.")

    @Argument(help: ArgumentHelp("A model file.", valueName: "FILE"))
    var file: String

    @Flag(name: .long, help: "Print the model's description as JSON.")
    var json = false

    func run() throws {
      let shown = ModelLine(try TrainedModel(path: file), file: file)
      if json { return try Console.printJSON(shown) }
      Console.printLines(shown.lines + shown.features.map { "  \($0)" })
      if let card = FileManager.default.contents(atPath: "\(file).card.json"),
        let text = String(validating: card, as: UTF8.self)
      {
        Console.print(Terminal.safe("card: \(text.trimmingCharacters(in: .newlines))"))
      }
    }
  }

  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compares two models: features, groups, and how far honest nodes moved.")

    @Argument(help: ArgumentHelp("The earlier model.", valueName: "FILE"))
    var before: String

    @Argument(help: ArgumentHelp("The later model.", valueName: "FILE"))
    var after: String

    @Flag(name: .long, help: "Print the differences as JSON.")
    var json = false

    func run() throws {
      let difference = ModelComparison(
        try TrainedModel(path: before), try TrainedModel(path: after))
      if json { return try Console.printJSON(difference) }
      Console.printLines(Self.lines(difference))
    }

    private static func lines(_ difference: ModelComparison) -> [String] {
      if difference.sameBytes { return ["the same model, byte for byte"] }
      var lines: [String] = []
      func add(_ label: String, _ names: [String]) {
        if !names.isEmpty { lines.append("\(label): \(names.joined(separator: ", "))") }
      }
      if !difference.sameProfile { lines.append("they are for different profiles") }
      add("features removed", difference.featuresRemoved)
      add("features added", difference.featuresAdded)
      add("groups removed", difference.groupsRemoved)
      add("groups added", difference.groupsAdded)
      lines.append(
        "calibrating nodes: \(difference.calibratingBefore) before, "
          + "\(difference.calibratingAfter) after")
      for feature in difference.moved {
        lines.append(
          "\(feature.name): median \(feature.medianBefore) before, \(feature.medianAfter) after: "
            + String(format: "%+.2f spreads", feature.movedBySpreads))
      }
      return lines
    }
  }
}

/// One model as `models list` and `models show` print it.
private struct ModelLine: Encodable {
  let file: String
  let name: String
  let version: String
  let profile: String
  let digest: String
  let groups: [String]
  let calibratingNodes: Int
  let features: [String]

  init(_ model: TrainedModel, file: String) {
    self.file = file
    name = model.name
    version = model.version
    profile = model.profile
    digest = "0x" + Hex.encode(model.digest)
    let scales = model.detection.ensemble.scales.scales
    groups = scales.map(\.group)
    calibratingNodes = model.detection.calibration.scores.values.map(\.count).max() ?? 0
    features = zip(model.detection.columns, scales.first?.columns ?? []).map { column, scale in
      let learnt = scale.map { "median \($0.median / $0.factor), 5 % \($0.low), 95 % \($0.high)" }
      return "\(column.name): \(learnt ?? "not learnt")"
    }
  }

  var lines: [String] {
    [
      "\(file): \(name) \(version) for \(profile), \(features.count) features, "
        + "\(groups.count) groups, \(calibratingNodes) calibrating nodes",
      "  \(digest)",
    ]
  }
}
