import Assay
import Contributions
import Metering
import Metrics
import Synchronization

/// What the host counts and measures.
final class HostMetrics: Sendable {
  /// How a request ended, beside its items.
  enum Ending: String, CaseIterable {
    /// Judged now.
    case judged
    /// Answered from what was kept.
    case repeated
    /// Its deadline came before its turn.
    case late
    case conflict
    case overloaded
    case quota
  }

  static let descriptions = [
    MetricDescription("assay_verify_requests_total", help: "Verify requests by how they ended."),
    MetricDescription(
      "assay_verify_items_total", help: "Items of judged requests by status and outcome."),
    MetricDescription("assay_verify_records_total", help: "Records of judged requests."),
    MetricDescription("assay_verify_seconds", help: "From a request's arrival to its answer."),
    MetricDescription("assay_verify_wait_seconds", help: "Waiting for a turn, part of the above."),
    MetricDescription("assay_verify_working", help: "Requests that are being judged."),
    MetricDescription("assay_verify_waiting", help: "Requests that wait for their turn."),
    MetricDescription("assay_kept_answers", help: "Answers kept for callers who ask again."),
    MetricDescription("assay_kept_bytes", help: "Bytes that kept answers take, roughly."),
    MetricDescription("assay_refused_keys_total", help: "Requests without a valid key, by reason."),
    MetricDescription("assay_shadow_nodes_total", help: "Nodes that the candidate judged too."),
    MetricDescription(
      "assay_shadow_flips_total", help: "Nodes on which the candidate's outcome differs."),
    MetricDescription(
      "assay_shadow_dropped_total", help: "Requests not mirrored for want of room."),
    MetricDescription("assay_reloads_total", help: "Reloads by result."),
    MetricDescription("assay_ready", help: "1 while requests are welcome, 0 while draining."),
    MetricDescription(
      "assay_verifier_info", help: "1 for each profile's policy, model and rules in use."),
    MetricDescription("assay_http_requests_total", help: "HTTP requests by route and status."),
    MetricDescription("assay_http_seconds", help: "From an HTTP request's head to its answer."),
    MetricDescription("assay_intake_batches_total", help: "Batches of records by result."),
    MetricDescription("assay_intake_records_total", help: "Records of batches that were taken."),
  ]

  let factory: any MetricsFactory
  let requests: [Ending: Counter]
  let seconds: Timer
  let waitSeconds: Timer
  let shadowDropped: Counter
  private let counters = Mutex<[String: [Counter]]>([:])
  private let http = Mutex<[String: (requests: Counter, seconds: Timer)]>([:])
  private let identities = Mutex<[Gauge]>([])

  init(factory: any MetricsFactory) {
    self.factory = factory
    requests = Dictionary(
      uniqueKeysWithValues: Ending.allCases.map {
        (
          $0,
          Counter(
            label: "assay_verify_requests_total", dimensions: [("ending", $0.rawValue)],
            factory: factory)
        )
      })
    seconds = Timer(label: "assay_verify_seconds", factory: factory)
    waitSeconds = Timer(label: "assay_verify_wait_seconds", factory: factory)
    shadowDropped = Counter(label: "assay_shadow_dropped_total", factory: factory)
  }

  // MARK: Answers

  /// Counts the items of an answer. Profiles that the verifier does not have are one: their names
  /// come from outside.
  func count(_ answer: VerifyResponse, to request: VerifyRequest) {
    for (item, result) in zip(request.items, answer.results) {
      let profile = answer.profiles[item.profile] == nil ? "unknown" : item.profile
      let own = counters(of: profile)
      own[Self.slot(of: result)].increment()
      own[Self.recordSlot].increment(by: item.records.count)
    }
  }

  private static let recordSlot = 7

  private static func slot(of result: ItemResult) -> Int {
    switch (result.status, result.outcome) {
    case (.ok, .pass?): 0
    case (.ok, .flag?): 1
    case (.ok, .fail?): 2
    case (.ok, _): 3
    case (.transient, _): 4
    case (.invalidInput, _): 5
    case (.unsupported, _): 6
    }
  }

  private func counters(of profile: String) -> [Counter] {
    counters.withLock { counters in
      if let known = counters[profile] { return known }
      let items = [
        ("OK", "PASS"), ("OK", "FLAG"), ("OK", "FAIL"), ("OK", "ABSTAIN"), ("TRANSIENT", "none"),
        ("INVALID_INPUT", "none"), ("UNSUPPORTED", "none"),
      ].map { status, outcome in
        Counter(
          label: "assay_verify_items_total",
          dimensions: [("profile", profile), ("status", status), ("outcome", outcome)],
          factory: factory)
      }
      let records = Counter(
        label: "assay_verify_records_total", dimensions: [("profile", profile)], factory: factory)
      counters[profile] = items + [records]
      return items + [records]
    }
  }

  // MARK: Rare things

  func refusedKey(_ reason: String) {
    counter("assay_refused_keys_total", [("reason", reason)]).increment()
  }

  func reload(_ result: String) {
    counter("assay_reloads_total", [("result", result)]).increment()
  }

  func countHTTP(route: String, status: Int, nanoseconds: Int64) {
    let key = "\(route) \(status)"
    let own = http.withLock { http in
      if let known = http[key] { return known }
      let made = (
        requests: counter(
          "assay_http_requests_total", [("route", route), ("status", "\(status)")]),
        seconds: Timer(
          label: "assay_http_seconds", dimensions: [("route", route)], factory: factory)
      )
      http[key] = made
      return made
    }
    own.requests.increment()
    own.seconds.recordNanoseconds(nanoseconds)
  }

  func count(compared: [String: Int], differences: [ShadowDifference]) {
    for (profile, count) in compared {
      counter("assay_shadow_nodes_total", [("profile", profile)]).increment(by: count)
    }
    for difference in differences {
      counter(
        "assay_shadow_flips_total",
        [
          ("profile", difference.profile), ("from", difference.active.outcome.rawValue),
          ("to", difference.candidate.outcome.rawValue),
        ]
      ).increment()
    }
  }

  func counter(_ label: String, _ dimensions: [(String, String)]) -> Counter {
    Counter(label: label, dimensions: dimensions, factory: factory)
  }

  /// Says what judges from now on; series of what judged before end.
  func announce(_ verifiers: [(role: String, verifier: Verifier)]) {
    identities.withLock { identities in
      for gauge in identities { gauge.destroy() }
      identities = verifiers.flatMap { role, verifier in
        verifier.description.profiles.map { entry in
          let gauge = Gauge(
            label: "assay_verifier_info",
            dimensions: [
              ("role", role), ("version", verifier.description.version), ("profile", entry.name),
              ("policy", "0x" + Hex.encode(entry.identity.policy)),
              ("model", entry.identity.model.map { "0x" + Hex.encode($0) } ?? "none"),
              ("rules", "0x" + Hex.encode(entry.identity.rules)),
            ], factory: factory)
          gauge.record(1)
          return gauge
        }
      }
    }
  }

  func set(_ label: String, _ value: Int) {
    Gauge(label: label, factory: factory).record(value)
  }
}
