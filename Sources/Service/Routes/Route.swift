import HTTPTypes
import Hummingbird
import Review

/// Who may come here.
enum Access: Sendable, Equatable {
  case anyone
  case role(Role)
}

/// An address of the desk: the whole table of them is ``Desk/routes``.
struct Route: Sendable {
  typealias Handler = @Sendable (Visit) async throws -> Response

  let method: HTTPRequest.Method
  /// As Hummingbird matches it, `/items/:id`.
  let path: String
  let least: Access
  /// Whether its form may be as large as an appeal packet.
  var takesPacket = false
  let handler: Handler

  static func get(_ path: String, _ least: Access, _ handler: @escaping Handler) -> Route {
    Route(method: .get, path: path, least: least, handler: handler)
  }

  static func post(_ path: String, _ least: Access, _ handler: @escaping Handler) -> Route {
    Route(method: .post, path: path, least: least, handler: handler)
  }
}

/// What the store refused, with what the reader had written, so that it is not lost.
struct Refused: Error {
  let error: ReviewError
  let written: String?
}

/// What a request passes before its handler: the role, where the form comes from, its size and its
/// token, in this order, so that nothing is read from those who may not come here.
struct Gate: Sendable {
  let desk: Desk
  let route: Route

  func handle(_ request: Request, _ context: DeskContext) async throws -> Response {
    try checkRole(request, context)
    var form = Form()
    if route.method == .post {
      guard FormOrigin.isOwn(request) else { throw Refusal.foreignForm }
      form = try await read(request)
      guard let token = form["csrf"], desk.isOwn(token, context) else { throw Refusal.foreignForm }
    }
    let query = try Form(urlEncoded: Array((request.uri.query ?? "").utf8))
    let visit = Visit(
      desk: desk, request: request, context: context, form: form, query: query,
      now: desk.configuration.now())
    do {
      return try await route.handler(visit)
    } catch let error as ReviewError {
      throw Refused(error: error, written: form.text("comment") ?? form.text("text"))
    }
  }

  private func checkRole(_ request: Request, _ context: DeskContext) throws(Refusal) {
    guard case .role(let least) = route.least else { return }
    guard let visitor = context.visitor else { throw .signInFirst(path: request.uri.path) }
    guard visitor.person.role >= least else { throw .notAllowed }
  }

  private func read(_ request: Request) async throws(Refusal) -> Form {
    let limit =
      route.takesPacket ? desk.configuration.packetLimit : desk.configuration.formLimit
    let factor = route.takesPacket ? 6 : 1
    let bytes = try await RequestBodies.bytes(
      of: request, upTo: limit, within: desk.configuration.bodyTimeout * factor)
    let type = request.headers[.contentType] ?? ""
    if let boundary = Multipart.boundary(of: type) {
      return try Multipart.form(bytes, boundary: boundary)
    }
    guard type.lowercased().hasPrefix("application/x-www-form-urlencoded") else {
      throw .badInput("The desk takes forms only.")
    }
    return try Form(urlEncoded: bytes)
  }
}
