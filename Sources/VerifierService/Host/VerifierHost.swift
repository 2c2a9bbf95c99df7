import Assay
import Contributions
import Foundation
import Logging
import Metering
import Synchronization

/// A verifier at work for many callers: keys, quotas, a queue with an end, request ids that can be
/// repeated, a candidate in the shadow, reload and drain.
///
/// It knows no transport: HTTP and gRPC call the same methods, with the same answers.
public final class VerifierHost: Sendable {
  let configuration: HostConfiguration
  let metrics: HostMetrics
  let logger: Logger
  let mirror: ShadowMirror
  let quotas: Quotas
  let turnstile: Turnstile
  let answers: AnswerCache
  let loaded: Mutex<Loaded>
  let readiness = Readiness()
  let sideThread = SideThread()

  /// What requests begin and end with.
  struct Loaded: Sendable {
    var contents: VerifierFiles.Contents
    /// How often files were loaded, and at which of the times the candidate changed last.
    var generation = 1
    var candidateGeneration = 1
  }

  /// Reads all files.
  ///
  /// - Parameter registry: where the host counts; what it counts of itself is described there by
  ///   ``metricDescriptions``.
  /// - Throws: `SetupError` for the first file that cannot be used.
  public init(
    _ configuration: HostConfiguration, registry: PrometheusRegistry, logger: Logger
  ) throws(SetupError) {
    let contents = try configuration.files.contents(limits: configuration.limits)
    let log: ShadowLog? = try configuration.shadowLog.map { path throws(SetupError) in
      try ShadowLog(path: path, now: configuration.now)
    }
    self.configuration = configuration
    self.logger = logger
    metrics = HostMetrics(factory: registry)
    mirror = ShadowMirror(
      waiting: configuration.shadowWaiting, records: configuration.limits.maxRecords, log: log,
      metrics: metrics, logger: logger)
    quotas = Quotas(now: configuration.now)
    turnstile = Turnstile(places: configuration.workers, seats: configuration.waiting)
    answers = AnswerCache(
      countLimit: configuration.keptAnswers, byteLimit: configuration.keptBytes,
      life: configuration.keptFor)
    loaded = Mutex(Loaded(contents: contents))
    announce(contents)
  }

  /// Help texts for the registry.
  public static var metricDescriptions: [MetricDescription] { HostMetrics.descriptions }

  /// What one request may hold.
  public var limits: VerifierLimits { configuration.limits }

  // MARK: Who asks

  /// Whose key a request has. Where there is no key file anybody may do anything; serve such a
  /// host on the loopback interface only.
  ///
  /// - Parameter authorization: the value of the field `authorization`, `Bearer ID.SECRET`; `nil`
  ///   where the request has none.
  /// - Throws: `HostError.unauthenticated`; the reason is in the log and the metrics.
  public func authenticate(authorization: String?) throws(HostError) -> Caller {
    guard let keys = loaded.withLock({ $0.contents.keys }) else { return .local }
    do throws(KeyRing.Refusal) {
      return try keys.caller(authorization: authorization, now: configuration.now())
    } catch {
      metrics.refusedKey("\(error)")
      logger.notice("key refused", metadata: ["reason": "\(error.rawValue)"])
      throw .unauthenticated
    }
  }

  /// Whether callers need a key.
  public var hasKeys: Bool { configuration.files.keys != nil }

  // MARK: What it is

  /// - Throws: `HostError.forbidden` without the scope `describe`, `.tooManyRequests`.
  public func describe(for caller: Caller) throws(HostError) -> VerifierDescription {
    try caller.require(.describe)
    try quotas.takeRequest(caller)
    return loaded.withLock { $0.contents.active.description }
  }

  /// Who would flip if the candidate took the active verifier's place.
  ///
  /// - Throws: `HostError.forbidden` without the scope `shadow`, `.tooManyRequests`.
  public func shadow(for caller: Caller) throws(HostError) -> CanonicalJSON {
    try caller.require(.shadow)
    try quotas.takeRequest(caller)
    let candidate = loaded.withLock { $0.contents.candidate }
    return mirror.report.json(of: candidate)
  }

  // MARK: Records that are kept and not judged

  /// Counts records against a key before they are taken into a log.
  ///
  /// - Returns: what was counted, for ``giveBackIntake(_:)``.
  /// - Throws: `HostError.forbidden` without the scope `intake`, `.tooManyRequests`, `.quotaSpent`.
  func admitIntake(records: Int, of caller: Caller) throws(HostError) -> Quotas.Taken {
    try caller.require(.intake)
    try quotas.takeRequest(caller)
    return try quotas.takeRecords(records, caller)
  }

  /// Takes the count back, for a batch that was not stored, or was there before.
  func giveBackIntake(_ taken: Quotas.Taken) { quotas.giveBack(taken.records, of: taken) }

  func countIntake(_ result: String, records: Int) {
    metrics.counter("assay_intake_batches_total", [("result", result)]).increment()
    if records > 0 { metrics.counter("assay_intake_records_total", []).increment(by: records) }
  }

  // MARK: Beginning and end

  /// Lets the candidate judge; returns after ``stop()``, once it has judged what waited.
  public func run() async { await mirror.run() }

  /// Ends ``run()``.
  public func stop() { mirror.stop() }

  /// Whether new callers are welcome: from the start until ``drain()``.
  public var isReady: Bool { readiness.isReady }

  /// Says that the end is near. Requests are still answered.
  public func drain() { readiness.drain() }

  /// Returns once ``drain()`` was called, or the task is cancelled.
  public func untilDrained() async { await readiness.untilDrained() }

  /// Brings the gauges up to date, before metrics are rendered.
  func refreshGauges() {
    let (working, waiting) = turnstile.load
    let kept = answers.load
    metrics.set("assay_verify_working", working)
    metrics.set("assay_verify_waiting", waiting)
    metrics.set("assay_kept_answers", kept.answers)
    metrics.set("assay_kept_bytes", kept.bytes)
    metrics.set("assay_ready", isReady ? 1 : 0)
  }

  func announce(_ contents: VerifierFiles.Contents) {
    var verifiers = [(role: "active", verifier: contents.active)]
    if let candidate = contents.candidate { verifiers.append(("candidate", candidate)) }
    metrics.announce(verifiers)
  }
}
