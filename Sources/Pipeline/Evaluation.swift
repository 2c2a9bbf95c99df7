import Bundles
import Detection
import Verdicts

/// How good a bundle's verdicts are, against labels that the pipeline never saw.
public struct Evaluation: Sendable, Encodable {
  /// Quality of the verdicts on one kind of spoofed node.
  public struct Attack: Sendable, Encodable {
    /// The attack's name; `all` for every one together.
    public let attack: String
    /// `easy`, `medium`, `hard`; `all` for every one together.
    public let strength: String
    public let nodes: Int
    /// Shares rejected, and rejected or held.
    public let rejected: Estimate
    public let flagged: Estimate
    /// Nodes that abstained: not found, and not passed either.
    public let abstained: Int
    /// The area under the ROC curve against all honest nodes.
    public let auroc: Estimate
  }

  /// What became of one kind of honest node.
  public struct Honest: Sendable, Encodable {
    /// `sound` or `fault`.
    public let kind: String
    public let nodes: Int
    public let rejected: Estimate
    public let held: Estimate
    public let abstained: Int
  }

  public let profile: String
  public let epoch: UInt64
  public let nodes: Int
  /// Verdicts without a label, and labels without a verdict.
  public let unlabelled: Int
  public let absent: Int
  public let auroc: Estimate
  public let averagePrecision: Estimate
  /// Of all rejected nodes, the share that is honest: what the policy states a limit for.
  public let falseDiscoveryRate: Estimate
  /// Of all rejected or held nodes, the share that is spoofed.
  public let flaggedPrecision: Estimate
  public let honest: [Honest]
  /// First all together, then each attack, then each attack at each strength.
  public let attacks: [Attack]
  /// Honest nodes that were rejected, for a look at each.
  public let wronglyRejected: [String]

  /// - Throws: `BundleError`; `PipelineError` for labels that are none, or that name no node of the
  ///   bundle.
  public init(of bundle: BundleReader, labels path: String) throws {
    var labels: [[UInt8]: LabelFile.Entry] = [:]
    for entry in try LabelFile(path: path, key: "node").entries {
      labels[Array(entry.key.utf8)] = entry
    }
    let predicate = try bundle.statement().predicate
    var judged: [JudgedNode] = []
    var unlabelled = 0
    try bundle.forEachVerdictLine { line throws(BundleError) in
      let verdict = try VerdictRecord(line: line).verdict
      if let label = labels.removeValue(forKey: Array(verdict.node.utf8)) {
        judged.append(JudgedNode(verdict, label))
      } else {
        unlabelled += 1
      }
      return true
    }
    guard !judged.isEmpty else {
      throw PipelineError.badLabels(path: path, reason: "no node of the bundle is in it")
    }
    self.init(
      profile: predicate.profile, epoch: predicate.epoch, judged: judged, unlabelled: unlabelled,
      absent: labels.count)
  }

  init(profile: String, epoch: UInt64, judged: [JudgedNode], unlabelled: Int, absent: Int) {
    self.profile = profile
    self.epoch = epoch
    nodes = judged.count
    self.unlabelled = unlabelled
    self.absent = absent
    let scores = judged.map(\.score)
    let spoofed = judged.map(\.isSpoofed)
    auroc = .auroc(scores, positive: spoofed)
    averagePrecision = .averagePrecision(scores, positive: spoofed)
    let rejected = judged.filter { $0.outcome == .reject }
    falseDiscoveryRate = .share(rejected.count { !$0.isSpoofed }, of: rejected.count)
    let flagged = judged.filter(\.isFlagged)
    flaggedPrecision = .share(flagged.count { $0.isSpoofed }, of: flagged.count)
    honest = [("sound", false), ("fault", true)].compactMap { kind, isFaulty in
      Honest(kind: kind, judged.filter { !$0.isSpoofed && $0.isFaulty == isFaulty })
    }
    attacks = Self.attacks(judged)
    wronglyRejected = rejected.filter { !$0.isSpoofed }.map(\.node)
  }

  private static func attacks(_ judged: [JudgedNode]) -> [Attack] {
    let honest = judged.filter { !$0.isSpoofed }
    let spoofed = judged.filter(\.isSpoofed)
    let all = Attack(attack: "all", strength: "all", spoofed, honest: honest)
    let byStrength = Dictionary(grouping: spoofed, by: \.strength)
    var rows = [all]
    if byStrength.count > 1 {
      rows += Self.strengths(byStrength.keys).map {
        Attack(attack: "all", strength: $0, byStrength[$0] ?? [], honest: honest)
      }
    }
    let byAttack = Dictionary(grouping: spoofed, by: \.attack)
    for attack in byAttack.keys.sorted(by: Self.inNumberOrder) {
      let nodes = byAttack[attack] ?? []
      rows.append(Attack(attack: attack, strength: "all", nodes, honest: honest))
      let strengths = Dictionary(grouping: nodes, by: \.strength)
      guard Set(strengths.keys) != [""] else { continue }
      rows += Self.strengths(strengths.keys).map {
        Attack(attack: attack, strength: $0, strengths[$0] ?? [], honest: honest)
      }
    }
    return rows
  }

  private static func strengths(_ names: some Sequence<String>) -> [String] {
    let order = ["easy", "medium", "hard"]
    return names.sorted {
      (order.firstIndex(of: $0) ?? 3, $0) < (order.firstIndex(of: $1) ?? 3, $1)
    }
  }

  /// `W2` before `W10`.
  private static func inNumberOrder(_ one: String, _ other: String) -> Bool {
    func key(_ code: String) -> (Substring, Int) {
      let letters = code.prefix { !$0.isNumber }
      return (letters, Int(code.dropFirst(letters.count).prefix { $0.isNumber }) ?? 0)
    }
    let (a, b) = (key(one), key(other))
    return (a.0, a.1, one) < (b.0, b.1, other)
  }
}

/// A verdict beside what its node really was.
struct JudgedNode {
  let node: String
  let outcome: Outcome
  let score: Double
  let isSpoofed: Bool
  let attack: String
  let strength: String

  var isFaulty: Bool { !isSpoofed && attack == "fault" }
  var isFlagged: Bool { outcome == .reject || outcome == .hold }

  init(_ verdict: Verdict, _ label: LabelFile.Entry) {
    node = verdict.node
    outcome = verdict.outcome
    score = Double(verdict.rawMicro)
    isSpoofed = label.isSpoofed
    attack = label.attack
    strength = label.strength
  }
}

extension Evaluation.Attack {
  init(attack: String, strength: String, _ nodes: [JudgedNode], honest: [JudgedNode]) {
    self.attack = attack.isEmpty ? "unnamed" : attack
    self.strength = strength.isEmpty ? "unnamed" : strength
    self.nodes = nodes.count
    rejected = .share(nodes.count { $0.outcome == .reject }, of: nodes.count)
    flagged = .share(nodes.count { $0.isFlagged }, of: nodes.count)
    abstained = nodes.count { $0.outcome == .abstain }
    auroc = .auroc(
      nodes.map(\.score) + honest.map(\.score),
      positive: nodes.map { _ in true } + honest.map { _ in false })
  }
}

extension Evaluation.Honest {
  /// `nil` where there are none.
  init?(kind: String, _ nodes: [JudgedNode]) {
    guard !nodes.isEmpty else { return nil }
    self.kind = kind
    self.nodes = nodes.count
    rejected = .share(nodes.count { $0.outcome == .reject }, of: nodes.count)
    held = .share(nodes.count { $0.outcome == .hold }, of: nodes.count)
    abstained = nodes.count { $0.outcome == .abstain }
  }
}
