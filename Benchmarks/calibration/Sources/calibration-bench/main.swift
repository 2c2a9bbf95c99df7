import Detection
import Foundation

/// The realised false-discovery rate beside the stated one, and the power, with seeds.
///
///     calibration-bench [--quick]

/// How a model is made.
enum Mode: String, CaseIterable {
  case split = "clean, split"
  case cross = "clean, cross"
  case contaminated = "contaminated, split"
}

/// One size of night.
struct Size {
  var rows: Int
  var training: Int
  var models: Int
  var nights: Int
  var distributions: [Distribution]
  var modes: [Mode]
}

let isQuick = CommandLine.arguments.contains("--quick")
let sizes =
  isQuick
  ? [
    Size(
      rows: 200, training: 1500, models: 3, nights: 3, distributions: Distribution.allCases,
      modes: Mode.allCases)
  ]
  : [
    Size(
      rows: 200, training: 6000, models: 6, nights: 8, distributions: Distribution.allCases,
      modes: Mode.allCases),
    Size(
      rows: 1000, training: 6000, models: 6, nights: 3, distributions: Distribution.allCases,
      modes: Mode.allCases),
    Size(
      rows: 10_000, training: 12_000, models: 2, nights: 1,
      distributions: Distribution.allCases, modes: [.split, .contaminated]),
    Size(
      rows: 100_000, training: 60_000, models: 1, nights: 1,
      distributions: [.normal], modes: [.split, .contaminated]),
  ]
let contaminations = [0, 0.01, 0.05, 0.2]
let stated: [(name: String, ppb: Int64)] = [("1 %", 10_000_000), ("10 %", 100_000_000)]

func table(
  _ rows: Int, of distribution: Distribution, contamination: Double,
  _ generator: inout SplitMix64
) throws -> (table: FeatureTable, isSpoofed: [Bool]) {
  let spoofed = Int((Double(rows) * contamination).rounded())
  var values: [Double] = []
  for row in 0..<rows {
    values += row < spoofed ? distribution.spoofedRow(&generator) : distribution.row(&generator)
  }
  let table = try FeatureTable(
    columns: (0..<Distribution.columns).map {
      FeatureTable.Column(name: "x\($0)", resolution: 1e-9, side: .both)
    },
    values: values, groups: Array(repeating: ["all"], count: rows),
    extra: Array(repeating: 0, count: rows), isReference: Array(repeating: true, count: rows))
  return (table, (0..<rows).map { $0 < spoofed })
}

/// Share of honest rows among the rejected, and share of spoofed rows that are.
struct Outcome {
  var falseShare: Double
  var power: Double
}

func outcome(_ q: [Int64], _ isSpoofed: [Bool], at level: Int64) -> Outcome {
  var honest = 0.0
  var found = 0.0
  for (q, isSpoofed) in zip(q, isSpoofed) where q <= level {
    if isSpoofed { found += 1 } else { honest += 1 }
  }
  let spoofed = Double(isSpoofed.count { $0 })
  return Outcome(
    falseShare: honest / max(honest + found, 1), power: spoofed > 0 ? found / spoofed : .nan)
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// The standard error of a mean, over models: nights judged by one model hang together.
func standardError(_ values: [Double]) -> Double {
  guard values.count > 1 else { return .nan }
  let centre = mean(values)
  let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
  return (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
}

func percent(_ value: Double, _ error: Double? = nil) -> String {
  guard !value.isNaN else { return "–" }
  let text = String(format: "%.2f", value * 100)
  guard let error, !error.isNaN else { return text }
  return text + String(format: " ± %.2f", error * 100)
}

print(
  "| rows | trained on | distribution | model | spoofed | FDR at 1 % | power | FDR at 10 % | power |"
)
print("|---:|---:|---|---|---:|---:|---:|---:|---:|")
var exceeded = 0
var all: [Double] = []
for size in sizes {
  for distribution in size.distributions {
    for mode in size.modes {
      var results: [[[Outcome]]] = Array(repeating: [], count: contaminations.count)
      for number in 0..<size.models {
        var generator = SplitMix64(state: UInt64(1000 * number + size.rows))
        var shared: DetectionModel?
        for (place, contamination) in contaminations.enumerated() {
          var model = shared
          if model == nil {
            let training = try table(
              size.training, of: distribution,
              contamination: mode == .contaminated ? contamination : 0, &generator)
            let fitted = try await DetectionModel.fit(
              training.table, recipe: mode == .contaminated ? .contaminated : .clean,
              calibration: mode == .cross ? .cross : .split, tasks: 2)
            if mode != .contaminated { shared = fitted }
            model = fitted
          }
          guard let model else { continue }
          var nights: [[Outcome]] = []
          for _ in 0..<size.nights {
            let night = try table(
              size.rows, of: distribution, contamination: contamination, &generator)
            let q = try await model.score(night.table, tasks: 2).qValues()
            nights.append(stated.map { outcome(q, night.isSpoofed, at: $0.ppb) })
          }
          results[place].append(
            stated.indices.map { level in
              Outcome(
                falseShare: mean(nights.map { $0[level].falseShare }),
                power: mean(nights.map { $0[level].power }))
            })
        }
      }
      for (place, contamination) in contaminations.enumerated() {
        var line =
          "| \(size.rows) | \(size.training) | \(distribution.rawValue) | \(mode.rawValue) "
          + "| \(percent(contamination)) %"
        for level in stated.indices {
          let rates = results[place].map { $0[level].falseShare }
          let error = standardError(rates)
          line +=
            " | \(percent(mean(rates), error)) | \(percent(mean(results[place].map { $0[level].power })))"
          if level == 0 {
            all.append(mean(rates))
            // Two standard errors, and those of a proportion where all models agree by chance.
            let nights = Double(size.models * size.nights)
            let binomial = (0.01 * 0.99 / nights).squareRoot()
            if mean(rates) > 0.01 + 2 * max(error.isNaN ? 0 : error, binomial) { exceeded += 1 }
          }
        }
        print(line + " |")
      }
    }
  }
}
print(
  "\nstated 1 %: realised \(percent(mean(all))) % on average over \(all.count) lines; "
    + "\(exceeded) of them more than two standard errors above 1 %")
