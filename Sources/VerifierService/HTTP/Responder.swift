import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Metrics
import NIOCore

/// Takes every request: finds its route, checks the key, answers, counts, logs.
struct Responder: HTTPResponder {
  typealias Context = HTTPContext

  let server: VerifierServer
  private let routes: [String: [Route]]

  init(server: VerifierServer) {
    self.server = server
    routes = Dictionary(grouping: Route.all, by: \.path)
  }

  func respond(to request: Request, context: HTTPContext) async throws -> Response {
    let start = ContinuousClock.now
    let target = request.head.path ?? ""
    let path = String(target.prefix { $0 != "?" })
    let query = String(target.dropFirst(path.count + 1))
    var caller: Caller?
    var response: Response
    do throws(Problem) {
      let route = try route(request.method, path)
      let known = try self.caller(of: request, for: route)
      caller = known
      let exchange = Exchange(
        request: request, context: context, path: path, query: query, caller: known)
      response = try await route.answer(server, exchange)
    } catch {
      response = error.response(number: context.number)
      if Self.hasBody(request) {
        // It may not have been read to the end, and is not waited for.
        response.headers[.connection] = "close"
        context.closeSoon()
      }
    }
    Answers.harden(&response, isSecure: server.certificate != nil)
    if !server.host.isReady { response.headers[.connection] = "close" }
    if request.method == .head { response = response.createHeadResponse() }
    record(request, response, path: path, caller: caller, context, since: start)
    return response
  }

  private func route(
    _ method: HTTPRequest.Method, _ path: String
  ) throws(Problem) -> Route {
    guard let routes = routes[path] else { throw .notFound }
    let wanted = method == .head ? HTTPRequest.Method.get : method
    guard let route = routes.first(where: { $0.method == wanted }) else {
      let methods = routes.flatMap { $0.method == .get ? ["GET", "HEAD"] : [$0.method.rawValue] }
      let allow = methods.sorted().joined(separator: ", ")
      throw Problem(
        .methodNotAllowed, "method_not_allowed", "This path takes \(allow).", allow: allow)
    }
    return route
  }

  private func caller(of request: Request, for route: Route) throws(Problem) -> Caller {
    if !server.host.hasKeys { try requireLocal(request) }
    if route.isOpen { return Caller(id: "anybody", scopes: []) }
    let fields = request.headers[values: .authorization]
    return try Problem.from { () throws(HostError) in
      try server.host.authenticate(authorization: fields.count == 1 ? fields[0] : nil)
    }
  }

  /// Where there are no keys a page in a browser of this machine must not be a caller: neither one
  /// from elsewhere nor one whose name was pointed at this machine.
  private func requireLocal(_ request: Request) throws(Problem) {
    let authority = request.head.authority ?? ""
    let host =
      authority.hasPrefix("[")
      ? String(authority.dropFirst().prefix { $0 != "]" })
      : String(authority.prefix { $0 != ":" })
    guard request.headers[.origin] == nil, ServerConfiguration.isLoopback(host) else {
      throw Problem(
        .forbidden, "not_local", "Without keys only programs of this machine are answered.")
    }
  }

  private static func hasBody(_ request: Request) -> Bool {
    request.headers[.transferEncoding] != nil
      || (request.headers[.contentLength].flatMap { Int($0) } ?? 0) > 0
  }

  private func record(
    _ request: Request, _ response: Response, path: String, caller: Caller?,
    _ context: HTTPContext, since start: ContinuousClock.Instant
  ) {
    let took = (ContinuousClock.now - start).nanoseconds
    let route = routes[path] == nil ? "other" : path
    server.host.metrics.countHTTP(route: route, status: response.status.code, nanoseconds: took)
    // Successful calls of machines are the rule; what the host does for them it logs itself.
    let level: Logger.Level = response.status.code < 400 ? .debug : .info
    guard context.logger.logLevel <= level else { return }
    var metadata: Logger.Metadata = [
      "method": "\(request.method.rawValue.prefix(16))", "path": "\(path.prefix(128))",
      "status": "\(response.status.code)", "ms": "\(took / 1_000_000)",
      "address": "\(context.channel.remoteAddress?.ipAddress ?? "unknown")",
    ]
    if let caller { metadata["key"] = "\(caller.id)" }
    context.logger.log(level: level, "request", metadata: metadata)
  }
}
