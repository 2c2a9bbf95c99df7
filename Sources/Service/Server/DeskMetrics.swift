import HTTPTypes
import Metering
import Metrics
import Review

/// What the desk counts and measures, for Prometheus.
struct DeskMetrics: Sendable {
  private static let descriptions = [
    MetricDescription("assay_desk_requests_total", help: "Requests by address, method and status."),
    MetricDescription("assay_desk_request_seconds", help: "Time to answer, by address."),
    MetricDescription("assay_desk_queue_items", help: "Items of the queue by state."),
    MetricDescription("assay_desk_queue_appeals", help: "Items under appeal."),
    MetricDescription("assay_desk_queue_overdue", help: "Items past their date."),
    MetricDescription("assay_desk_sign_in_failures_total", help: "Refused sign-ins by reason."),
    MetricDescription("assay_desk_store_bytes", help: "The store's file and its log, on disk."),
  ]

  private let registry = PrometheusRegistry(descriptions)

  /// - Parameter route: as the table of addresses has it, so that no number or name gets in here;
  ///   `nil` for an address that there is not.
  func answered(
    _ route: String?, _ method: HTTPRequest.Method, _ status: HTTPResponse.Status, took: Duration
  ) {
    // As the router calls it.
    let route = route ?? "NotFound"
    let known: [HTTPRequest.Method] = [.get, .head, .post]
    let method = known.contains(method) ? method.rawValue : "other"
    Counter(
      label: "assay_desk_requests_total",
      dimensions: [("route", route), ("method", method), ("status", "\(status.code)")],
      factory: registry
    ).increment()
    Timer(
      label: "assay_desk_request_seconds", dimensions: [("route", route)], factory: registry
    ).record(duration: took)
  }

  func signInFailed(_ reason: String) {
    Counter(
      label: "assay_desk_sign_in_failures_total", dimensions: [("reason", reason)],
      factory: registry
    ).increment()
  }

  /// The whole page, with what the store has now.
  func render(_ store: ReviewStore, counts: QueueCounts) -> [UInt8] {
    for state in ItemState.allCases {
      gauge("assay_desk_queue_items", [("state", state.rawValue)]).record(counts[state])
    }
    gauge("assay_desk_queue_appeals").record(counts.appeals)
    gauge("assay_desk_queue_overdue").record(counts.overdue)
    gauge("assay_desk_store_bytes").record(store.size)
    return registry.render(process: .current())
  }

  private func gauge(_ label: String, _ dimensions: [(String, String)] = []) -> Gauge {
    Gauge(label: label, dimensions: dimensions, factory: registry)
  }
}
