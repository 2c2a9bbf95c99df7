import Foundation
import Hummingbird
import Profiles
import Review

/// Appeals: they are received with a packet, and answered in words.
enum AppealRoutes {
  static let routes: [Route] = [
    .get("/appeals", .role(.viewer), list),
    Route(
      method: .post, path: "/appeals", least: .role(Permission.receiveAppeal.leastRole),
      takesPacket: true, handler: receive),
    .get("/appeals/:id", .role(.viewer), show),
    .get("/appeals/:id/packet", .role(.analyst), packet),
    .get("/appeals/:id/answer", .role(.viewer), answerFile),
    .post("/appeals/:id/answer", .role(Permission.answerAppeal.leastRole), answer),
  ]

  @Sendable static func list(_ visit: Visit) async throws -> Response {
    let isOpenOnly = visit.query["all"] == nil
    let appeals = try await visit.store.appeals(
      openOnly: isOpenOnly, limit: AppealsPage.limit)
    return try visit.page(
      AppealsPage(
        shell: visit.shell("Appeals"), appeals: appeals, isOpenOnly: isOpenOnly,
        visitor: try visit.person()))
  }

  @Sendable static func receive(_ visit: Visit) async throws -> Response {
    guard let packet = visit.form.files["packet"], !packet.isEmpty else {
      throw Refusal.badInput("The packet is missing.")
    }
    let statement = try visit.form.required("text", called: "What the owner says")
    let appeal = try await visit.store.receiveAppeal(
      packet: packet, statement: statement, by: try visit.person(),
      profile: profile(of: packet, visit), now: visit.now)
    return visit.go(to: "/appeals/\(appeal.id)", .received)
  }

  /// The profile file that a packet is of; `nil` for a built-in one, or for what is no packet, which
  /// the store refuses with what is wrong.
  private static func profile(of packet: [UInt8], _ visit: Visit) -> Profile? {
    struct Head: Decodable { let profile: String }
    let files = visit.desk.configuration.profiles
    guard !files.isEmpty, let head = try? JSONDecoder().decode(Head.self, from: Data(packet))
    else { return nil }
    return files.first { $0.name == head.profile }
  }

  @Sendable static func show(_ visit: Visit) async throws -> Response {
    let appeal = try await visit.store.appeal(try visit.number("id"))
    let item = try await visit.store.item(appeal.itemID, now: visit.now)
    return try visit.page(
      AppealPage(
        shell: visit.shell("Appeal \(appeal.id)"), appeal: appeal, verdict: item.row.verdict,
        visitor: try visit.person()))
  }

  @Sendable static func packet(_ visit: Visit) async throws -> Response {
    let id = try visit.number("id")
    return Answers.download(
      try await visit.store.appealPacket(id), type: "application/json",
      name: "appeal-\(id)-packet.json")
  }

  @Sendable static func answerFile(_ visit: Visit) async throws -> Response {
    let id = try visit.number("id")
    return Answers.download(
      try await visit.store.appealAnswer(id), type: "application/json",
      name: "appeal-\(id)-answer.json")
  }

  @Sendable static func answer(_ visit: Visit) async throws -> Response {
    let upheld: Bool
    switch visit.form["upheld"] {
    case "1": upheld = true
    case "0": upheld = false
    default: throw Refusal.badInput("Say whether the verdict stands.")
    }
    let appeal = try await visit.store.answerAppeal(
      try visit.number("id"), upheld: upheld,
      reason: try visit.form.required("text", called: "The reason"), by: try visit.person(),
      now: visit.now)
    return visit.go(to: "/appeals/\(appeal.id)", .answered)
  }
}
