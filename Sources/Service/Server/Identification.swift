import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Review
import Synchronization

/// Who sends a request: by the session's cookie, or by what a front says.
///
/// With a front's token in the request only the front counts; a token that is not believed lets
/// nobody in by another way. Without passwords their sessions are over too.
struct Identification: Sendable {
  let desk: Desk

  /// - Parameter context: gets the visitor, and the session to set a cookie for where it is new.
  func identify(_ request: Request, _ context: inout DeskContext) async throws {
    do {
      try await find(request, &context)
    } catch Refusal.frontRefused(let fault) {
      context.tokenFault = fault
      throw Refusal.frontRefused(fault)
    }
  }

  private func find(_ request: Request, _ context: inout DeskContext) async throws {
    context.guest = request.cookies[GuestTokens.cookie]?.value
    let cookie = request.cookies[desk.sessionCookie]?.value
    let session = cookie.flatMap { $0.utf8.count <= 256 ? $0 : nil }
    if let front = desk.front, let token = try token(request, front) {
      try await identify(token, front, session: session, &context)
    } else if let session, desk.configuration.hasPasswords,
      let person = try await desk.store.person(session: session, now: desk.configuration.now())
    {
      context.visitor = Visitor(person: person, token: session)
    }
  }

  /// The token of the header; `nil` where the front says nothing.
  private func token(_ request: Request, _ front: IdentityFront) throws -> String? {
    let values = request.headers[values: front.header]
    guard let value = values.first else { return nil }
    guard values.count == 1 else { throw refused(.several) }
    guard front.header == .authorization else { return value }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw refused(.malformed) }
    return String(parts[1])
  }

  private func refused(_ fault: TokenFault) -> Refusal {
    desk.metrics.signInFailed("front_\(fault.rawValue)")
    return fault == .role ? .frontGivesNoRole : .frontRefused(fault)
  }

  private func identify(
    _ token: String, _ front: IdentityFront, session: String?, _ context: inout DeskContext
  ) async throws {
    let now = desk.configuration.now()
    let keys = try await front.keys.keys(logger: context.logger)
    let identity: FrontIdentity
    do throws(TokenFault) {
      identity = try FrontToken(token).claims(keys).identity(front.configuration, now: now)
    } catch {
      throw refused(error)
    }
    let person = try await desk.store.person(of: identity, now: now)
    for known in [session, front.sessions.session(of: token)].compactMap({ $0 }) {
      let owner = try await desk.store.person(session: known, fromFront: true, now: now)
      guard owner?.id == person.id else { continue }
      context.visitor = Visitor(person: person, token: known)
      return
    }
    let opened = try await desk.store.openSession(
      of: person, address: context.address, now: now)
    front.sessions.remember(opened.token, of: token)
    context.visitor = Visitor(person: person, token: opened.token)
    context.newSession = opened.token
  }
}

/// A front with what the desk remembers of it.
struct IdentityFront: Sendable {
  let configuration: FrontConfiguration
  let header: HTTPField.Name
  let keys: FrontKeys
  let sessions = FrontSessions()

  /// - Throws: ``FrontKeysError`` for a header that is none.
  init(_ configuration: FrontConfiguration) throws(FrontKeysError) {
    guard let header = HTTPField.Name(configuration.header) else {
      throw FrontKeysError(description: "\(configuration.header) is no name of a header")
    }
    self.configuration = configuration
    self.header = header
    keys = FrontKeys(path: configuration.keysFile)
  }
}

/// The sessions of clients that keep no cookies, by their token: each of their requests would open
/// another one otherwise.
final class FrontSessions: Sendable {
  private static let limit = 1_000

  private let known = Mutex<[SHA256Digest: String]>([:])

  func session(of token: String) -> String? {
    known.withLock { $0[SHA256.hash(data: Array(token.utf8))] }
  }

  func remember(_ session: String, of token: String) {
    known.withLock { known in
      // Forgotten sessions only cost a new one each.
      if known.count >= Self.limit { known.removeAll() }
      known[SHA256.hash(data: Array(token.utf8))] = session
    }
  }
}
