import Contributions

extension Profile {
  /// GPU and CPU work: rendering, AI, general.
  ///
  /// A unit is one hour of a device's accepted work: elapsed time of jobs that no trusted re-run
  /// contradicted. Benchmarks are how a host shows what it is, not a contribution.
  public static let compute = Profile(
    schema: .compute,
    features: ComputeFeatures.hardware + ComputeFeatures.benchmarks + ComputeFeatures.work
      + ComputeFeatures.operation,
    rules: ComputeRules.hardware + ComputeRules.devices + ComputeRules.benchmarks
      + ComputeRules.work + ComputeRules.faults,
    unitName: "device hours",
    // A claim, and twice what it can be held against.
    minimumRecords: 3,
    evidence: { ComputeEvidence($0) }, groups: \.groups, units: \.jobs.acceptedHours,
    comparables: \.comparables, series: \.series, trace: { ComputeTrace($0) },
    memory: MemorySpec(
      channels: ComputeTrace.channelSteps.map { ComputeTrace.stateChannel + String($0) },
      tokens: [("benchmark", "nonce"), ("job", "job_id")]))
}
