import Assay
import Contributions
import Foundation
import HTTPTypes
import Hummingbird
import Intake
import Metering

/// A path with a method, and what answers it.
struct Route: Sendable {
  let method: HTTPRequest.Method
  let path: String
  /// Whether it is answered without a key.
  var isOpen = false
  let answer: @Sendable (VerifierServer, Exchange) async throws(Problem) -> Response

  static let all: [Route] = [
    Route(method: .post, path: "/v1/verify") { server, exchange async throws(Problem) in
      try await server.verify(exchange)
    },
    Route(method: .get, path: "/v1/describe") { server, exchange async throws(Problem) in
      let caller = exchange.caller
      let description = try Problem.from { () throws(HostError) in
        try server.host.describe(for: caller)
      }
      return Answers.json(description.json.bytes)
    },
    Route(method: .post, path: "/v1/records") { server, exchange async throws(Problem) in
      try await server.records(exchange)
    },
    Route(method: .get, path: "/v1/shadow") { server, exchange async throws(Problem) in
      let caller = exchange.caller
      let report = try Problem.from { () throws(HostError) in
        try server.host.shadow(for: caller)
      }
      return Answers.json(report.bytes)
    },
    Route(method: .post, path: "/v1/reload") { server, exchange async throws(Problem) in
      try await server.reload(exchange)
    },
    Route(method: .get, path: "/v1/openapi.json", isOpen: true) { _, _ async throws(Problem) in
      Answers.json(OpenAPI.bytes)
    },
    Route(method: .get, path: "/healthz", isOpen: true) { _, _ async throws(Problem) in
      Answers.json(Array(#"{"status":"ok"}"#.utf8))
    },
    Route(method: .get, path: "/readyz", isOpen: true) { server, _ async throws(Problem) in
      guard server.host.isReady else {
        throw Problem(
          .serviceUnavailable, "draining", "This verifier is about to end.", retryAfter: 1)
      }
      return Answers.json(Array(#"{"status":"ready"}"#.utf8))
    },
    Route(method: .get, path: "/metrics") { server, exchange async throws(Problem) in
      try server.metricsPage(exchange)
    },
  ]
}

extension Problem {
  static func from<Value>(_ work: () throws(HostError) -> Value) throws(Problem) -> Value {
    do throws(HostError) {
      return try work()
    } catch {
      throw Problem(error)
    }
  }
}

extension VerifierServer {
  func verify(_ exchange: Exchange) async throws(Problem) -> Response {
    try exchange.requireType(["application/json"])
    let limits = host.limits
    return try await bodies.withBytes(of: exchange, upTo: limits.maxBytes) {
      bytes throws(Problem) in
      let request: VerifyRequest
      do throws(RequestError) {
        request = try VerifyRequest(json: bytes, limits: limits)
      } catch {
        throw Problem(HostError.invalid(error))
      }
      do throws(HostError) {
        return Answers.json(try await host.verify(request, for: exchange.caller).json)
      } catch {
        throw Problem(error)
      }
    }
  }

  func records(_ exchange: Exchange) async throws(Problem) -> Response {
    guard let intake else {
      throw Problem(.notFound, "no_intake", "This verifier keeps no records.")
    }
    try exchange.requireType(["application/x-ndjson", "application/ndjson"])
    let parameters = try exchange.parameters(["profile", "epoch"])
    guard let profile = parameters["profile"], let day = parameters["epoch"].flatMap({ Int64($0) })
    else {
      throw Problem(
        .badRequest, "missing_parameter",
        "The query needs profile, and epoch in days since 1970-01-01.")
    }
    guard let batchID = HTTPField.Name("Idempotency-Key").flatMap({ exchange.request.headers[$0] })
    else {
      throw Problem(
        .badRequest, "missing_idempotency_key",
        "The header Idempotency-Key must name the batch, so that it can be sent again.")
    }
    guard (1...128).contains(batchID.utf8.count),
      batchID.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
    else {
      throw Problem(
        .badRequest, "bad_batch_id", "Idempotency-Key must be 1 to 128 printable ASCII characters.")
    }
    return try await bodies.withBytes(of: exchange, upTo: intake.settings.batchBytes) {
      bytes throws(Problem) in
      let count = LineCount.records(in: bytes)
      let taken = try Problem.from { () throws(HostError) in
        try host.admitIntake(records: count, of: exchange.caller)
      }
      do throws(IntakeError) {
        // Callers do not meet each other's ids.
        let receipt = try await intake.append(
          bytes, profile: profile, epoch: Epoch(day: day),
          batchID: "\(exchange.caller.id)/\(batchID)")
        if receipt.duplicate {
          host.giveBackIntake(taken)
          host.countIntake("repeated", records: 0)
        } else {
          host.countIntake("taken", records: receipt.accepted)
        }
        return Answers.json(Self.answer(receipt, batchID: batchID).bytes)
      } catch {
        host.giveBackIntake(taken)
        host.countIntake(error.code, records: 0)
        if error.isTransient {
          exchange.context.logger.error("records not taken", metadata: ["error": "\(error)"])
        }
        throw Problem(error)
      }
    }
  }

  /// The receipt under the caller's own id.
  private static func answer(_ receipt: IntakeReceipt, batchID: String) -> CanonicalJSON {
    guard case .object(var members) = receipt.json else { return receipt.json }
    members["batch_id"] = .string(batchID)
    return .object(members)
  }

  func reload(_ exchange: Exchange) async throws(Problem) -> Response {
    try Problem.from { () throws(HostError) in try host.admitReload(of: exchange.caller) }
    do throws(SetupError) {
      return Answers.json(try await reload().json.bytes)
    } catch {
      throw Problem(HostError.reloadRefused(error.description))
    }
  }

  func metricsPage(_ exchange: Exchange) throws(Problem) -> Response {
    try Problem.from { () throws(HostError) in try exchange.caller.require(.metrics) }
    host.refreshGauges()
    var response = Answers.json(registry.render(process: ProcessFigures.current()))
    response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
    return response
  }
}
