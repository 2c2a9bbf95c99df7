import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Review

/// What every request passes, both ways: limits, who it is, errors as pages, headers, the log.
struct Front: RouterMiddleware {
  typealias Context = DeskContext

  let desk: Desk

  func handle(
    _ request: Request, context: DeskContext,
    next: (Request, DeskContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var context = context
    context.address = address(of: request, context)
    var response: Response
    do {
      response = try await answer(to: request, context: &context, next: next)
    } catch {
      response = ErrorAnswers(desk: desk).response(to: error, request: request, context: context)
      if RequestBodies.isPresent(in: request) {
        // Its body may not have been read to the end, and is not waited for.
        response.headers[.connection] = "close"
        context.closeSoon()
      }
    }
    SecurityHeaders.apply(to: &response, isSecure: desk.configuration.secureCookies)
    keepSession(of: context, in: &response)
    let took = ContinuousClock.now - start
    desk.metrics.answered(context.endpointPath, request.method, response.status, took: took)
    log(request, response, context: context, took: took)
    return response
  }

  private func answer(
    to request: Request, context: inout DeskContext,
    next: (Request, DeskContext) async throws -> Response
  ) async throws -> Response {
    let path = request.uri.path
    if path == "/healthz" { return try await next(request, context) }
    guard desk.limiter.admits(context.address, now: desk.configuration.now()) else {
      throw Refusal.tooMany
    }
    if path.hasPrefix("/assets/") { return try await next(request, context) }
    if path != "/metrics" { try await Identification(desk: desk).identify(request, &context) }
    return try await next(request, context)
  }

  /// The cookie of a session that a front's word opened, unless the answer has one of its own.
  private func keepSession(of context: DeskContext, in response: inout Response) {
    guard let token = context.newSession, response.headers[.setCookie] == nil else { return }
    response.setCookie(desk.cookie(desk.sessionCookie, token))
  }

  private func address(of request: Request, _ context: DeskContext) -> String {
    guard desk.configuration.isBehindProxy, let name = HTTPField.Name("X-Forwarded-For"),
      let last = request.headers[values: name].last?.split(separator: ",").last
    else { return context.address }
    return String(last.trimmingCharacters(in: .whitespaces).prefix(64))
  }

  /// The path without its query: tokens and names are nobody's business in a log.
  private func log(
    _ request: Request, _ response: Response, context: DeskContext, took: Duration
  ) {
    let path = request.uri.path.hasPrefix("/welcome/") ? "/welcome/…" : request.uri.path
    let milliseconds =
      took.components.seconds * 1000 + took.components.attoseconds / 1_000_000_000_000_000
    var metadata: Logger.Metadata = [
      "method": "\(request.method)", "path": "\(path)", "status": "\(response.status.code)",
      "ms": "\(milliseconds)", "address": "\(context.address)",
    ]
    if let person = context.visitor?.person { metadata["person"] = "\(person.id)" }
    if let fault = context.tokenFault { metadata["front"] = "\(fault.rawValue)" }
    context.logger.log(
      level: response.status.code >= 500 ? .error : .info, "request", metadata: metadata)
  }
}
