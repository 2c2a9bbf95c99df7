/// Why a row scores as it does.
public struct Explanation: Sendable, Equatable {
  /// A column's part of the score.
  public struct Part: Sendable, Equatable {
    public let column: Int
    /// In the unit of the score; at least zero.
    public let amount: Double
    /// The central 90 % of the row's peers.
    public let low: Double
    public let high: Double

    public init(column: Int, amount: Double, low: Double, high: Double) {
      self.column = column
      self.amount = amount
      self.low = low
      self.high = high
    }
  }

  /// All columns' parts, largest first; together they are the score.
  public let parts: [Part]
}

extension Explanation {
  /// Splits a score by shares. The largest part takes what rounding leaves, so that adding the
  /// parts up in their order gives the score, bit by bit, wherever that can be reached.
  init(score: Double, shares: [Double], columns: [Int], scale: PeerScale) {
    let order = shares.indices.sorted { (shares[$1], $0) < (shares[$0], $1) }
    var amounts = order.map { score * shares[$0] }
    if !amounts.isEmpty {
      for _ in 0..<4 {
        let difference = score - amounts.reduce(0, +)
        if difference == 0 { break }
        amounts[0] += difference
      }
    }
    parts = zip(order, amounts).map { place, amount in
      let own = scale.columns[columns[place]]
      return Part(
        column: columns[place], amount: amount, low: own?.low ?? .nan, high: own?.high ?? .nan)
    }
  }
}
