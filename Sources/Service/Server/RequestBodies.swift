import HTTPTypes
import Hummingbird
import NIOCore

/// Reads a request's body within a limit of bytes and of time.
enum RequestBodies {
  /// - Throws: `Refusal.tooLarge`, `.tooSlow`, `.brokenBody`.
  static func bytes(
    of request: Request, upTo limit: Int, within time: Duration
  ) async throws(Refusal) -> [UInt8] {
    if let text = request.headers[.contentLength], let length = Int(text), length > limit {
      throw .tooLarge(limit: limit)
    }
    let body = request.body
    do {
      let buffer = try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
        group.addTask { try await collect(body, upTo: limit) }
        group.addTask {
          try await Task.sleep(for: time)
          throw Refusal.tooSlow
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw Refusal.brokenBody }
        return first
      }
      return Array(buffer.readableBytesView)
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      throw .brokenBody
    }
  }

  private static func collect(_ body: RequestBody, upTo limit: Int) async throws -> ByteBuffer {
    var all = ByteBuffer()
    for try await part in body {
      guard all.readableBytes + part.readableBytes <= limit else {
        throw Refusal.tooLarge(limit: limit)
      }
      all.writeImmutableBuffer(part)
    }
    return all
  }

  /// Whether a request says that it has a body.
  static func isPresent(in request: Request) -> Bool {
    request.headers[.transferEncoding] != nil
      || (request.headers[.contentLength].flatMap { Int($0) } ?? 0) > 0
  }
}
