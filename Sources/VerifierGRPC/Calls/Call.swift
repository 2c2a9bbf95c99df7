import Assay
import GRPCCore
import VerifierService

/// One call: who makes it and how long it may take.
struct Call: Sendable {
  let host: VerifierHost
  let end: EndSignal
  private let authorization: String?
  private let cancellation: ServerContext.RPCCancellationHandle
  /// The earlier of the caller's and, for calls of one request, the server's; `nil` for neither.
  let deadline: ContinuousClock.Instant?

  /// - Parameter longest: what a call may take whatever its caller says; `nil` for no such limit.
  init(
    _ metadata: Metadata, _ context: ServerContext, host: VerifierHost, end: EndSignal,
    longest: Duration? = nil
  ) {
    self.host = host
    self.end = end
    cancellation = context.cancellation
    // Two of them are as good as a wrong one.
    let keys = Array(metadata[stringValues: "authorization"])
    authorization = keys.count > 1 ? "" : keys.first
    let timeout = metadata[stringValues: "grpc-timeout"].first { _ in true }
      .flatMap { CallTimeout.duration(of: $0) }
    deadline = [timeout, longest].compactMap { $0 }.min().map { ContinuousClock.now + $0 }
  }

  /// Who calls.
  ///
  /// - Throws: `RPCError` UNAVAILABLE once the server ends, UNAUTHENTICATED, PERMISSION_DENIED.
  func caller(with scope: Scope) throws(RPCError) -> Caller {
    guard !end.isRaised else { throw .draining }
    do throws(HostError) {
      let caller = try currentCaller()
      try caller.require(scope)
      return caller
    } catch {
      throw RPCError(error)
    }
  }

  /// Whose key it is now; keys are revoked and run out while calls last.
  func currentCaller() throws(HostError) -> Caller {
    try host.authenticate(authorization: authorization)
  }

  /// The call's one message.
  ///
  /// - Throws: `RPCError` INVALID_ARGUMENT for none, for more, and for what is no such message.
  func single<Message: Sendable>(
    of messages: RPCAsyncSequence<Message, any Error>
  ) async throws -> Message {
    do {
      var iterator = messages.makeAsyncIterator()
      guard let message = try await iterator.next() else {
        throw RPCError.invalid("The call ended without a request.")
      }
      guard try await iterator.next() == nil else {
        throw RPCError.invalid("The call has more than one request.")
      }
      return message
    } catch let error as RPCError where error.code == .invalidArgument && error.metadata.isEmpty {
      throw RPCError.unreadable
    }
  }

  /// Works until it is done, the deadline passes or the caller gives up.
  ///
  /// - Parameter endsWithServer: whether it ends, UNAVAILABLE, as soon as the server is to end.
  func run<Value: Sendable>(
    endsWithServer: Bool = false, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await work() }
      if let deadline {
        group.addTask {
          try await Task.sleep(until: deadline, clock: .continuous)
          throw RPCError.deadlinePassed
        }
      }
      if endsWithServer {
        group.addTask {
          await end.wait()
          throw RPCError.draining
        }
      }
      group.addTask {
        try await cancellation.cancelled
        // A server that is to end cancels its calls too; they may go on to their end.
        guard !end.isRaised else { return nil }
        // gRPC cancels a call at its deadline, or because the caller has gone and reads nothing more.
        throw deadline == nil ? RPCError(code: .cancelled, message: "") : .deadlinePassed
      }
      while let value = try await group.next() {
        if let value { return value }
      }
      throw CancellationError()
    }
  }
}

extension RPCError {
  static let unreadable = RPCError.invalid("A message is not of the type that the method takes.")
}
