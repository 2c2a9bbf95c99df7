import Profiles

/// Reasons that only a look across hosts can give: bits 40–47, 54, 55 and 62 of the profile
/// `compute`.
enum ComputeRelationReasons {
  static let clonedDevice = ReasonCode(
    "C4_CLONED_DEVICE", bit: 40, .spoof, .medium, unit: "nodes",
    text: "A GPU that another node reports is at work here too, and this end is the less likely.")
  static let copiedResults = ReasonCode(
    "C5_COPIED_RESULTS", bit: 41, .spoof, .medium, unit: "runs",
    text: "Benchmark runs have results and times that another node gave, to the last digit.")
  static let slowHardware = ReasonCode(
    "C1_SLOW_HARDWARE", bit: 42, .spoof, .medium,
    text: "The hardware performs unlike that of peers who claim the same (share of their median).")
  static let sharedDevice = ReasonCode(
    "C2_RATE_SHARE", bit: 43, .spoof, .medium,
    text: "Each of N devices reaches about one Nth of what peers' devices do.")
  static let jobTime = ReasonCode(
    "C9_JOB_TIME", bit: 44, .spoof, .medium,
    text: "Jobs take more wall time, for the work done in them, than on peers (ratio).")
  static let belowClaim = ReasonCode(
    "C7_BELOW_CLAIM", bit: 45, .spoof, .medium,
    text: "Measurements per processor, memory or disk claimed are far below peers' (ratio).")
  static let sibling = ReasonCode(
    "C11_SIBLING", bit: 46, .spoof, .medium,
    text: "The noise of this host's telemetry or results is another node's (correlation).")
  static let unlikeRuns = ReasonCode(
    "C10_UNLIKE_ANY_RUN", bit: 47, .spoof, .medium,
    text: "Results are better, quicker or steadier than such hardware gives (ratio to peers).")
  static let ownClone = ReasonCode(
    "C4_SAME_OWNER", bit: 54, .spoof, .high, unit: "nodes",
    text: "The owner runs one GPU under several nodes at the same time.")
  static let otherProcessor = ReasonCode(
    "C7_OTHER_PROCESSOR", bit: 55, .spoof, .medium,
    text: "A workload of the processor runs unlike on others of its name (share of their median).")
  static let farWork = ReasonCode(
    "C6_FAR_WORK", bit: 62, .spoof, .medium,
    text: "Benchmarks take longer than their results say, and traffic leaves elsewhere (ratio).")

  static let all = [
    clonedDevice, copiedResults, slowHardware, sharedDevice, jobTime, belowClaim, sibling,
    unlikeRuns, ownClone, otherProcessor, farWork,
  ]
}
