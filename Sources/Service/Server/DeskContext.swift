import Foundation
import Hummingbird
import Logging
import NIOCore

/// What is known of a request beside its head and body.
public struct DeskContext: RequestContext {
  public var coreContext: CoreRequestContextStorage
  let channel: any Channel
  /// Who is signed in.
  var visitor: Visitor?
  /// Why what a front said was not believed.
  var tokenFault: TokenFault?
  /// The token of a session that this request opened, for the cookie.
  var newSession: String?
  /// Whether the connection comes from this machine; behind a proxy all of them may.
  let isLocal: Bool
  /// The cookie of somebody who is not, for forms such as the one to sign in.
  var guest: String?
  /// Where the request comes from.
  var address: String

  public init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
    address = source.channel.remoteAddress?.ipAddress ?? "unknown"
    isLocal = address == "::1" || address.hasPrefix("127.") || address.hasPrefix("::ffff:127.")
  }

  /// The request's number in the log; a logger that keeps no metadata has none.
  var number: String { logger[metadataKey: "hb.request.id"].map { "\($0)" } ?? "—" }

  /// Closes the connection after the answer had time to arrive: the rest of a request that was
  /// refused is not waited for.
  func closeSoon() {
    let channel = channel
    channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
  }
}
