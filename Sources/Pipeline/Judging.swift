import Contributions
import Detection
import Profiles
import Verdicts

/// How the nodes of an epoch are judged: the one way that the nightly run and the verifier share.
public struct Judging: Sendable {
  public let profile: Profile
  public let policy: Policy
  /// `nil` lets the nodes judge each other.
  public let model: TrainedModel?
  public let tasks: Int

  /// - Throws: `DetectionError.otherColumns` for a model of other features than the profile's.
  public init(
    profile: Profile, policy: Policy, model: TrainedModel?, tasks: Int
  ) throws(DetectionError) {
    try model?.checkFeatures(of: profile)
    self.profile = profile
    self.policy = policy
    self.model = model
    self.tasks = tasks
  }

  /// Records below which a node is not judged: the policy's, or else the profile's.
  public var minimumRecords: Int {
    policy.minimumRecords.map { Int($0) } ?? profile.minimumRecords
  }

  /// Comparable nodes below which an epoch without a model compares nobody.
  static let minimumReference = 20

  /// The verdicts on the nodes of an epoch that has no earlier ones.
  ///
  /// - Parameter nodes: every node, in the order of the bytes of their identities.
  /// - Throws: `ExactMathError` where a bound of exact arithmetic would be exceeded,
  ///   `CancellationError`.
  public func verdicts(on nodes: [NodeProfile], epoch: Epoch) async throws -> [Verdict] {
    let clock = StageClock()
    let examination = try await Examination(
      of: nodes, epoch: epoch, profile: profile, policy: policy, throughput: model?.throughput,
      tasks: tasks, clock: clock)
    return try await judgement(of: examination, clock: clock).verdicts
  }

  /// Everything that judging finds.
  func judgement(of examination: Examination, clock: StageClock) async throws -> Judgement {
    let table = try examination.table(minimumRecords: minimumRecords)
    let result = try await clock.measure("score") { try await detect(table) }
    let verdicts = clock.measure("verdicts") {
      self.verdicts(on: examination, table: table, result: result)
    }
    return Judgement(table: table, result: result, verdicts: verdicts)
  }

  private func detect(_ table: FeatureTable) async throws -> DetectionResult {
    if let model { return try await model.detection.detect(table, tasks: tasks) }
    return try await SelfDetection.result(
      fitting: table, recipe: .nodes, minimumReference: Self.minimumReference, tasks: tasks)
  }

  private func verdicts(
    on examination: Examination, table: FeatureTable, result: DetectionResult
  ) -> [Verdict] {
    let judge = Judge(
      policy: policy, features: examination.features, minimumRecords: profile.minimumRecords,
      hasDrifted: NightDrift.hasDrifted(table, since: model))
    let columns = table.columns.count
    return judge.verdicts(
      examination.nodes.indices.map { index in
        Judge.Case(
          profile: examination.nodes[index], findings: examination.findings[index],
          values: Array(table.values[(index * columns)..<((index + 1) * columns)]),
          result: result.rows[index], notes: examination.notes[index] ?? [])
      })
  }
}

/// What judging found of an epoch's nodes.
struct Judgement {
  let table: FeatureTable
  let result: DetectionResult
  /// In node order.
  let verdicts: [Verdict]
}
