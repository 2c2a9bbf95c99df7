import NIOCore

/// Keeps the number of open connections below a limit: further ones wait in the kernel's queue until
/// another is closed.
///
/// Without it a caller that opens connections and never closes them takes every file descriptor.
final class ConnectionGate: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel
  typealias OutboundIn = Never

  private let limit: Int
  private var open = 0
  private var isWaiting = false

  init(limit: Int) {
    self.limit = max(limit, 1)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    open += 1
    let gate = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    unwrapInboundIn(data).closeFuture.hop(to: context.eventLoop).whenComplete { _ in
      let (handler, context) = gate.value
      handler.closed(context: context)
    }
    context.fireChannelRead(data)
  }

  func read(context: ChannelHandlerContext) {
    if open < limit {
      context.read()
    } else {
      isWaiting = true
    }
  }

  private func closed(context: ChannelHandlerContext) {
    open -= 1
    guard isWaiting, open < limit else { return }
    isWaiting = false
    context.read()
  }
}
