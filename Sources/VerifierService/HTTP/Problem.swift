import Assay
import Contributions
import HTTPTypes
import Hummingbird
import Intake

/// An error answer: `application/problem+json` (RFC 9457) with a code that stays the same.
struct Problem: Error, Equatable {
  let status: HTTPResponse.Status
  let code: String
  let detail: String
  /// Seconds after which the same request may be sent again.
  var retryAfter: Int?
  /// The methods that the path takes, for 405.
  var allow: String?

  init(
    _ status: HTTPResponse.Status, _ code: String, _ detail: String, retryAfter: Int? = nil,
    allow: String? = nil
  ) {
    self.status = status
    self.code = code
    self.detail = detail
    self.retryAfter = retryAfter
    self.allow = allow
  }

  func response(number: String) -> Response {
    let json: CanonicalJSON = [
      "type": "about:blank", "title": .string(status.reasonPhrase),
      "status": .clamped(Int64(status.code)), "code": .string(code), "detail": .string(detail),
      "request": .string(number),
    ]
    var response = Answers.json(json.bytes, status: status)
    response.headers[.contentType] = "application/problem+json"
    if let retryAfter { response.headers[.retryAfter] = "\(retryAfter)" }
    if let allow { response.headers[.allow] = allow }
    if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
    return response
  }
}

extension Problem {
  static let notFound = Problem(.notFound, "not_found", "There is nothing at this path.")

  static func tooLarge(_ limit: Int) -> Problem {
    Problem(.contentTooLarge, "too_large", "At most \(limit) bytes can be sent here.")
  }

  static let brokenOff = Problem(
    .badRequest, "broken_off", "The body ended before the length that was announced.")

  init(_ error: HostError) {
    let status: HTTPResponse.Status =
      switch error {
      case .invalid(let error): error.code == .tooLarge ? .contentTooLarge : .badRequest
      case .unauthenticated: .unauthorized
      case .forbidden: .forbidden
      case .conflict, .reloadRefused: .conflict
      case .tooManyRequests, .quotaSpent: .tooManyRequests
      case .overloaded: .serviceUnavailable
      }
    self.init(status, error.code, error.message, retryAfter: error.retryAfter)
  }

  init(_ error: IntakeError) {
    let status: HTTPResponse.Status =
      switch error {
      case .conflict, .sealed, .tooManyBatches: .conflict
      case .batchTooLarge: .contentTooLarge
      default: error.isTransient ? .serviceUnavailable : .badRequest
      }
    let isOurs: Bool =
      switch error {
      case .diskFull, .cannotWrite, .cannotRead, .locked, .damaged: true
      default: false
      }
    // Paths of ours are the log's business.
    let detail =
      isOurs
      ? "The records were not taken: the log cannot be written now. Try again with the same id."
      : error.description
    self.init(status, error.code, detail, retryAfter: error.isTransient ? 1 : nil)
  }
}

/// Answers of each kind.
enum Answers {
  static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// What everybody is told about every answer: it is data, not a page, and is not kept.
  static func harden(_ response: inout Response, isSecure: Bool) {
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.cacheControl] = "no-store"
    response.headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
    if isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
  }
}
