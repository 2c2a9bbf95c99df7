import ArgumentParser
import Detection
import Foundation
import Ingestion
import Pipeline

struct ScoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score", abstract: "Scores the rows of any table of numbers.",
    discussion: """
      TABLE is a CSV with a header or NDJSON, plain, .gz or .zst, or - for standard input. Empty
      fields are missing values. Without --train the table is scored against itself, and a quarter
      of it may be strange; with --train against rows that are all honest.

      Writes row,raw,p,q: rows count from 0; raw is the strangeness, larger is stranger; p is the
      conformal p-value; q the false discovery rate at which the row would still be rejected.

        assay score sensors.csv --explain why.ndjson
        assay score tonight.csv --train honest.csv --label-column label --out scores.csv
      """)

  @Argument(help: ArgumentHelp("The table to score.", valueName: "TABLE"))
  var table: String

  @Option(
    name: .long,
    help: ArgumentHelp("A table of honest rows to learn from.", valueName: "TABLE"))
  var train: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A column that is not scored; where it holds 0 and 1 the ranking's quality is reported.",
      valueName: "NAME"))
  var labelColumn: String?

  @Option(
    name: .long, help: ArgumentHelp("A column to skip, whatever it holds.", valueName: "NAME"))
  var ignore: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Decisions on rows of TABLE: a CSV with row and label, 1 for spoofed.", valueName: "CSV"))
  var labels: String?

  @Option(name: .long, help: "With --train: split or cross; by the size of the table by default.")
  var calibration: DetectionModel.CalibrationMethod?

  @Option(
    name: .long,
    help: "bh, or by where nothing is known of how the p-values hang together.")
  var fdr: FalseDiscoveryRate.Method = .benjaminiHochberg

  @Option(
    name: .long,
    help: ArgumentHelp("Where the reasons of the strangest rows go.", valueName: "FILE.ndjson"))
  var explain: String?

  @Option(
    name: .long, help: ArgumentHelp("Share of the rows that is explained.", valueName: "SHARE"))
  var top = 0.01

  @Option(name: .long, help: ArgumentHelp("Threads; the cores by default.", valueName: "N"))
  var threads: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("Where the scores go; standard output by default.", valueName: "FILE.csv"))
  var out: String?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024")
    }
    guard top > 0, top <= 1 else { throw ValidationError("--top takes a share above 0, up to 1") }
    if train != nil, labels != nil {
      throw ValidationError("--labels refines a table scored against itself, not --train")
    }
    if train == nil, calibration != nil { throw ValidationError("--calibration needs --train") }
  }

  func run() async throws {
    let tasks = threads ?? ProcessInfo.processInfo.activeProcessorCount
    var input = try TableReader.read(table, ignoring: Set(ignore), tasks: tasks)
    var truth: [Double]?
    if let labelColumn {
      guard let parts = input.removing(labelColumn) else {
        throw TableError.noSuchColumn(file: table, name: labelColumn, columns: input.columns)
      }
      input = parts.table
      truth = parts.column
    }
    let scoring = try await self.scoring(input, tasks: tasks)
    let report = TableReport(scoring, method: fdr)
    if let out {
      try OutputFile.write(report.csv, to: out)
    } else {
      Output.write(report.csv)
    }
    if let explain {
      try OutputFile.write(try await report.explanations(strangest: top), to: explain)
    }
    if let truth { reportQuality(scoring.scores.raw, truth) }
  }

  private func scoring(_ input: NumericTable, tasks: Int) async throws -> TableScoring {
    guard let train else {
      let decisions = try labels.map { try TableDecisions.read($0, rows: input.rows) } ?? []
      return try await TableScoring(input, decisions: decisions, tasks: tasks)
    }
    var training = try TableReader.read(train, ignoring: Set(ignore), tasks: tasks)
    if let labelColumn, let parts = training.removing(labelColumn) { training = parts.table }
    return try await TableScoring(
      input, trainedOn: training, calibration: calibration, tasks: tasks)
  }

  private func reportQuality(_ raw: [Double], _ truth: [Double]) {
    guard truth.allSatisfy({ $0 == 0 || $0 == 1 }) else { return }
    let positive = truth.map { $0 == 1 }
    let auroc = RankingQuality.auroc(raw, positive: positive)
    guard !auroc.isNaN else { return }
    let precision = RankingQuality.averagePrecision(raw, positive: positive)
    Console.logger.info(
      "against \(labelColumn ?? ""): AUROC \(Self.decimal(auroc)), AUPRC \(Self.decimal(precision))"
    )
  }

  private static func decimal(_ value: Double) -> String {
    String(format: "%.4f", value)
  }
}

extension DetectionModel.CalibrationMethod: ExpressibleByArgument {}
extension FalseDiscoveryRate.Method: ExpressibleByArgument {}
