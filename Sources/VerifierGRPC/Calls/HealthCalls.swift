import GRPCCore
import VerifierService

/// The gRPC Health Checking Protocol: SERVING until the host drains, then NOT_SERVING.
///
/// Needs no key, as `/healthz` does not.
struct HealthCalls: Grpc_Health_V1_Health.ServiceProtocol {
  typealias Request = Grpc_Health_V1_HealthCheckRequest
  typealias Answer = Grpc_Health_V1_HealthCheckResponse

  let host: VerifierHost
  let end: EndSignal

  /// The server as a whole, and the service that this one is about.
  private static let services = ["", WireVerifier.descriptor.fullyQualifiedService]

  private var status: Answer {
    .with { $0.status = host.isReady ? .serving : .notServing }
  }

  func check(
    request: ServerRequest<Request>, context: ServerContext
  ) async throws -> ServerResponse<Answer> {
    guard Self.services.contains(request.message.service) else {
      throw RPCError(code: .notFound, message: "There is no such service here.")
    }
    return ServerResponse(message: status)
  }

  func list(
    request: ServerRequest<Grpc_Health_V1_HealthListRequest>, context: ServerContext
  ) async throws -> ServerResponse<Grpc_Health_V1_HealthListResponse> {
    ServerResponse(
      message: .with { list in
        for service in Self.services { list.statuses[service] = status }
      })
  }

  /// Ends with UNAVAILABLE when the server does, so that it does not keep it alive.
  func watch(
    request: ServerRequest<Request>, context: ServerContext
  ) async throws -> StreamingServerResponse<Answer> {
    let isKnown = Self.services.contains(request.message.service)
    let call = Call(request.metadata, context, host: host, end: end)
    return StreamingServerResponse { writer in
      let wasReady = host.isReady
      try await writer.write(isKnown ? status : .with { $0.status = .serviceUnknown })
      try await call.run {
        await host.untilDrained()
        if isKnown, wasReady { try await writer.write(status) }
        await end.wait()
      }
      throw RPCError.draining
    }
  }
}
