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
  /// Splits a score by shares. Parts are multiples of the score's last bit, and the largest takes
  /// what rounding leaves: added up in any order they are the score, bit by bit.
  init(score: Double, shares: [Double], columns: [Int], scale: PeerScale) {
    let order = shares.indices.sorted { (shares[$1], $0) < (shares[$0], $1) }
    let step = score.ulp
    var amounts = order.map { (score * shares[$0] / step).rounded() * step }
    if !amounts.isEmpty { amounts[0] += score - amounts.reduce(0, +) }
    parts = zip(order, amounts).map { place, amount in
      let own = scale.columns[columns[place]]
      return Part(
        column: columns[place], amount: amount, low: own?.low ?? .nan, high: own?.high ?? .nan)
    }
  }
}
