/// The reason table of the profile `storage`. Bits 8–39 are here: rules' own, and those that
/// relations give besides theirs at 40–47.
package enum StorageReasons {
  static let constantTime = ReasonCode(
    "S3_CONSTANT_TTFB", bit: 8, .spoof, .high, unit: "ms",
    text:
      "Several checkers measured the same time to first byte to the last digit, again and again."
  )
  static let regularTime = ReasonCode(
    "S3_REGULAR_TTFB", bit: 9, .spoof, .medium,
    text: "Times to first byte vary less than any network lets them (deviation of the logarithm).")
  static let repeatedPair = ReasonCode(
    "S3_REPEATED_TIMES", bit: 10, .spoof, .medium, unit: "retrievals",
    text: "Retrievals repeat the times of earlier ones to the last digit.")
  static let exactRate = ReasonCode(
    "S3_EXACT_RATE", bit: 11, .spoof, .medium,
    text: "Bytes and times follow from each other more exactly than any line is steady.")
  static let capacity = ReasonCode(
    "S2_CAPACITY", bit: 12, .spoof, .high,
    text: "The node claims more than all of its drives hold (claimed over listed capacity).")
  static let capacityDoubt = ReasonCode(
    "S2_CAPACITY_DOUBT", bit: 13, .spoof, .medium,
    text: "The claimed capacity is beyond that of the drives listed (claimed over listed).")
  static let capacityRounded = ReasonCode(
    "S2_CAPACITY_ROUNDED", bit: 14, .spoof, .low,
    text: "The claimed capacity is a little beyond that of the drives listed (claimed over listed)."
  )
  static let fewerDrives = ReasonCode(
    "S2_FEWER_DRIVES", bit: 15, .spoof, .high, unit: "drives",
    text: "The node never listed more than half of the drives it claims.")
  static let missingDrives = ReasonCode(
    "S2_MISSING_DRIVES", bit: 16, .spoof, .medium, unit: "drives",
    text: "The node listed fewer drives than it claims.")
  static let bimodalProofs = ReasonCode(
    "S5_BIMODAL_PROOFS", bit: 17, .spoof, .medium,
    text: "Proofs come in two kinds, prompt and late, in turns: two places make them (Ashman's D).")

  static let impossible = ReasonCode(
    "S3_IMPOSSIBLE_TIMES", bit: 20, .spoof, .high, unit: "retrievals",
    text: "Retrievals end before they begin, or are faster than any line.")
  static let otherContent = ReasonCode(
    "S3_OTHER_CONTENT", bit: 21, .spoof, .medium, unit: "retrievals",
    text: "The node served other bytes under a content's name than other nodes do.")
  static let sharedFaults = ReasonCode(
    "S1_SHARED_FAULTS", bit: 22, .spoof, .low, unit: "episodes",
    text: "The node fails in the same minutes as others, and nobody else does.")
  static let separateProofs = ReasonCode(
    "S5_SEPARATE_PROOFS", bit: 23, .spoof, .medium,
    text: "Proofs fall in two kinds, unlike those of other nodes (Ashman's D).")

  static let offline = ReasonCode(
    "F_OFFLINE", bit: 30, .fault, .medium,
    text: "Audits often found the node offline (share).")
  static let failedAudits = ReasonCode(
    "F_FAILED_AUDITS", bit: 31, .fault, .medium,
    text: "Audits found data missing or damaged (share).")
  static let unknownAudits = ReasonCode(
    "V_UNKNOWN_AUDITS", bit: 32, .verifier, .medium,
    text: "Many audits ended without a result, which tells nothing of the node (share).")
  static let unreachable = ReasonCode(
    "F_UNREACHABLE", bit: 33, .fault, .medium,
    text: "Most checkers could not read from the node most of the time (share).")
  static let invalidProofs = ReasonCode(
    "F_INVALID_PROOFS", bit: 34, .fault, .medium,
    text: "Proofs of storage did not verify (share).")
  static let driveErrors = ReasonCode(
    "F_DRIVE_ERRORS", bit: 35, .fault, .medium, unit: "errors",
    text: "A drive counts new errors.")
  static let missingDrive = ReasonCode(
    "F_MISSING_DRIVE", bit: 36, .fault, .medium, unit: "drives",
    text: "One of the claimed drives is not listed: dead, or taken out.")
  static let genericIdentity = ReasonCode(
    "F_GENERIC_ID", bit: 37, .fault, .low, unit: "records",
    text: "Drives report a placeholder for an identity.")
  static let failingChecker = ReasonCode(
    "F_FAILING_CHECKER", bit: 38, .fault, .medium,
    text: "As a checker the node fails where others succeed, whomever it checks (share).")

  /// Those that the profile's relation gives and no rule does.
  static let ofRelations: [ReasonCode] = [
    impossible, otherContent, sharedFaults, separateProofs, failingChecker,
  ]
}

extension ReasonCode {
  package static var storageImpossible: ReasonCode { StorageReasons.impossible }
  package static var storageOtherContent: ReasonCode { StorageReasons.otherContent }
  package static var storageSharedFaults: ReasonCode { StorageReasons.sharedFaults }
  package static var storageSeparateProofs: ReasonCode { StorageReasons.separateProofs }
  package static var storageFailingChecker: ReasonCode { StorageReasons.failingChecker }
}
