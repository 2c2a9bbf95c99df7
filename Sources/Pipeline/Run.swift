import Bundles
import Contributions
import Crypto
import Detection
import Ingestion
import Ledger
import Profiles
import Relations
import Verdicts

/// What a run is told.
public struct RunSettings: Sendable {
  public var profile: Profile
  public var logs: [LogFile]
  public var selection: EpochSelection
  public var model: TrainedModel?
  public var policy: Policy
  /// Bytes that the run may take for records.
  public var memoryLimit: Int
  public var tasks: Int
  /// Where earlier epochs are remembered; `nil` to judge the epoch by itself.
  public var state: StateFolder?
  /// The number of the bundle among those of its epoch; above zero where a root that a ledger took
  /// was revoked and the epoch is judged again.
  public var revision: UInt32

  public init(
    profile: Profile, logs: [LogFile], selection: EpochSelection, model: TrainedModel?,
    policy: Policy, memoryLimit: Int, tasks: Int, state: StateFolder? = nil, revision: UInt32 = 0
  ) {
    self.profile = profile
    self.logs = logs
    self.selection = selection
    self.model = model
    self.policy = policy
    self.memoryLimit = memoryLimit
    self.tasks = tasks
    self.state = state
    self.revision = revision
  }
}

/// What a run makes.
public struct RunResult: Sendable {
  public let contents: BundleContents
  /// What to keep of the epoch for later ones; `nil` without state.
  public let memory: EpochMemory?
}

/// Logs in, the contents of a bundle out.
public struct Run: Sendable {
  public let settings: RunSettings
  public let clock = StageClock()

  public init(_ settings: RunSettings) {
    self.settings = settings
  }

  /// The contents of the bundle alone.
  ///
  /// - Throws: as `result(progress:)`.
  public func contents(
    progress: IngestionProgress = IngestionProgress()
  ) async throws -> BundleContents {
    try await result(progress: progress).contents
  }

  /// Reads the logs and judges every node.
  ///
  /// - Throws: `IngestionError`, `DetectionError`, `StateError`, or `ExactMathError` where a bound
  ///   of exact arithmetic would be exceeded.
  public func result(
    progress: IngestionProgress = IngestionProgress()
  ) async throws -> RunResult {
    let judging = try Judging(
      profile: settings.profile, policy: settings.policy, model: settings.model,
      tasks: settings.tasks)
    let reader = LogReader(
      schema: settings.profile.schema, selection: settings.selection,
      memoryLimit: settings.memoryLimit, tasks: settings.tasks)
    let start = ContinuousClock.now
    let log = try await reader.read(settings.logs, progress: progress)
    clock.record("parse", since: start, bytes: progress.bytes.read)
    let examination = try await Examination(
      log, profile: settings.profile, policy: settings.policy,
      throughput: settings.model?.throughput, state: settings.state, tasks: settings.tasks,
      clock: clock)
    let judgement = try await judging.judgement(of: examination, clock: clock)
    let verdicts = judgement.verdicts
    let quarantine = try log.quarantined()
    let contents = clock.measure("report") {
      var contents = BundleContents(
        profile: settings.profile.name, epoch: UInt64(clamping: log.epoch.day),
        revision: settings.revision,
        verdicts: verdicts,
        reasons: settings.profile.reasons + Relations.reasons(for: settings.profile.schema)
          + (settings.state == nil ? [] : ReasonCode.history),
        books: log.books, quarantine: quarantine, policy: settings.policy,
        model: identity(of: judgement.result), reports: [:])
      let report = Reporting(
        contents: contents, examination: examination, table: judgement.table,
        model: settings.model, epoch: log.epoch, selection: settings.selection)
      contents.reports = report.files()
      return contents
    }
    let memory = settings.state.map { _ in
      EpochMemory(
        epoch: log.epoch.day, nodes: examination.nodes,
        featureNames: examination.features.map(\.name),
        features: zip(examination.nodes, examination.relations.features).map { $0.features + $1 },
        verdicts: verdicts.map { VerdictCode($0.outcome).rawValue },
        channels: settings.profile.memory.channels, before: examination.lastMemory)
    }
    return RunResult(contents: contents, memory: memory)
  }

  private func identity(of result: DetectionResult) -> BundleContents.ModelIdentity {
    if let model = settings.model {
      return BundleContents.ModelIdentity(
        name: model.name, version: model.version, digest: model.digest)
    }
    var file = Safetensors()
    result.store(in: &file)
    return BundleContents.ModelIdentity(
      name: Self.selfFit, version: "1", digest: Array(SHA256.hash(data: file.bytes)))
  }

  /// The name of the model of a run that had none.
  public static let selfFit = "self-fit"
}
