import Hummingbird
import Review

extension Desk {
  /// Every address of the desk and the least role that may use it; there is no other.
  var routes: [Route] {
    AccountRoutes.routes + QueueRoutes.routes + ItemRoutes.routes + AppealRoutes.routes
      + OfficeRoutes.routes + ViewRoutes.routes + ExportRoutes.routes + MetricsRoute.routes
      + Assets.routes + Self.health
  }

  private static let health: [Route] = [
    .get("/healthz", .anyone) { _ in Answers.answer(Array("ok\n".utf8), type: "text/plain") },
    .get("/readyz", .anyone) { visit in
      let isReady = await visit.store.isHealthy()
      return Answers.answer(
        Array((isReady ? "ready\n" : "not ready\n").utf8), type: "text/plain",
        status: isReady ? .ok : .serviceUnavailable)
    },
  ]

  /// How browsers reach the desk, for links to hand out.
  func address(of request: Request) -> String {
    let host = request.head.authority ?? "\(configuration.host):\(configuration.port)"
    return (configuration.secureCookies ? "https://" : "http://") + host
  }
}
