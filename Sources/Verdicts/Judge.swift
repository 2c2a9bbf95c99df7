import Detection
import Profiles

/// Applies the policy: one verdict per node.
public struct Judge: Sendable {
  let policy: Policy
  let features: [FeatureSpec]
  let minimumRecords: Int
  /// Whether the night's features are no longer those that the model was trained on.
  let hasDrifted: Bool

  /// - Parameters:
  ///   - features: the columns that detection saw, in its order.
  ///   - minimumRecords: the profile's, where the policy names none.
  public init(
    policy: Policy, features: [FeatureSpec], minimumRecords: Int, hasDrifted: Bool = false
  ) {
    self.policy = policy
    self.features = features
    self.hasDrifted = hasDrifted
    self.minimumRecords = policy.minimumRecords.map { Int($0) } ?? minimumRecords
  }

  /// Share of the strangeness below which a measurement is no reason.
  static let smallestShare = 0.01

  /// Everything known of one node.
  public struct Case: Sendable {
    public var profile: NodeProfile
    /// The profile's and the relations', guarded.
    public var findings: [RuleFinding]
    /// The columns detection saw.
    public var values: [Double]
    public var result: RowResult
    /// What is told and counts for nothing.
    public var notes: [RuleFinding]

    public init(
      profile: NodeProfile, findings: [RuleFinding], values: [Double], result: RowResult,
      notes: [RuleFinding] = []
    ) {
      self.profile = profile
      self.findings = findings
      self.values = values
      self.result = result
      self.notes = notes
    }
  }

  /// The verdicts of an epoch, in the order of the cases. q-values are over all of them, those
  /// that abstain included, whose p-value counts as one: they are no discoveries, and whoever adds
  /// strange nodes of few records must not make it easier to reject others.
  public func verdicts(_ cases: [Case]) -> [Verdict] {
    func partsPerBillion(_ one: Case, _ value: Calibration.PValue?) -> Int64 {
      guard one.profile.recordCount >= minimumRecords, let value else { return 1_000_000_000 }
      return value.partsPerBillion
    }
    let p = cases.map { partsPerBillion($0, $0.result.pValue) }
    let measuredP = cases.map { partsPerBillion($0, $0.result.ensemblePValue) }
    let method: FalseDiscoveryRate.Method =
      policy.assumesNoIndependence ? .benjaminiYekutieli : .benjaminiHochberg
    let stated = FalseDiscoveryRate.qValues(p, .benjaminiHochberg)
    let q = FalseDiscoveryRate.qValues(p, method)
    let measuredQ = FalseDiscoveryRate.qValues(measuredP, method)
    return cases.indices.map { index in
      let one = cases[index]
      return Verdict(
        node: one.profile.node,
        group: one.result.pValue?.group ?? one.profile.groups.last ?? NodeProfile.everyone,
        outcome: outcome(one, qPpb: q[index], measuredQPpb: measuredQ[index]),
        rawMicro: Micro.of(one.result.strangeness),
        pPpb: p[index], qPpb: stated[index], unitsMicro: one.profile.unitsMicro,
        evidence: one.profile.evidence, reasons: reasons(one))
    }
  }

  /// Too little evidence abstains before anything else. An established rule of high severity
  /// rejects. A small q-value rejects when it stands without the findings, so that what may only
  /// hold does not reject through it; when the node was compared with its own narrowest group, so
  /// that hardware the reference never saw is not taken for a lie; and when no fault explains it.
  private func outcome(_ one: Case, qPpb: Int64, measuredQPpb: Int64) -> Outcome {
    guard one.profile.recordCount >= minimumRecords else { return .abstain }
    let established = one.findings.filter(\.isEstablished)
    if established.contains(where: { $0.accuses && $0.reason.severity == .high }) { return .reject }
    let isExcused = established.contains { $0.reason.reasonClass == .fault || $0.isAlarm }
    if max(qPpb, measuredQPpb) <= policy.rejectQPpb {
      let isAmongPeers = one.result.pValue?.group == one.profile.groups.first
      let isBeyondModel = !isAmongPeers || (hasDrifted && policy.driftHolds)
      return isExcused || isBeyondModel ? .hold : .reject
    }
    let holds = established.contains { $0.reason.severity >= .medium }
    if qPpb <= policy.holdQPpb || holds { return .hold }
    return one.result.pValue == nil ? .abstain : .accept
  }

  private func reasons(_ one: Case) -> [Reason] {
    var reasons: [Reason] = []
    if one.profile.recordCount < minimumRecords {
      reasons.append(
        Reason(
          .tooFewRecords, share: 0, observed: Double(one.profile.recordCount),
          low: Double(minimumRecords)))
    } else if one.result.pValue == nil {
      reasons.append(Reason(.tooFewPeers, share: 0))
    }
    let whole = max(one.result.strangeness, 1e-9)
    for finding in one.findings where finding.isEstablished {
      reasons.append(
        Reason(
          finding.reason, share: finding.strangeness / whole, observed: finding.observed,
          low: finding.low, high: finding.high, peers: finding.peers))
      reasons[reasons.count - 1].feature = finding.check
    }
    for part in one.result.parts
    where !one.values[part.column].isNaN && part.amount >= whole * Self.smallestShare {
      let spec = features[part.column]
      var reason = Reason(
        .unusual, share: part.amount / whole, observed: one.values[part.column],
        low: part.low, high: part.high)
      reason.feature = spec.name
      reason.unit = spec.unit.isEmpty ? nil : spec.unit
      reasons.append(reason)
    }
    for note in one.notes {
      reasons.append(
        Reason(note.reason, share: 0, observed: note.observed, low: note.low, high: note.high))
    }
    // A stable order: equal shares stay in the order above.
    return reasons.enumerated().sorted {
      ($1.element.sharePpm, $0.offset) < ($0.element.sharePpm, $1.offset)
    }.map(\.element)
  }
}

extension RuleFinding {
  /// Whether it is the check that failed.
  var isAlarm: Bool { reason.reasonClass == .verifier }
}

extension Reason {
  init(
    _ reason: ReasonCode, share: Double, observed: Double? = nil, low: Double? = nil,
    high: Double? = nil, peers: [String] = []
  ) {
    // Infinite strangeness has no shares: ∞ / ∞.
    let ppm = share.isNaN ? 0 : min(max((share * 1_000_000).rounded(.down), 0), 1_000_000)
    self.init(
      code: reason.code, reasonClass: reason.reasonClass.rawValue, sharePpm: Int64(ppm),
      observedMicro: observed.flatMap(Self.reported), lowMicro: low.flatMap(Self.reported),
      highMicro: high.flatMap(Self.reported), unit: reason.unit.isEmpty ? nil : reason.unit,
      peers: peers)
  }

  private static func reported(_ value: Double) -> Int64? {
    value.isNaN ? nil : Micro.of(value)
  }
}
