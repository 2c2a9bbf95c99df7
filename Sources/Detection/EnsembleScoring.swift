import ExactMath

/// Detector scores of a whole table, gathered from one ensemble or from several folds'.
struct DetectorScores {
  var byDetector: [[Double]]
  /// Which ensemble scored each row; −1 where none could.
  var scoredBy: [Int]
  /// Each detector's shares per row, over the columns active in the ensemble that scored it.
  private var shares: [[[Double]]]

  init(rows: Int) {
    byDetector = Ensemble.detectors.map { _ in [Double](repeating: 0, count: rows) }
    scoredBy = Array(repeating: -1, count: rows)
    shares = Array(repeating: [], count: rows)
  }

  mutating func take(_ scores: Ensemble.Scores, rows: [Int], ensemble: Int, columns: Int) {
    for (place, row) in rows.enumerated() {
      scoredBy[row] = ensemble
      for detector in byDetector.indices {
        byDetector[detector][row] = scores.byDetector[detector][place]
      }
      shares[row] = scores.shares.map { Array($0[(place * columns)..<((place + 1) * columns)]) }
    }
  }

  /// The mean surprise of the detectors.
  func ensembleScore(_ row: Int, tails: [TailSurprise]) -> Double {
    guard scoredBy[row] >= 0 else { return 0 }
    return surprises(row, tails: tails).reduce(0, +) / Double(tails.count)
  }

  private func surprises(_ row: Int, tails: [TailSurprise]) -> [Double] {
    zip(byDetector, tails).map { scores, tail in tail(scores[row]) }
  }

  /// The columns with the largest parts of a row's ensemble score: each detector's surprise, split
  /// by its shares.
  func parts(
    _ row: Int, tails: [TailSurprise], ensembles: [Ensemble], groups: [String]
  ) -> [RowResult.Part] {
    guard scoredBy[row] >= 0 else { return [] }
    let ensemble = ensembles[scoredBy[row]]
    let scale = ensemble.scales.scale(for: groups)
    let surprises = surprises(row, tails: tails)
    var amounts = [Double](repeating: 0, count: ensemble.activeColumns.count)
    for (detector, surprise) in surprises.enumerated() {
      for place in amounts.indices {
        amounts[place] += surprise / Double(tails.count) * shares[row][detector][place]
      }
    }
    let largest = amounts.indices.sorted { (amounts[$1], $0) < (amounts[$0], $1) }
    return largest.prefix(RowResult.keptParts).filter { amounts[$0] > 0 }.map { place in
      let column = ensemble.activeColumns[place]
      return RowResult.Part(
        column: column, amount: amounts[place], low: scale.low[column], high: scale.high[column])
    }
  }
}
