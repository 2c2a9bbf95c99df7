/// The reason table of the profile `compute`. Bits 8–39 are rules'; those of
/// relations follow.
enum ComputeReasons {
  static let capability = ReasonCode(
    "C1_COMPUTE_CAPABILITY", bit: 8, .spoof, .high,
    text: "The driver's compute capability is that of another chip than the claimed model's.")
  static let capabilityDoubt = ReasonCode(
    "C1_COMPUTE_CAPABILITY_DOUBT", bit: 9, .spoof, .medium,
    text: "A reported compute capability does not fit the claimed model, once or on part of a host."
  )
  static let driverName = ReasonCode(
    "C1_DRIVER_NAME", bit: 10, .spoof, .high,
    text: "The driver names a lesser product than the claim (peak over the claimed peak).")
  static let driverNameDoubt = ReasonCode(
    "C1_DRIVER_NAME_DOUBT", bit: 11, .spoof, .medium,
    text: "The driver names another product or form of it than the claim (peak over claimed peak).")
  static let multiprocessors = ReasonCode(
    "C1_SM_COUNT", bit: 12, .spoof, .high,
    text: "The device has fewer multiprocessors than any variant of the claimed model.")
  static let multiprocessorsDoubt = ReasonCode(
    "C1_SM_COUNT_DOUBT", bit: 13, .spoof, .medium,
    text: "The number of multiprocessors does not fit the claimed model.")
  static let slice = ReasonCode(
    "C3_SLICE", bit: 14, .spoof, .high, unit: "MB",
    text: "The device has far less memory than any variant of the claimed model: a part of a card.")
  static let memory = ReasonCode(
    "C1_VRAM", bit: 15, .spoof, .medium, unit: "MB",
    text: "The device's memory fits no variant of the claimed model; cards can be modified.")
  static let mixture = ReasonCode(
    "C1_VARIANT_MIX", bit: 16, .spoof, .medium, unit: "MB",
    text: "Memory, capability and multiprocessors belong to different variants of the model.")
  static let memoryClaim = ReasonCode(
    "C7_VRAM_CLAIM", bit: 17, .spoof, .medium, unit: "MB",
    text: "The devices have less memory than the host claims.")
  static let fewerDevices = ReasonCode(
    "C2_FEWER_DEVICES", bit: 18, .spoof, .high, unit: "devices",
    text: "The host never showed more than half of the devices it claims.")
  static let missingDevice = ReasonCode(
    "C2_MISSING_DEVICE", bit: 19, .spoof, .medium, unit: "devices",
    text: "The host showed fewer devices than it claims.")
  static let sameIdentity = ReasonCode(
    "C2_SAME_UUID", bit: 20, .spoof, .high, unit: "sweeps",
    text: "One GPU was listed under several device numbers at once.")
  static let sharedRate = ReasonCode(
    "C2_SHARED_RATE", bit: 21, .spoof, .medium,
    text:
      "Devices slow each other down like one card (slope of log result over log devices)."
  )
  static let repeatedResult = ReasonCode(
    "C5_REPEATED_RESULT", bit: 22, .spoof, .high, unit: "runs",
    text: "Benchmark runs gave the same result in the same time to the last digit.")
  static let repeatedValue = ReasonCode(
    "C5_REPEATED_VALUE", bit: 23, .spoof, .medium, unit: "runs",
    text:
      "Benchmark runs gave the same result to the last digit; their times cannot tell them apart.")
  static let reusedNonce = ReasonCode(
    "C5_REUSED_NONCE", bit: 24, .spoof, .high, unit: "runs",
    text: "An earlier challenge and its result were handed in again.")
  static let repeatedAnswer = ReasonCode(
    "C5_REPEATED_ANSWER", bit: 25, .spoof, .medium, unit: "runs",
    text: "Different challenges were answered with the same result.")
  static let proxy = ReasonCode(
    "C6_PROXY", bit: 26, .spoof, .medium,
    text: "Round trips have two kinds of delay in turn, as of work that is passed on elsewhere.")
  static let egress = ReasonCode(
    "C6_EGRESS", bit: 27, .spoof, .low,
    text: "Traffic leaves from another network than advertised.")
  static let selective = ReasonCode(
    "C8_SELECTIVE", bit: 28, .spoof, .medium,
    text: "Organic results differ from trusted re-runs more often than audits do.")
  static let selectiveProven = ReasonCode(
    "C8_SELECTIVE_PROVEN", bit: 29, .spoof, .high,
    text: "Audits were right and organic results wrong, hour after hour.")
  static let runTime = ReasonCode(
    "C9_RUN_TIME", bit: 30, .spoof, .medium, unit: "jobs",
    text: "Most jobs took much longer than they should, with little processor time.")
  static let powerAtLoad = ReasonCode(
    "C9_POWER_AT_LOAD", bit: 31, .spoof, .medium, unit: "W",
    text: "The devices report full load at idle power.")
  static let throttling = ReasonCode(
    "F_THROTTLING", bit: 32, .fault, .medium, unit: "MHz",
    text: "The device runs far below its clock because it is hot.")
  static let genericIdentity = ReasonCode(
    "F_GENERIC_ID", bit: 33, .fault, .medium, unit: "inventories",
    text: "The driver reports a placeholder for the GPU's identity.")
  static let zeroMemory = ReasonCode(
    "F_ZERO_VRAM", bit: 34, .fault, .medium, unit: "MB",
    text: "The driver reports no memory.")
  static let wrongResults = ReasonCode(
    "F_WRONG_RESULTS", bit: 35, .fault, .medium,
    text: "Many of the checked results differ from trusted re-runs, audits' too.")
  static let processorName = ReasonCode(
    "C7_CPU_CORES", bit: 36, .spoof, .medium, unit: "cores",
    text: "The host claims more processor cores than the processor it names has.")
  static let twinDevices = ReasonCode(
    "C2_TWIN_DEVICES", bit: 37, .spoof, .medium,
    text: "The noise in the power of two devices is the same, as of one card shown twice.")
  static let twoRates = ReasonCode(
    "C11_TWO_RATES", bit: 39, .spoof, .low,
    text: "Results change in turn between a rate and about half of it, as on a card in use twice.")
  static let auditTimes = ReasonCode(
    "C8_AUDIT_TIMES", bit: 38, .spoof, .medium,
    text: "Organic jobs take another time than audits do (ln of the ratio, both over expected).")
}
