import Bundles
import Contributions
import Detection
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Profiles
import Review
import Testing
import Verdicts

@testable import Service

/// A desk over a small night, with somebody of every role signed in.
final class DeskFixture: Sendable {
  static let now = Date(timeIntervalSince1970: 1_763_700_000)

  let folder: String
  let store: ReviewStore
  let desk: Desk
  let sessions: [Role: Session]

  init(
    nodes: [String] = ["a", "b", "c"], change: (inout DeskConfiguration) -> Void = { _ in }
  ) async throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("assay-desk-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    let bundle = try Self.night(nodes).write(below: folder + "/out")
    store = try ReviewStore(path: folder + "/desk.db", passwordCost: .cheap)
    _ = try await store.importBundle(path: bundle, by: .console, now: Self.now)
    var sessions: [Role: Session] = [:]
    for role in Role.allCases {
      sessions[role] = try await Self.session(role, in: store)
    }
    self.sessions = sessions
    var configuration = DeskConfiguration()
    configuration.bundleFolders = [folder + "/out"]
    configuration.requestsPerMinute = 100_000
    configuration.now = { Self.now }
    change(&configuration)
    desk = try Desk(
      store: store, configuration: configuration,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  deinit {
    try? store.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static func session(_ role: Role, in store: ReviewStore) async throws -> Session {
    let name = "the \(role.rawValue)"
    let password = "a long password of \(role.rawValue)"
    let link = try await store.addPerson(name: name, role: role, by: .console, now: now).link
    _ = try await store.redeem(link: link, password: password, now: now)
    return try await store.signIn(name: name, password: password, address: "x", now: now)
  }

  /// A night of rejected nodes, each tied to the one before.
  private static func night(_ nodes: [String]) throws -> BundleWriter {
    let shared = ReasonCode("SHARED", bit: 48, .spoof, .high, unit: "nodes", text: "Shared.")
    let sorted = nodes.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var verdicts = sorted.enumerated().map { index, node in
      Verdict(
        node: node, group: "all", outcome: .reject, rawMicro: 9_000_000, pPpb: 1_000_000, qPpb: 0,
        unitsMicro: 42_000_000, evidence: Array(repeating: 7, count: 32),
        reasons: [
          Reason(
            code: "SHARED", reasonClass: "spoof", sharePpm: 300_000, feature: "twins",
            observedMicro: 2_000_000, lowMicro: 0, highMicro: 1_000_000, unit: "nodes",
            peers: [sorted[(index + 1) % sorted.count]])
        ])
    }
    let q = FalseDiscoveryRate.qValues(verdicts.map(\.pPpb), .benjaminiHochberg)
    for index in verdicts.indices { verdicts[index].qPpb = q[index] }
    var books = Books()
    books.read = 10
    books.used = 10
    books.files = [
      FileBook(name: "l", bytes: 9, sha256: Array(repeating: 1, count: 32), records: 10)
    ]
    return BundleWriter(
      BundleContents(
        profile: "wireless", epoch: 20_412, revision: 0, verdicts: verdicts, reasons: [shared],
        books: books, quarantine: [], policy: .standard,
        model: .init(name: "m", version: "1", digest: Array(repeating: 7, count: 32)),
        reports: [
          "summary.json": Array(#"{"selection":"day"}"#.utf8),
          "report.html": Array("<!DOCTYPE html><title>r</title>".utf8),
        ]), keys: [])
  }

  // MARK: Requests

  func get(_ path: String, as role: Role?) async throws -> TestResponse {
    try await send(path, .get, headers: headers(role), body: nil)
  }

  /// Sends a form with the session's own token, unless `fields` has another.
  func post(
    _ path: String, _ fields: [(String, String)], as role: Role?, headers more: HTTPFields = [:]
  ) async throws -> TestResponse {
    var fields = fields
    if !fields.contains(where: { $0.0 == "csrf" }), let session = role.flatMap({ sessions[$0] }) {
      fields.append(("csrf", ReviewStore.csrfToken(session: session.token)))
    }
    let text = fields.map { "\(URLText.encoded($0.0))=\(URLText.encoded($0.1))" }
    var headers = headers(role)
    headers[.contentType] = "application/x-www-form-urlencoded"
    for field in more { headers.append(field) }
    return try await send(
      path, .post, headers: headers, body: ByteBuffer(string: text.joined(separator: "&")))
  }

  private func headers(_ role: Role?) -> HTTPFields {
    guard let session = role.flatMap({ sessions[$0] }) else { return [:] }
    return [.cookie: "\(desk.sessionCookie)=\(session.token)"]
  }

  func send(
    _ path: String, _ method: HTTPRequest.Method, headers: HTTPFields, body: ByteBuffer?
  ) async throws -> TestResponse {
    try await desk.application().test(.router) { client in
      try await client.execute(uri: path, method: method, headers: headers, body: body)
    }
  }

  /// The items of the queue in order.
  func rows(state: ItemState? = nil) async throws -> [QueueRow] {
    try await store.queue(QueueFilter(state: state), limit: 100, now: Self.now)
  }
}

extension TestResponse {
  var text: String { String(buffer: body) }
}
