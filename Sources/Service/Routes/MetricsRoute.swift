import HTTPTypes
import Hummingbird
import Metering

/// The desk's figures for Prometheus.
enum MetricsRoute {
  static let routes: [Route] = [.get("/metrics", .anyone, show)]

  @Sendable static func show(_ visit: Visit) async throws -> Response {
    guard mayRead(visit) else { throw Refusal.notFound }
    let counts = try await visit.store.counts(now: visit.now)
    return Answers.answer(
      visit.desk.metrics.render(visit.store, counts: counts), type: PrometheusText.contentType)
  }

  /// With the token; or from this machine, unless a proxy may stand in between, whose every request
  /// comes from this machine.
  private static func mayRead(_ visit: Visit) -> Bool {
    let configuration = visit.desk.configuration
    if let token = configuration.metricsToken {
      return visit.request.headers[values: .authorization].contains {
        ConstantTime.equal($0, "Bearer \(token)")
      }
    }
    let traces = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"].compactMap {
      HTTPField.Name($0)
    }
    return !configuration.isBehindProxy && visit.context.isLocal
      && traces.allSatisfy { visit.request.headers[$0] == nil }
  }
}
