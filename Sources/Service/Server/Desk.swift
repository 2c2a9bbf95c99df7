import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Review

/// The review desk: pages over a ``Review/ReviewStore``.
public struct Desk: Sendable {
  let store: ReviewStore
  let configuration: DeskConfiguration
  let pages: PageLibrary
  let limiter: AddressLimiter
  let guests = GuestTokens()
  let packets = PacketMaker()
  let facets = FacetCache()
  let counts = CountCache()
  let metrics = DeskMetrics()
  let front: IdentityFront?
  /// Reads the logs of what is imported; `nil` for a desk that has none. Whoever serves the desk runs
  /// it beside the server.
  public let indexing: IndexingService?
  private let logger: Logger

  /// - Throws: `MustacheTemplate.Error` if a template of ours is broken; ``FrontKeysError`` for a
  ///   front whose header is none.
  public init(store: ReviewStore, configuration: DeskConfiguration, logger: Logger) throws {
    self.store = store
    self.logger = logger
    self.configuration = configuration
    pages = try PageLibrary()
    limiter = AddressLimiter(perMinute: configuration.requestsPerMinute)
    front = try configuration.front.map(IdentityFront.init)
    indexing = configuration.logs.map { logs in
      // One processor: the pages have the others.
      let indexing = RecordIndexing(
        logs: [logs], profiles: configuration.profiles, tasks: 1, takesOtherLogs: false)
      return IndexingService(store: store, indexing: indexing, logger: logger)
    }
  }

  /// Reads the front's keys, so that a file that cannot be read is told at the start.
  ///
  /// - Throws: ``FrontKeysError``.
  public func readFrontKeys() async throws(FrontKeysError) {
    _ = try await front?.keys.keys()
  }

  /// The server, not yet running. It ends when it is told to, after the requests that it has begun.
  ///
  /// - Parameter started: called with the port once requests are taken.
  public func application(
    started: @escaping @Sendable (Int) async -> Void = { _ in }
  ) -> some ApplicationProtocol {
    Application(
      router: router(),
      server: .http1(configuration: .init(idleTimeout: TimeAmount(configuration.idleTimeout))),
      configuration: .init(
        address: .hostname(configuration.host, port: configuration.port),
        availableConnectionsDelegate: MaximumAvailableConnections(1_024)),
      onServerRunning: { await started($0.localAddress?.port ?? 0) },
      logger: logger)
  }

  func router() -> Router<DeskContext> {
    let router = Router(context: DeskContext.self, options: .autoGenerateHeadEndpoints)
    router.middlewares.add(Front(desk: self))
    for route in routes {
      let gate = Gate(desk: self, route: route)
      router.on(RouterPath(route.path), method: route.method) { request, context in
        try await gate.handle(request, context)
      }
    }
    return router
  }

  // MARK: Cookies and tokens

  /// The name binds the cookie to this very host where browsers can check it.
  var sessionCookie: String {
    configuration.secureCookies ? "__Host-assay_session" : "assay_session"
  }

  func cookie(_ name: String, _ value: String, maxAge: Int? = nil) -> Cookie {
    Cookie(
      name: name, value: value, maxAge: maxAge, path: "/", secure: configuration.secureCookies,
      httpOnly: true, sameSite: .lax)
  }

  /// The token that forms of this visit hold; empty for a guest without a cookie.
  func csrf(of context: DeskContext) -> String {
    if let visitor = context.visitor { return ReviewStore.csrfToken(session: visitor.token) }
    return context.guest.map { guests.token(for: $0) } ?? ""
  }

  func isOwn(_ token: String, _ context: DeskContext) -> Bool {
    if let visitor = context.visitor {
      return ReviewStore.isCSRFToken(token, session: visitor.token)
    }
    guard let guest = context.guest else { return false }
    return guests.isToken(token, for: guest)
  }
}
