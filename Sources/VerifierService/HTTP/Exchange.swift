import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTPTypes

/// What is known of a request beside its head and body.
struct HTTPContext: InitializableFromSource, Sendable {
  let channel: any Channel
  let logger: Logger

  init(source: ApplicationRequestContextSource) {
    channel = source.channel
    logger = source.logger
  }

  /// The request's number in the log.
  var number: String { logger[metadataKey: "hb.request.id"].map { "\($0)" } ?? "none" }

  /// Closes the connection after the answer had time to arrive: the rest of a body that was refused
  /// is not waited for.
  func closeSoon() {
    let channel = channel
    channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
  }
}

/// One request on its way through the server.
struct Exchange: Sendable {
  let request: Request
  let context: HTTPContext
  let path: String
  /// What stands behind the question mark; empty where there is none.
  let query: String
  let caller: Caller

  /// - Throws: `Problem` 415 where the content has another type, or is compressed.
  func requireType(_ types: [String]) throws(Problem) {
    let type = request.headers[.contentType] ?? ""
    let essence = type.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
    guard types.contains(essence) else {
      throw Problem(
        .unsupportedMediaType, "unsupported_media_type",
        "The content must be \(types.joined(separator: " or ")).")
    }
    let encoding = request.headers[.contentEncoding] ?? "identity"
    guard encoding.lowercased() == "identity" else {
      throw Problem(
        .unsupportedMediaType, "unsupported_encoding", "The content must not be compressed.")
    }
  }

  /// The parameters of the query, each once, none other than `names`; percent signs are decoded.
  func parameters(_ names: [String]) throws(Problem) -> [String: String] {
    var found: [String: String] = [:]
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = String(parts[0]).removingPercentEncoding, names.contains(name) else {
        throw Problem(
          .badRequest, "unknown_parameter",
          "The query takes \(names.joined(separator: " and ")) only.")
      }
      guard parts.count == 2, let value = String(parts[1]).removingPercentEncoding,
        found.updateValue(value, forKey: name) == nil
      else {
        throw Problem(.badRequest, "bad_parameter", "\(name) needs one value.")
      }
    }
    return found
  }

  /// Whether the request says that it has a body.
  var hasBody: Bool {
    request.headers[.transferEncoding] != nil
      || (request.headers[.contentLength].flatMap { Int($0) } ?? 0) > 0
  }
}
