import Bundles
import Pipeline
import Profiles
import Verdicts

/// A network's features and rules; `Profile.named("wireless")` is one that comes with Assay.
public typealias Profile = Profiles.Profile
/// How scores, rules and relations become verdicts.
public typealias Policy = Verdicts.Policy
/// A model file, read.
public typealias TrainedModel = Pipeline.TrainedModel
/// One reason of a node's verdict.
public typealias Reason = Verdicts.Reason

/// What an answer is for.
public enum VerifyMode: String, Sendable, CaseIterable {
  /// The coordinator acts on the answer.
  case enforce = "ENFORCE"
  /// The answer is looked at and never paid on.
  case shadow = "SHADOW"
}

/// Whether an item could be judged.
public enum ItemStatus: String, Sendable, CaseIterable {
  /// It was: there is an outcome.
  case ok = "OK"
  /// Not this time; the same request may be judged later.
  case transient = "TRANSIENT"
  /// Never: its records cannot be judged as they are.
  case invalidInput = "INVALID_INPUT"
  /// This verifier has no such profile.
  case unsupported = "UNSUPPORTED"
}

/// What a coordinator does with a contribution.
public enum ItemOutcome: String, Sendable, CaseIterable {
  case pass = "PASS"
  /// Hold the reward for a person's look.
  case flag = "FLAG"
  case fail = "FAIL"
  /// Too little evidence to judge; never a pass.
  case abstain = "ABSTAIN"

  init(_ verdict: Verdicts.Outcome) {
    self =
      switch verdict {
      case .accept: .pass
      case .hold: .flag
      case .reject: .fail
      case .abstain: .abstain
      }
  }

  /// The verdict of the nightly run that it stands for: `accept`, `hold`, `reject`, `abstain`.
  public var verdict: String {
    switch self {
    case .pass: Verdicts.Outcome.accept.rawValue
    case .flag: Verdicts.Outcome.hold.rawValue
    case .fail: Verdicts.Outcome.reject.rawValue
    case .abstain: Verdicts.Outcome.abstain.rawValue
    }
  }

  /// The larger is the worse: FAIL > FLAG > ABSTAIN > PASS.
  var weight: Int {
    switch self {
    case .pass: 0
    case .abstain: 1
    case .flag: 2
    case .fail: 3
    }
  }
}
