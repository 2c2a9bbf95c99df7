/// How well scores put positive rows above negative ones.
public enum RankingQuality {
  /// Area under the receiver operating characteristic: the probability that a positive row scores
  /// above a negative one, ties counting half (Hanley & McNeil 1982). NaN without both kinds.
  public static func auroc(_ scores: [Double], positive: [Bool]) -> Double {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    let positives = positive.count { $0 }
    let negatives = positive.count - positives
    guard positives > 0, negatives > 0 else { return .nan }
    var rankSum = 0.0
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
      let rank = Double(start + end + 1) / 2
      for place in start..<end where positive[order[place]] { rankSum += rank }
      start = end
    }
    let least = Double(positives) * Double(positives + 1) / 2
    return (rankSum - least) / (Double(positives) * Double(negatives))
  }

  /// Average precision: Σ (Rₙ − Rₙ₋₁) Pₙ over the distinct scores, from the largest down: the area
  /// under the precision–recall curve without interpolation. NaN without a positive row.
  public static func averagePrecision(_ scores: [Double], positive: [Bool]) -> Double {
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    let positives = Double(positive.count { $0 })
    guard positives > 0 else { return .nan }
    var found = 0.0
    var area = 0.0
    var start = 0
    while start < order.count {
      var end = start
      var hits = 0.0
      while end < order.count, scores[order[end]] == scores[order[start]] {
        if positive[order[end]] { hits += 1 }
        end += 1
      }
      found += hits
      area += hits / positives * found / Double(end)
      start = end
    }
    return area
  }
}
