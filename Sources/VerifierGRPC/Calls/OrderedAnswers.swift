import GRPCCore
import VerifierService

/// Answers the requests of a stream in their order, working on a few of them at once.
///
/// A request is read only once one of `window` places is free, and a place is free again only once its
/// answer was taken by the transport. So a caller that reads slowly is read slowly, down to the
/// windows of HTTP/2, and no stream holds more than `window` requests and answers.
struct OrderedAnswers: Sendable {
  typealias Messages = RPCAsyncSequence<WireVerifyRequest, any Error>

  let call: Call
  let window: Int

  /// How the requests ended.
  private enum Ending: Sendable {
    /// The caller has sent all.
    case done
    /// The rest was not read: the server ends, or an answer could not be given.
    case stopped
    case failed(RPCError)
  }

  /// - Throws: `RPCError` UNAVAILABLE if the server was to end before the caller was done; what was read by
  ///   then is answered. UNAUTHENTICATED or PERMISSION_DENIED if the key lost its right meanwhile.
  func write(
    to writer: RPCWriter<WireVerifyResponse>, answering messages: Messages
  ) async throws {
    let places = Places(window)
    let (requests, feed) = AsyncStream.makeStream(of: WireVerifyRequest.self)
    // Tasks of their own: the server's end ends the reading alone, and not what was read before.
    let reader = Task { await read(messages, into: feed, places) }
    let watch = Task {
      await call.end.wait()
      reader.cancel()
    }
    defer {
      watch.cancel()
      reader.cancel()
    }
    try await withTaskCancellationHandler {
      try await withThrowingDiscardingTaskGroup { group in
        var last: Turn?
        for await request in requests {
          let (before, mine) = (last, Turn())
          last = mine
          group.addTask {
            do {
              let answer = try await answer(to: request)
              try await before?.wait()
              try await writer.write(answer)
              mine.end()
              places.free()
            } catch {
              reader.cancel()
              throw error
            }
          }
        }
      }
    } onCancel: {
      reader.cancel()
    }
    switch await reader.value {
    case .done: break
    case .stopped: throw RPCError.draining
    case .failed(let error): throw error
    }
  }

  private func read(
    _ messages: Messages, into feed: AsyncStream<WireVerifyRequest>.Continuation, _ places: Places
  ) async -> Ending {
    defer { feed.finish() }
    do {
      for try await message in messages {
        guard await places.take() else { return .stopped }
        feed.yield(message)
      }
      return Task.isCancelled ? .stopped : .done
    } catch let error as RPCError where error.code == .invalidArgument {
      return .failed(.unreadable)
    } catch {
      return .stopped
    }
  }

  /// A key that is no longer good ends the stream; any other refusal is the answer.
  private func answer(to request: WireVerifyRequest) async throws -> WireVerifyResponse {
    do throws(HostError) {
      let caller = try call.currentCaller()
      return try await call.verify(request, for: caller)
    } catch {
      switch error {
      case .unauthenticated, .forbidden: throw RPCError(error)
      default:
        return .with {
          $0.requestID = request.requestID
          $0.error = WireError(error)
        }
      }
    }
  }
}

/// A number of places, to be waited for.
private final class Places: Sendable {
  private let tickets: AsyncStream<Void>
  private let office: AsyncStream<Void>.Continuation

  init(_ count: Int) {
    (tickets, office) = AsyncStream.makeStream(of: Void.self)
    for _ in 0..<max(count, 1) { office.yield() }
  }

  /// - Returns: `false` if the task was cancelled first.
  func take() async -> Bool {
    for await _ in tickets { return true }
    return false
  }

  func free() { office.yield() }
}

/// Ends once, and can be waited for.
private final class Turn: Sendable {
  private let signal: AsyncStream<Void>
  private let source: AsyncStream<Void>.Continuation

  init() {
    (signal, source) = AsyncStream.makeStream(of: Void.self)
  }

  func wait() async throws {
    for await _ in signal {}
    try Task.checkCancellation()
  }

  func end() { source.finish() }
}
