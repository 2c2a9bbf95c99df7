import GRPCCore
import NIOCore
import NIOHPACK
import NIOHTTP2

/// Stands before gRPC on each HTTP/2 stream and refuses, with a proper status, what gRPC itself would
/// end without one.
///
/// grpc-swift-nio-transport 2.9 resets the stream of a message that is too large or malformed, which
/// a caller cannot tell from a lost connection, and grpc-swift 2.4 traps on a negative
/// `grpc-timeout`.
final class CallGuard: ChannelDuplexHandler {
  typealias InboundIn = HTTP2Frame.FramePayload
  typealias InboundOut = HTTP2Frame.FramePayload
  typealias OutboundIn = HTTP2Frame.FramePayload
  typealias OutboundOut = HTTP2Frame.FramePayload

  private let limit: Int
  private var framing: MessageFraming
  private var hasHeaders = false
  private var hasAnswered = false
  private var isRefused = false

  /// - Parameter limit: bytes that a message may have.
  init(limit: Int) {
    self.limit = limit
    framing = MessageFraming(limit: limit)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused else { return }
    switch unwrapInboundIn(data) {
    case .headers(let frame):
      if let error = fault(in: frame.headers) { return refuse(error, context: context) }
      hasHeaders = true
    case .data(let frame):
      if let error = fault(in: frame) { return refuse(error, context: context) }
    default:
      break
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isRefused else {
      promise?.fail(ChannelError.outputClosed)
      return
    }
    if case .headers = unwrapOutboundIn(data) { hasAnswered = true }
    context.write(data, promise: promise)
  }

  private func fault(in headers: HPACKHeaders) -> RPCError? {
    guard !hasHeaders else { return .invalid("A call has one block of headers.") }
    let timeouts = headers["grpc-timeout"]
    guard timeouts.count <= 1, timeouts.allSatisfy({ CallTimeout.duration(of: $0) != nil }) else {
      return .invalid("The header grpc-timeout must be 1 to 8 digits and a unit, such as 10S.")
    }
    guard headers["grpc-encoding"].allSatisfy({ $0 == "identity" }) else {
      return RPCError(
        code: .unimplemented, message: "Messages must not be compressed.",
        metadata: ["grpc-accept-encoding": "identity"])
    }
    return nil
  }

  private func fault(in frame: HTTP2Frame.FramePayload.Data) -> RPCError? {
    guard case .byteBuffer(let buffer) = frame.data else { return nil }
    do throws(MessageFraming.Fault) {
      try framing.read(buffer)
      if frame.endStream { try framing.end() }
      return nil
    } catch {
      switch error {
      case .tooLarge(let length):
        return RPCError(
          code: .resourceExhausted,
          message: "A message may have \(limit) bytes, this one says that it has \(length).",
          metadata: ["assay-code": "too_large"])
      case .badFlag: return .invalid("Messages must not be compressed.")
      case .truncated: return .invalid("The call ended within a message.")
      }
    }
  }

  /// Answers for gRPC, and tells it that the call is over.
  private func refuse(_ error: RPCError, context: ChannelHandlerContext) {
    isRefused = true
    var trailers = HPACKHeaders()
    if !hasAnswered {
      trailers.add(name: ":status", value: "200")
      trailers.add(name: "content-type", value: "application/grpc")
    }
    trailers.add(name: "grpc-status", value: String(error.code.rawValue))
    trailers.add(name: "grpc-message", value: error.message)
    for (name, value) in error.metadata { trailers.add(name: name, value: value.encoded()) }
    let answer = HTTP2Frame.FramePayload.headers(.init(headers: trailers, endStream: true))
    context.write(wrapOutboundOut(answer), promise: nil)
    // "Send no more, the answer is complete" (RFC 9113 §8.1); any other code would take its place.
    context.writeAndFlush(wrapOutboundOut(.rstStream(.noError)), promise: nil)
    context.fireErrorCaught(error)
    context.close(promise: nil)
  }
}
