import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Reads bodies within limits of bytes and of time.
struct Bodies: Sendable {
  let watch: BodyWatch
  let budget: ByteBudget

  /// Reads the body and hands it on; its bytes count against the budget until `use` returns.
  ///
  /// The length must be announced: a body that breaks off looks like one that ends otherwise.
  ///
  /// - Throws: `Problem` 411, 413, 408, 400, 503, or what `use` throws.
  func withBytes<Value>(
    of exchange: Exchange, upTo limit: Int,
    _ use: ([UInt8]) async throws(Problem) -> Value
  ) async throws(Problem) -> Value {
    guard let text = exchange.request.headers[.contentLength], let length = Int(text), length >= 0
    else {
      throw Problem(
        .lengthRequired, "length_required", "The body's length must be announced in Content-Length."
      )
    }
    guard length <= limit else { throw .tooLarge(limit) }
    guard budget.take(length) else {
      throw Problem(
        .serviceUnavailable, "overloaded", "Too much is being sent at this moment. Try again.",
        retryAfter: 1)
    }
    defer { budget.giveBack(length) }
    invite(exchange)
    let bytes = try await read(exchange, length: length)
    return try await use(bytes)
  }

  /// Callers that asked whether to go on are told to.
  private func invite(_ exchange: Exchange) {
    guard exchange.request.headers[.expect]?.lowercased() == "100-continue" else { return }
    exchange.context.channel.writeAndFlush(
      HTTPResponsePart.head(HTTPResponse(status: .continue)), promise: nil)
  }

  private func read(_ exchange: Exchange, length: Int) async throws(Problem) -> [UInt8] {
    let number = watch.begin(exchange.context.channel)
    defer { watch.done(number) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length)
    do {
      for try await part in exchange.request.body {
        bytes.append(contentsOf: part.readableBytesView)
      }
    } catch is BodyWatch.TooSlow {
      throw Problem(.requestTimeout, "too_slow", "The body did not arrive in time.")
    } catch {
      throw .brokenOff
    }
    guard bytes.count == length else { throw .brokenOff }
    return bytes
  }
}
