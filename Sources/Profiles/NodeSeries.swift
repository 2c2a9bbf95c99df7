/// One measurement of a node over time, on a grid that its channel shares over all nodes.
public struct NodeSeries: Sendable, Equatable {
  /// What was measured, such as `temp_c`: series compare only within one channel.
  public let channel: String
  /// Number of the first step since 1970-01-01 UTC: the steps of two nodes meet by number.
  public let firstStep: Int64
  /// ms per step.
  public let step: Int64
  /// One value per step; NaN where nothing was measured.
  public let values: [Float]

  public init(channel: String, firstStep: Int64, step: Int64, values: [Float]) {
    self.channel = channel
    self.firstStep = firstStep
    self.step = step
    self.values = values
  }

  /// The mean of what was measured in each step; `nil` where nothing was, or where the readings
  /// span more than `maximumSteps` (then it starts at the first reading and is cut).
  ///
  /// - Parameters:
  ///   - times: ms since 1970-01-01 UTC, ascending.
  ///   - values: one per time; NaN is left out.
  public init?(
    channel: String, step: Int64, times: [Int64], values: [Double], maximumSteps: Int = 2048
  ) {
    guard let first = zip(times, values).first(where: { !$0.1.isNaN })?.0, step > 0 else {
      return nil
    }
    let firstStep = first >= 0 ? first / step : -((step - 1 - first) / step)
    var sums: [Double] = []
    var counts: [Int32] = []
    for (time, value) in zip(times, values) where !value.isNaN && time >= first {
      let place = Int(time / step - firstStep)
      guard place >= 0, place < maximumSteps else { continue }
      while sums.count <= place {
        sums.append(0)
        counts.append(0)
      }
      sums[place] += value
      counts[place] += 1
    }
    self.init(
      channel: channel, firstStep: firstStep, step: step,
      values: zip(sums, counts).map { $1 == 0 ? .nan : Float($0 / Double($1)) })
  }
}
