@testable import Profiles
@testable import Relations

/// SplitMix64 as about normal noise.
struct ComputeNoise {
  var state: UInt64

  mutating func next() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return sum + Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
  }
}

func computeFigure(_ line: ComputeTrace.Line, _ key: String, _ value: Double) -> ComputeTrace.Figure
{
  ComputeTrace.Figure(line: line, key: key, value: value, count: 10)
}

func computeNode(
  _ name: String, model: String = "rtx 4090", devices: Double = 1, cores: Double = 16,
  processor: String? = nil, figures: [ComputeTrace.Figure] = [],
  spans: [ComputeTrace.DeviceSpan] = [],
  runs: [UInt64] = [], firstRun: Int64 = 0, isThrottled: Bool = false, peaks: [Double] = [],
  series: [NodeSeries] = [], change: (inout ComputeTrace) -> Void = { _ in }
) -> NodeProfile {
  var node = node(name)
  node.series = series
  var trace = ComputeTrace(
    models: [model, model], processor: processor,
    claimed: ComputeTrace.Claimed(
      devices: devices, cores: cores, mainMemory: .nan, disk: .nan),
    peaks: peaks, figures: figures, devices: spans, runs: runs.sorted(), firstRun: firstRun,
    isThrottled: isThrottled, isHot: isThrottled)
  change(&trace)
  node.trace = trace
  return node
}
