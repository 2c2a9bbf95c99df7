import Assay
import GRPCCore
import VerifierService

/// `depin.verifier.v1.Verifier`: what HTTP gives under `/v1/describe` and `/v1/verify`, by the same
/// host, so that keys, quotas and request ids hold across both.
struct VerifierCalls: WireVerifier.StreamingServiceProtocol {
  let host: VerifierHost
  let end: EndSignal
  /// Requests of a stream that are worked on at once.
  let window: Int

  /// What a call of one request may take where its caller sets no deadline: as long to send the
  /// request as to judge it.
  private var longest: Duration { .milliseconds(2 * host.limits.maxDeadlineMs) }

  func describe(
    request: StreamingServerRequest<WireDescribeRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<WireDescribeResponse> {
    let call = Call(request.metadata, context, host: host, end: end, longest: longest)
    let answer = try await call.run {
      let caller = try call.caller(with: .describe)
      _ = try await call.single(of: request.messages)
      do throws(HostError) {
        return WireDescribeResponse(try host.describe(for: caller))
      } catch {
        throw RPCError(error)
      }
    }
    return StreamingServerResponse(single: ServerResponse(message: answer))
  }

  func verify(
    request: StreamingServerRequest<WireVerifyRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<WireVerifyResponse> {
    let call = Call(request.metadata, context, host: host, end: end, longest: longest)
    let answer = try await call.run {
      let caller = try call.caller(with: .verify)
      let message = try await call.single(of: request.messages)
      do throws(HostError) {
        return try await call.verify(message, for: caller)
      } catch {
        throw RPCError(error)
      }
    }
    return StreamingServerResponse(single: ServerResponse(message: answer))
  }

  func verifyStream(
    request: StreamingServerRequest<WireVerifyRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<WireVerifyResponse> {
    let call = Call(request.metadata, context, host: host, end: end)
    _ = try call.caller(with: .verify)
    return StreamingServerResponse { writer in
      try await call.run {
        try await OrderedAnswers(call: call, window: window)
          .write(to: writer, answering: request.messages)
      }
      return [:]
    }
  }
}

extension Call {
  /// Has the host judge a request message.
  func verify(
    _ message: WireVerifyRequest, for caller: Caller
  ) async throws(HostError) -> WireVerifyResponse {
    let request: VerifyRequest
    do throws(RequestError) {
      request = try VerifyRequest(message, limits: host.limits)
    } catch {
      throw .invalid(error)
    }
    return WireVerifyResponse(
      try await host.verify(request, for: caller, deadline: deadline))
  }
}
